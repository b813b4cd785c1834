using System.Text.Json;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop.Nova;

/// <summary>What "liveness status" says, by host.</summary>
internal static class Asking
{
    public static async Task<string> TextAsync(params string[] arguments)
    {
        ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, ["status", .. arguments]);
        Assert.True(run.ExitCode == 0, run.Error);
        return run.Output;
    }

    public static async Task<Dictionary<string, JsonElement>> JsonAsync(params string[] arguments)
    {
        using var json = JsonDocument.Parse(await TextAsync([.. arguments, "--json"]));
        return json.RootElement.EnumerateArray().ToDictionary(member => member.GetProperty("member").GetString()!, member => member.Clone());
    }

    public static async Task<string?> StateAsync(string host, params string[] arguments)
        => (await JsonAsync(arguments)).TryGetValue(host, out JsonElement member) ? member.GetProperty("state").GetString() : null;

    /// <summary>The cells of the row with a host in it.</summary>
    public static string[] Row(string table, string host, char separator)
        => table.Split('\n').Select(line => line.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).Single(cells => cells.Contains(host));
}
