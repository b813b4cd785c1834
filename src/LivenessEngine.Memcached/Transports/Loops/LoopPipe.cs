using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>
/// What a connection needs while something is under way. It is the loop's, and serves one connection after the other: few
/// are busy at a time.
/// </summary>
internal sealed class LoopPipe(LoopReader reader, LoopWriter writer, EventLoop loop) : IDuplexPipe
{
    private LoopConnection? _connection;
    private ConfiguredValueTaskAwaitable<bool>.ConfiguredValueTaskAwaiter _serving;
    private Action? _served;

    public LoopReader Reader => reader;

    public LoopWriter Writer => writer;

    PipeReader IDuplexPipe.Input => reader;

    PipeWriter IDuplexPipe.Output => writer;

    public LoopYield Yield => field ??= new LoopYield(loop, EndTurn);

    /// <summary>Whether nothing was received and not consumed, or written and not sent.</summary>
    public bool IsEmpty => !reader.HasBytes && !writer.HasBytes;

    /// <summary>Whether another connection may have it.</summary>
    public bool IsIdle => reader.IsIdle && !writer.HasBytes;

    public void Begin(LoopConnection connection)
    {
        _connection = connection;
        reader.Begin(connection);
        writer.Begin(connection);
    }

    /// <summary>
    /// Closes the connection when who serves it ends, unless it is parked then. No async method, because that would allocate.
    /// </summary>
    public void Follow(ValueTask<bool> serving)
    {
        _serving = serving.ConfigureAwait(false).GetAwaiter();
        _serving.UnsafeOnCompleted(_served ??= OnServed);
    }

    /// <summary>Before the loop goes on to another connection.</summary>
    public void EndTurn() => _connection!.EndTurn();

    private void OnServed()
    {
        bool isParked = false;
        try
        {
            isParked = _serving.GetResult();
        }
#pragma warning disable CA1031 // A logger that fails, say: nobody is left to tell, and the loop is the others' too.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        if (!isParked)
        {
            _connection!.CloseSoon();
        }
    }
}
