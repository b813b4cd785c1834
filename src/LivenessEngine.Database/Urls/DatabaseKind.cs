namespace LivenessEngine.Database.Urls;

/// <summary>The databases that Nova knows.</summary>
internal enum DatabaseKind
{
    Sqlite,
    PostgreSql,

    /// <summary>MariaDB too.</summary>
    MySql,
}
