namespace LivenessEngine.Daemon.CommandLine;

/// <summary>-i: under which licences the parts of the daemon are.</summary>
internal static class License
{
    public static void Write(TextWriter writer)
    {
        writer.WriteLine("liveness speaks memcached's protocol and has no code of memcached or libevent in it, so that their licences do not apply.");
        writer.WriteLine("It is made with:");
        writer.WriteLine("  .NET and Microsoft.Extensions, Microsoft.Data.Sqlite, System.CommandLine: MIT licence, (c) .NET Foundation and contributors, Microsoft");
        writer.WriteLine("  Pipelines.Sockets.Unofficial: MIT licence, (c) Marc Gravell");
        writer.WriteLine("  MySqlConnector: MIT licence, (c) Bradley Grainger and contributors");
        writer.WriteLine("  Npgsql: PostgreSQL licence, (c) Npgsql Development Team");
        writer.WriteLine("  Spectre.Console: MIT licence, (c) Patrik Svensson and contributors");
        writer.WriteLine("  SQLite: public domain");
    }
}
