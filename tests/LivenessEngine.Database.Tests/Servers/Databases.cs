namespace LivenessEngine.Database.Tests.Servers;

/// <summary>The databases that the tests are run on.</summary>
public static class Databases
{
    public const string Sqlite = "sqlite";
    public const string PostgreSql = "postgresql";
    public const string MariaDb = "mariadb";

    public static TheoryData<string> All { get; } = [Sqlite, PostgreSql, MariaDb];

    public static TheoryData<string> Servers { get; } = [PostgreSql, MariaDb];
}
