using System.Globalization;
using System.Text.Json;
using LivenessEngine.Testing;

namespace LivenessEngine.Interop;

/// <summary>A member, as "liveness status --json" told of it.</summary>
internal sealed record MemberStatus(string Group, string Member, string State, DateTime? LastSeen, double? Age)
{
    private static readonly string[] Names = ["group", "member", "state", "last_seen", "age_seconds"];

    // Of those who send their own time.
    private const string Skew = "skew_seconds";

    /// <summary>Asks, and holds every member to the shape that scripts rely on.</summary>
    public static async Task<MemberStatus[]> AskAsync(string server)
    {
        ChildProcess run = await ChildProcess.RunAsync(Repository.Daemon, ["status", "--json", "--server", server]);
        Assert.True(run.ExitCode == 0, run.Error);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(JsonValueKind.Array, json.RootElement.ValueKind);
        return [.. json.RootElement.EnumerateArray().Select(Read)];
    }

    public static async Task<string?> StateAsync(string server, string member)
        => (await AskAsync(server)).SingleOrDefault(status => status.Member == member)?.State;

    private static MemberStatus Read(JsonElement member)
    {
        Assert.Equal(Names, member.EnumerateObject().Select(property => property.Name).Where(name => name != Skew));
        string state = member.GetProperty("state").GetString()!;
        Assert.Contains(state, new[] { "up", "down", "unknown", "suspect" });
        DateTime? lastSeen = member.GetProperty("last_seen").GetString() is { } text
            ? DateTime.ParseExact(text, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal)
            : null;
        JsonElement age = member.GetProperty("age_seconds");
        return new MemberStatus(
            member.GetProperty("group").GetString()!,
            member.GetProperty("member").GetString()!,
            state,
            lastSeen,
            age.ValueKind == JsonValueKind.Null ? null : age.GetDouble());
    }
}
