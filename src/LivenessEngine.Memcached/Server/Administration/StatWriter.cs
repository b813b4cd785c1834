using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Administration;

/// <summary>STAT &lt;name&gt; &lt;value&gt;</summary>
internal static class StatWriter
{
    public static void Stat(this ref ReplyWriter writer, string name, string value)
    {
        Begin(ref writer, name);
        writer.Write(value);
        writer.Write("\r\n"u8);
    }

    public static void Stat(this ref ReplyWriter writer, string name, long value)
    {
        Begin(ref writer, name);
        writer.Write(value);
        writer.Write("\r\n"u8);
    }

    public static void Stat(this ref ReplyWriter writer, string name, bool value) => writer.Stat(name, value ? "yes" : "no");

    private static void Begin(ref ReplyWriter writer, string name)
    {
        writer.Write("STAT "u8);
        writer.Write(name);
        writer.Write((byte)' ');
    }
}
