using System.Globalization;
using System.Text.Json;

namespace LivenessEngine.Daemon.Asking;

/// <summary>
/// Who is up and who is down, for programs: an array of objects <c>group, member, state, last_seen, age_seconds</c>, and
/// <c>registered</c> (an object, or null) where the services table is known; and <c>skew_seconds</c> (a number, or null) where
/// heartbeats carry a time.
/// </summary>
internal static class StatusJson
{
    /// <summary>ISO 8601, Coordinated Universal Time, milliseconds.</summary>
    public const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void Write(IReadOnlyList<MemberStatus> members)
    {
        using Stream output = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        bool registered = members.Any(member => member.Service is not null);
        bool skewed = members.Any(member => member.Skew is not null);
        writer.WriteStartArray();
        foreach (MemberStatus member in members)
        {
            writer.WriteStartObject();
            writer.WriteString("group", member.Group);
            writer.WriteString("member", member.Member);
            writer.WriteString("state", member.State.ToString().ToLowerInvariant());
            writer.WriteString("last_seen", Text(member.LastSeen));
            WriteSeconds(writer, "age_seconds", member.Age);
            if (skewed)
            {
                WriteSeconds(writer, "skew_seconds", member.Skew);
            }

            if (registered)
            {
                WriteService(writer, member.Service);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteSeconds(Utf8JsonWriter writer, string name, TimeSpan? time)
    {
        if (time is { } known)
        {
            writer.WriteNumber(name, Math.Round(known.TotalSeconds, 3));
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private static void WriteService(Utf8JsonWriter writer, ServiceRecord? service)
    {
        if (service is null)
        {
            writer.WriteNull("registered");
            return;
        }

        writer.WriteStartObject("registered");
        writer.WriteNumber("id", service.Id);
        writer.WriteString("binary", service.Binary);
        writer.WriteBoolean("disabled", service.IsDisabled);
        writer.WriteBoolean("forced_down", service.IsForcedDown);
        writer.WriteString("updated_at", Text(service.UpdatedAt));
        writer.WriteEndObject();
    }

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
