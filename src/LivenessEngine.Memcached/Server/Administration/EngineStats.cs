using System.Globalization;
using LivenessEngine.Evaluation;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// stats liveness-engine: how the engine itself does. <c>members:&lt;group&gt;:&lt;up|suspect|down&gt;</c>,
/// <c>transitions_&lt;up|suspect|down&gt;</c> since the start, and then every figure of <see cref="EngineFigures"/> by its name
/// and in its unit, times in seconds.
/// </summary>
internal sealed class EngineStats(ServerContext server) : IReplySource
{
    // Of a million members, a piece takes less than a tenth of a millisecond.
    private const int RowsInPiece = 16_384;

    private readonly MemberTally _tally = new(server.Engine);

    public bool TryWrite(ref Turn turn)
    {
        if (_tally.TryAdvance(RowsInPiece, turn.Now))
        {
            return true;
        }

        foreach ((string group, MemberState state, long count) in _tally.Counts)
        {
            turn.Writer.Stat($"members:{group}:{LivenessStats.NameOf(state)}", count);
        }

        LivenessMonitor monitor = server.Engine.Monitor;
        turn.Writer.Stat("transitions_up", monitor.WentUp);
        turn.Writer.Stat("transitions_suspect", monitor.WentSuspect);
        turn.Writer.Stat("transitions_down", monitor.WentDown);
        foreach (EngineFigure figure in server.Engine.Figures.All)
        {
            turn.Writer.Stat(figure.Name, figure.Read().ToString("0.######", CultureInfo.InvariantCulture));
        }

        turn.Writer.Write(Replies.End);
        return false;
    }
}
