namespace LivenessEngine.Database.Tests.Servers;

/// <summary>One server of each kind for all tests, started by the first that needs it and ended after the last.</summary>
public sealed class SharedServers : IAsyncDisposable
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static readonly Dictionary<string, DatabaseServer> Servers = [];

    internal static async Task<DatabaseServer> OfAsync(string kind)
    {
        await Gate.WaitAsync();
        try
        {
            if (!Servers.TryGetValue(kind, out DatabaseServer? server))
            {
                server = kind == Databases.PostgreSql ? new PostgreSqlServer() : new MariaDbServer();
                await server.BeginAsync();
                Servers.Add(kind, server);
            }

            return server;
        }
        finally
        {
            Gate.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (DatabaseServer server in Servers.Values)
        {
            await server.DisposeAsync();
        }
    }
}
