using System.Globalization;
using LivenessEngine.Memcached.Client;

namespace LivenessEngine.Daemon.Asking;

/// <summary>Says of an engine that began without a state that it does not know everybody yet.</summary>
internal static class LearningNote
{
    /// <summary>For stderr, so that what programs read stays as it is.</summary>
    public static async Task WriteAsync(MemcachedConnection connection, CancellationToken cancellationToken)
    {
        var figures = new Dictionary<string, double>();
        try
        {
            await foreach ((string name, string value) in connection.StatsAsync("liveness-engine", cancellationToken).ConfigureAwait(false))
            {
                if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double figure))
                {
                    figures[name] = figure;
                }
            }
        }
        catch (MemcachedException)
        {
            // A daemon of an earlier release: it has no figures, and its answer stands for itself.
            return;
        }

        if (figures.GetValueOrDefault("learning_seconds") is > 0 and var left)
        {
            string since = figures.TryGetValue("uptime", out double up) ? $" {Seconds(up)} s ago" : "";
            await Console.Error.WriteLineAsync(
                $"started{since} with no saved state; who has not reported yet is unknown for another {Seconds(left)} s").ConfigureAwait(false);
        }
    }

    private static string Seconds(double seconds) => Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture);
}
