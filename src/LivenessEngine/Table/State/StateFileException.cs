namespace LivenessEngine.Table.State;

/// <summary>A state file cannot be used; the message names it and says why and what may be done.</summary>
internal sealed class StateFileException : IOException
{
    public StateFileException(string message)
        : base(message)
    {
    }

    public StateFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
