using System.Reflection;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>A program of somebody else's, outside the checkout, that takes the engine from its NuGet package.</summary>
public sealed class PackageTests
{
    // Packing and building take their time on a busy machine.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task The_readmes_program_runs_on_the_package()
    {
        using var folder = new TemporaryFolder();

        // A version of its own: no cache has it, and no feed.
        string version = $"0.0.1-test.{DateTime.UtcNow.Ticks}";
        string configuration = typeof(PackageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;
        await DotnetAsync(
            folder, "pack", Path.Combine(Repository.Root, "src", "LivenessEngine"), "--no-build", "-c", configuration,
            "-o", folder["feed"], $"-p:PackageVersion={version}");
        Assert.True(File.Exists(folder[$"feed/LivenessEngine.{version}.nupkg"]));

        await WriteAsync(folder["Program.cs"], Readme.BlockWith("csharp", "new ServiceGroup("));
        await WriteAsync(folder["Embedding.csproj"], $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <NuGetAudit>false</NuGetAudit>
                <RestoreAdditionalProjectSources>{folder["feed"]}</RestoreAdditionalProjectSources>
                <RestorePackagesPath>{folder["packages"]}</RestorePackagesPath>
                {CacheElement()}
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="LivenessEngine" Version="{version}" />
              </ItemGroup>
            </Project>
            """);
        await DotnetAsync(folder, "build", folder["Embedding.csproj"], "-c", "Release", "-o", folder["out"]);

        ChildProcess run = await ChildProcess.RunAsync(folder["out/Embedding"], [], folder.Path);
        Assert.True(run.ExitCode == 0, run.Error);
        string[] lines = run.Output.Split('\n');
        Assert.Equal(["node1 is up", "node2 is up"], lines[..2].Order(StringComparer.Ordinal));
        Assert.Equal(["node2 is down", "node1 up: True, node2 up: False"], lines[2..]);
    }

    // What this machine has loaded before serves for the packages that ours depends on; ours goes elsewhere.
    private static string CacheElement()
    {
        string cache = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        return Directory.Exists(cache) ? $"<RestoreFallbackFolders>{cache}</RestoreFallbackFolders>" : "";
    }

    private static Task WriteAsync(string path, string text) => File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);

    // Nothing of it stays behind: no build server, no node that waits for the next build.
    private static async Task DotnetAsync(TemporaryFolder folder, params string[] arguments)
    {
        KeyValuePair<string, string>[] environment = [new("MSBUILDDISABLENODEREUSE", "1"), new("DOTNET_CLI_TELEMETRY_OPTOUT", "1"), new("DOTNET_NOLOGO", "1")];
        ChildProcess run = await ChildProcess.RunAsync(
            Installed.Find("dotnet", "dotnet-sdk-10.0"), [.. arguments, "-p:UseSharedCompilation=false"], folder.Path, environment, Limit);
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
    }
}
