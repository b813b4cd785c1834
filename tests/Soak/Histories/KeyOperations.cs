using System.Globalization;
using System.Text;
using LivenessEngine.Table;

namespace LivenessEngine.Soak.Histories;

/// <summary>One thread's operations on one key: makes them on the table and writes down what came of them.</summary>
internal sealed class KeyOperations(Random random)
{
    private ulong _lastSeenCas;

    /// <summary>Some operation, decided on before the history begins; a cas expects what the thread has seen last.</summary>
    public Operation Next() => new((OperationKind)random.Next((int)OperationKind.Delete + 1), random.Next(1, 10).ToString(CultureInfo.InvariantCulture), _lastSeenCas);

    public void Make(Operation operation, SoakTable table, byte[] key, ref long moments)
    {
        byte[] argument = Encoding.ASCII.GetBytes(operation.Argument);
        operation.Invoked = Interlocked.Increment(ref moments);
        Make(operation, table, key, argument);
        operation.Answered = Interlocked.Increment(ref moments);
        _lastSeenCas = operation.Cas != 0 ? operation.Cas : _lastSeenCas;
    }

    private static void Make(Operation operation, SoakTable table, byte[] key, byte[] argument)
    {
        ulong cas = 0;
        string? value = null;
        switch (operation.Kind)
        {
            case OperationKind.Get:
                value = table.Get(key, out cas);
                operation.Outcome = value != null ? Outcome.Done : Outcome.NotFound;
                break;
            case OperationKind.Delete:
                value = table.Delete(key, out cas);
                operation.Outcome = value != null ? Outcome.Done : Outcome.NotFound;
                break;
            case OperationKind.Touch:
                operation.Outcome = table.Touch(key, SoakTable.Now.UnixMilliseconds + 1_000_000, out value, out cas) switch
                {
                    LookupResult.Found => Outcome.Done,
                    LookupResult.Missing => Outcome.NotFound,
                    LookupResult.OutOfMemory => Outcome.Refused,
                    LookupResult unexpected => throw new InvalidOperationException($"touch: {unexpected}"),
                };
                break;
            case OperationKind.Incr:
                operation.Outcome = table.Incr(key, argument[0] - (ulong)'0', out ulong sum, out cas) switch
                {
                    ArithmeticResult.Done => Outcome.Done,
                    ArithmeticResult.NotFound => Outcome.NotFound,
                    ArithmeticResult.OutOfMemory => Outcome.Refused,
                    ArithmeticResult unexpected => throw new InvalidOperationException($"incr: {unexpected}"),
                };
                value = operation.Outcome == Outcome.Done ? sum.ToString(CultureInfo.InvariantCulture) : null;
                break;
            default:
                operation.Outcome = table.Store(ModeOf(operation.Kind), key, argument, out cas, cas: operation.Kind == OperationKind.Cas ? operation.Expected : 0) switch
                {
                    StoreResult.Stored => Outcome.Done,
                    StoreResult.NotStored => Outcome.NotStored,
                    StoreResult.Exists => Outcome.Exists,
                    StoreResult.NotFound => Outcome.NotFound,
                    StoreResult.OutOfMemory => Outcome.Refused,
                    StoreResult unexpected => throw new InvalidOperationException($"{operation.Kind}: {unexpected}"),
                };
                break;
        }

        operation.Value = value;
        operation.Cas = operation.Outcome == Outcome.Done ? cas : 0;
    }

    private static StoreMode ModeOf(OperationKind kind) => kind switch
    {
        OperationKind.Set => StoreMode.Set,
        OperationKind.Add => StoreMode.Add,
        OperationKind.Replace => StoreMode.Replace,
        OperationKind.Append => StoreMode.Append,
        _ => StoreMode.Cas,
    };
}
