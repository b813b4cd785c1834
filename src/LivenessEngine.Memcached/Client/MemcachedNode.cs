using System.Collections.Concurrent;
using System.Net.Sockets;

namespace LivenessEngine.Memcached.Client;

/// <summary>
/// One server: a bounded pool of connections to it, which are made when they are needed, and whether it lives. A server that
/// failed is dead until it has been left alone for a while or has answered again.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class MemcachedNode(ServerNode server, MemcachedOptions options, TimeProvider time) : IDisposable
{
    private readonly ConcurrentStack<PipelinedConnection> _idle = new();
    private readonly SemaphoreSlim _free = new(options.PoolSize);
    private readonly Lock _gate = new();
    private MemcachedException? _fault;
    private long _failedAt;

    // When it was first found dead, and not when it last was.
    private long _diedAt;
    private long? _backAt;
    private volatile bool _disposed;

    public ServerNode Server => server;

    /// <summary>The last fault while it is dead; null while it lives.</summary>
    public MemcachedException? Fault
    {
        get
        {
            lock (_gate)
            {
                return _fault;
            }
        }
    }

    /// <summary>Whether it may be asked: it lives, or has been left alone long enough.</summary>
    public bool IsAlive
    {
        get
        {
            lock (_gate)
            {
                return _fault is null || time.GetElapsedTime(_failedAt) >= options.DeadRetry;
            }
        }
    }

    /// <summary>Whether it has been dead, at some moment, in the last while: others may hold what would be here.</summary>
    public bool WasDead(TimeSpan within)
    {
        lock (_gate)
        {
            return _fault is not null || (_backAt is { } back && time.GetElapsedTime(back) <= within);
        }
    }

    /// <summary>Whether it died no longer ago than this.</summary>
    public bool DiedWithin(TimeSpan within)
    {
        lock (_gate)
        {
            return _fault is not null && time.GetElapsedTime(_diedAt) <= within;
        }
    }

    /// <summary>Plays an exchange on a connection of its own.</summary>
    /// <exception cref="MemcachedException">The server did not do its part; the message names it and the cause.</exception>
    public async Task PlayAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        try
        {
            await PlayOnceAsync(exchange, cancellationToken).ConfigureAwait(false);
            Lives();
        }
        catch (MemcachedException fault) when (!fault.ServerLives)
        {
            Died(fault);
            throw;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryPop(out PipelinedConnection? connection))
        {
            connection.Dispose();
        }
    }

    private async Task PlayOnceAsync(Exchange exchange, CancellationToken cancellationToken)
    {
        using var wait = new ReplyWait(options.SocketTimeout, cancellationToken);
        PipelinedConnection? connection = null;
        bool entered = false;
        try
        {
            await _free.WaitAsync(wait.Token).ConfigureAwait(false);
            entered = true;
            wait.Extend();
            connection = await TakeAsync(wait).ConfigureAwait(false);
            wait.Extend();
            bool wasUsed = connection.IsUsed;
            try
            {
                await connection.PlayAsync(exchange, wait).ConfigureAwait(false);
            }
            catch (IOException fault) when (wasUsed && fault is not ReplyException && !wait.Token.IsCancellationRequested)
            {
                // Closed while it lay idle, as a server does that was started anew. Whatever is said here may be said twice.
                connection.Dispose();
                connection = null;
                exchange.Reset();
                connection = await ConnectAsync(wait).ConfigureAwait(false);
                await connection.PlayAsync(exchange, wait).ConfigureAwait(false);
            }

            GiveBack(connection);
            connection = null;
        }
        catch (OperationCanceledException) when (wait.IsOver)
        {
            string within = $"within {options.SocketTimeout.TotalSeconds} s";
            throw entered
                ? new MemcachedException($"memcached at {server} did not {(connection is null ? "take a connection" : "answer")} {within}")
                : new MemcachedException($"memcached at {server}: none of {options.PoolSize} connections was free {within}", serverLives: true);
        }
        catch (ReplyException fault)
        {
            if (fault.IsRefusal)
            {
                Lives();
            }

            throw new MemcachedException($"memcached at {server} {fault.Message}", serverLives: fault.IsRefusal);
        }
        catch (EndOfStreamException fault)
        {
            throw new MemcachedException($"memcached at {server} {fault.Message}");
        }
        catch (SocketException fault)
        {
            throw new MemcachedException($"memcached at {server} cannot be reached: {fault.Message}");
        }
        catch (IOException fault)
        {
            throw new MemcachedException($"memcached at {server} broke the connection: {fault.InnerException?.Message ?? fault.Message}");
        }
        finally
        {
            connection?.Dispose();
            if (entered)
            {
                _free.Release();
            }
        }
    }

    private async Task<PipelinedConnection> TakeAsync(ReplyWait wait)
    {
        while (_idle.TryPop(out PipelinedConnection? connection))
        {
            if (connection.IsQuiet)
            {
                return connection;
            }

            connection.Dispose();
        }

        return await ConnectAsync(wait).ConfigureAwait(false);
    }

    private Task<PipelinedConnection> ConnectAsync(ReplyWait wait) => PipelinedConnection.ConnectAsync(server.EndPoint, wait.Token);

    private void GiveBack(PipelinedConnection connection)
    {
        _idle.Push(connection);
        if (_disposed)
        {
            Dispose();
        }
    }

    private void Lives()
    {
        lock (_gate)
        {
            if (_fault is not null)
            {
                (_fault, _backAt) = (null, time.GetTimestamp());
            }
        }
    }

    private void Died(MemcachedException fault)
    {
        lock (_gate)
        {
            _failedAt = time.GetTimestamp();
            if (_fault is null)
            {
                _diedAt = _failedAt;
            }

            _fault = fault;
        }
    }
}
