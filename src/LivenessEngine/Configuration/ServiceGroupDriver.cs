namespace LivenessEngine.Configuration;

/// <summary>The values of Nova's option <c>servicegroup_driver</c>.</summary>
internal enum ServiceGroupDriver
{
    /// <summary>db: the services table.</summary>
    Database = 0,

    /// <summary>mc: memcached, or the table of this process.</summary>
    Memcached = 1,
}
