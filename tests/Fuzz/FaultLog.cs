using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace LivenessEngine.Fuzz;

/// <summary>Keeps what the server says of connections that failed.</summary>
internal sealed class FaultLog : ILogger
{
    private readonly ConcurrentQueue<string> _faults = new();

    public string Faults => string.Join('\n', _faults);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // "Ended" is for networks that break, and there is none here.
        string text = formatter(state, exception);
        if (logLevel >= LogLevel.Error || text.Contains(" ended: ", StringComparison.Ordinal))
        {
            _faults.Enqueue($"{text} {exception}");
        }
    }
}
