using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Administration;
using LivenessEngine.Memcached.Server.Authentication;

namespace LivenessEngine.Memcached.Server;

/// <summary>Everything that is no get, store or count: rare, and so free to be simple.</summary>
internal sealed class AdministrativeCommands(ServerContext server)
{
    private const int SmallestLimit = 8;
    private const ulong LargestLimit = 1_000_000_000;

    private readonly StatsCommand _stats = new(server);
    private readonly LruCrawlerCommand _crawler = new(server);
    private readonly SlabsCommand _slabs = new(server);

    /// <summary>Executes a command and writes its reply, or returns the source of a long one.</summary>
    public IReplySource? Execute(scoped in Request request, ref Turn turn, out bool close)
    {
        close = false;
        var words = new Tokens(request.Arguments);
        switch (request.Command)
        {
            case Command.Stats:
                return _stats.Execute(words, ref turn);
            case Command.LruCrawler:
                return _crawler.Execute(words, request.NoReply, ref turn);
            case Command.Lru:
                LruCommand.Execute(words, request.NoReply, ref turn);
                return null;
            case Command.Slabs:
                _slabs.Execute(words, request.NoReply, ref turn);
                return null;
            case Command.Version:
                turn.Writer.WriteLine("VERSION " + ServerContext.ProtocolVersion);
                return null;
            case Command.Shutdown:
                Shutdown(words, ref turn, out close);
                return null;
            case Command.FlushAll:
                FlushAll(words, request.NoReply, ref turn);
                return null;
            case Command.Verbosity:
                Verbosity(words, request.NoReply, ref turn);
                return null;
            case Command.Liveness:
                Release(words, request.NoReply, ref turn);
                return null;
            case Command.RefreshCerts:
                RefreshCertificates(request.NoReply, ref turn);
                return null;
            case Command.CacheMemlimit:
                CacheMemlimit(words, request.NoReply, ref turn);
                return null;
            default:
                turn.Reply(request.NoReply, Replies.Error);
                return null;
        }
    }

    // flush_all [<delay>] [noreply]
    private void FlushAll(Tokens words, bool noReply, ref Turn turn)
    {
        turn.Counters.Add(WireCounter.FlushCommands);
        if (!server.Options.AllowFlush)
        {
            turn.Reply(noReply, Replies.FlushNotAllowed);
            return;
        }

        long delay = 0;
        if (words.Count() > (noReply ? 1 : 0) && !WireNumber.TryParse(words.Next(), out delay))
        {
            turn.Reply(noReply, Replies.InvalidExptime);
            return;
        }

        server.Flush(delay, turn.Now);
        turn.Reply(noReply, Replies.Ok);
    }

    // verbosity <level> [noreply]
    private void Verbosity(Tokens words, bool noReply, ref Turn turn)
    {
        if (!WireNumber.TryParse(words.Next(), out ulong level) || level > uint.MaxValue)
        {
            turn.Reply(noReply, Replies.BadFormat);
            return;
        }

        server.SetVerbosity(level);
        turn.Reply(noReply, Replies.Ok);
    }

    // cache_memlimit <megabytes> [noreply]
    private void CacheMemlimit(Tokens words, bool noReply, ref Turn turn)
    {
        if (!WireNumber.TryParse(words.Next(), out ulong megabytes) || megabytes > uint.MaxValue)
        {
            turn.Reply(noReply, Replies.Error);
            return;
        }

        turn.Reply(
            noReply,
            megabytes < SmallestLimit ? Replies.MemlimitTooSmall
            : megabytes > LargestLimit ? Replies.MemlimitNotMegabytes
            : server.Table.TrySetMemoryLimit((long)megabytes << 20) ? Replies.Ok
            : Replies.MemlimitFailed);
    }

    // shutdown [graceful]
    private void Shutdown(Tokens words, ref Turn turn, out bool close)
    {
        ReadOnlySpan<byte> mode = words.Next();
        close = server.Options.AllowShutdown && (mode.IsEmpty || mode.SequenceEqual("graceful"u8));
        if (close)
        {
            server.RequestShutdown(graceful: !mode.IsEmpty);
            return;
        }

        turn.Writer.Write(server.Options.AllowShutdown ? Replies.InvalidShutdown : Replies.ShutdownNotEnabled);
    }

    // refresh_certs [noreply]: and the authentication file, which memcached reads again by a signal only.
    private void RefreshCertificates(bool noReply, ref Turn turn)
    {
        if (server.Tls is null && server.Authentication is null)
        {
            turn.Reply(noReply, Replies.TlsNotEnabled);
            return;
        }

        try
        {
            // Both or none.
            Action? credentials = server.Authentication?.Prepare();
            Action? certificates = server.Tls?.Prepare();
            credentials?.Invoke();
            certificates?.Invoke();
            turn.Reply(noReply, Replies.Ok);
        }
        catch (Exception fault) when (fault is IOException or FormatException)
        {
            AuthenticationLog.NotReloaded(server.Logger, fault.Message);
            if (!noReply)
            {
                turn.Writer.WriteLine(fault.Message);
            }
        }
    }

    // liveness release <group>
    private void Release(Tokens words, bool noReply, ref Turn turn)
    {
        bool release = words.Next().SequenceEqual("release"u8);
        ReadOnlySpan<byte> group = words.Next();
        turn.Reply(
            noReply,
            !release || group.IsEmpty ? Replies.Error
            : server.Engine.Monitor.Release(server.Engine.Groups.Find(group)) ? Replies.Ok
            : Replies.NotFound);
    }
}
