using System.Globalization;

namespace LivenessEngine.Soak.Histories;

/// <summary>What one key holds, and what each operation does to it when nobody else is there: the slow, obvious table.</summary>
/// <param name="Value">Null where there is no item.</param>
/// <param name="Cas">The item's version.</param>
internal readonly record struct ItemModel(string? Value, ulong Cas)
{
    public static ItemModel Absent => default;

    /// <summary>Whether the operation, made now, would have been answered as it was; and what is there after it.</summary>
    public bool Explains(Operation operation, out ItemModel after)
    {
        after = this;
        if (operation.Outcome == Outcome.Refused)
        {
            return true;
        }

        if (operation.Outcome != OutcomeOf(operation))
        {
            return false;
        }

        return operation.Outcome != Outcome.Done || ShowsTheSame(operation, out after);
    }

    private Outcome OutcomeOf(Operation operation) => operation.Kind switch
    {
        OperationKind.Set => Outcome.Done,
        OperationKind.Add => Value == null ? Outcome.Done : Outcome.NotStored,
        OperationKind.Replace or OperationKind.Append => Value == null ? Outcome.NotStored : Outcome.Done,
        OperationKind.Cas when Value != null => Cas == operation.Expected ? Outcome.Done : Outcome.Exists,
        _ => Value == null ? Outcome.NotFound : Outcome.Done,
    };

    private bool ShowsTheSame(Operation operation, out ItemModel after)
    {
        switch (operation.Kind)
        {
            case OperationKind.Set or OperationKind.Add or OperationKind.Replace or OperationKind.Cas:
                after = new ItemModel(operation.Argument, operation.Cas);
                return true;
            case OperationKind.Append:
                after = new ItemModel(Value + operation.Argument, operation.Cas);
                return true;
            case OperationKind.Incr:
                after = new ItemModel(Sum(Value!, operation.Argument), operation.Cas);
                return operation.Value == after.Value;
            default:
                after = operation.Kind == OperationKind.Delete ? Absent : this;
                return operation.Value == Value && operation.Cas == Cas;
        }
    }

    private static string Sum(string value, string delta)
        => (ulong.Parse(value, CultureInfo.InvariantCulture) + ulong.Parse(delta, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture);
}
