using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using LivenessEngine.Fuzz.Targets;
using LivenessEngine.Testing;
using SharpFuzz;

namespace LivenessEngine.Fuzz.Coverage;

/// <summary>
/// The product's assemblies with SharpFuzz's counters at every branch, and this one beside them so that its targets run that
/// code: in a load context of their own, made when first asked for. What other tests use has no counters.
/// </summary>
internal sealed class InstrumentedCode : AssemblyLoadContext
{
    private static readonly string[] Instrumented = ["LivenessEngine", "LivenessEngine.Memcached"];
    private static readonly Lazy<InstrumentedCode> Shared = new(() => new InstrumentedCode());

    private InstrumentedCode()
    {
        using var folder = new TemporaryFolder();

        // A first count must have somewhere to go.
        RuntimeHelpers.RunClassConstructor(typeof(EdgeMap).TypeHandle);
        EdgeMap.Clear();
        foreach (string name in Instrumented.Append(OwnName))
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, name + ".dll"), folder[name + ".dll"]);
        }

        foreach (string name in Instrumented)
        {
            int types = Fuzzer.Instrument(folder[name + ".dll"], IsOfInterest, Options.Value).Count();
            Assert.True(types > 0, $"nothing of {name} was instrumented");
            LoadFromAssemblyPath(folder[name + ".dll"]);
        }

        LoadFromAssemblyPath(folder[OwnName + ".dll"]);
    }

    private static string OwnName => typeof(InstrumentedCode).Assembly.GetName().Name!;

    /// <summary>Makes it, which takes some seconds.</summary>
    public static void Prepare() => _ = Shared.Value;

    /// <summary>Opens a target that runs the instrumented code.</summary>
    public static (Func<byte[], int> Take, Action End) Open(string target, int seed)
    {
        Type door = Shared.Value.Assemblies.Single(assembly => assembly.GetName().Name == OwnName).GetType(typeof(TargetDoor).FullName!, throwOnError: true)!;
        MethodInfo open = door.GetMethod(nameof(TargetDoor.Open))!;
        return ((Func<byte[], int>, Action))open.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [target, seed], null)!;
    }

    protected override Assembly? Load(AssemblyName assemblyName)
        => Assemblies.FirstOrDefault(assembly => assembly.GetName().Name == assemblyName.Name);

    // Not what is on other threads, whose branches say nothing of the input: clocks, sweeps, transports.
    private static bool IsOfInterest(string type)
        => !type.Contains(".Transports.", StringComparison.Ordinal) && !type.Contains(".Evaluation.", StringComparison.Ordinal)
            && !type.Contains(".Client.", StringComparison.Ordinal) && !type.Contains(".Hosting.", StringComparison.Ordinal);
}
