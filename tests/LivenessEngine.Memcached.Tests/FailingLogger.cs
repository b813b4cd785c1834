using Microsoft.Extensions.Logging;

namespace LivenessEngine.Memcached.Tests;

/// <summary>Fails with every line that has one of the words.</summary>
internal sealed class FailingLogger(params string[] words) : ILogger
{
    private int _failures;

    public int Failures => Volatile.Read(ref _failures);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        string line = formatter(state, exception);
        if (words.Any(word => line.Contains(word, StringComparison.Ordinal)))
        {
            Interlocked.Increment(ref _failures);
            throw new InvalidOperationException("no room for a log");
        }
    }
}
