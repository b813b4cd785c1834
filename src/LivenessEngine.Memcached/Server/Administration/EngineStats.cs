using System.Globalization;
using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>
/// stats liveness-engine: how the engine itself does. Every figure of <see cref="EngineFigures"/> by its name; times are in
/// seconds.
/// </summary>
internal static class EngineStats
{
    public static void Write(ServerContext server, ref Turn turn)
    {
        foreach (EngineFigure figure in server.Engine.Figures.All)
        {
            turn.Writer.Stat(figure.Name, figure.Read().ToString("0.######", CultureInfo.InvariantCulture));
        }

        turn.Writer.Write(Replies.End);
    }
}
