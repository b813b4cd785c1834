using System.Net.Security;

namespace LivenessEngine.Memcached.Transports.Tls;

/// <summary>What the server's handshakes are done with, now, and how they went.</summary>
/// <remarks>Thread-safe. What they are done with is replaced as a whole; a connection keeps what it began with.</remarks>
internal sealed class TlsHandshakes
{
    private readonly TimeProvider _time;
    private State _state;
    private long _sessions;
    private long _errors;

    /// <summary>Reads the files.</summary>
    /// <exception cref="FormatException">A file cannot be read, or does not fit; the message names it.</exception>
    public TlsHandshakes(MemcachedTlsOptions options, TimeProvider time)
    {
        Options = options;
        _time = time;
        _state = Load();
    }

    public MemcachedTlsOptions Options { get; }

    public long Sessions => Volatile.Read(ref _sessions);

    public long Errors => Volatile.Read(ref _errors);

    /// <summary>How long the certificates have been the present ones.</summary>
    public TimeSpan Age => _time.GetElapsedTime(Volatile.Read(ref _state).Loaded);

    /// <summary>For a client of a listener of that kind.</summary>
    public SslServerAuthenticationOptions For(MemcachedTls kind)
    {
        State state = Volatile.Read(ref _state);
        return kind == MemcachedTls.Mutual ? state.Mutual : state.Usual;
    }

    /// <summary>Reads the files again, for the connections that come from then on. Where they are wrong, nothing changes.</summary>
    /// <returns>What makes them count: until that is called nothing has changed.</returns>
    /// <exception cref="FormatException">They are; the message names which.</exception>
    public Action Prepare()
    {
        State read = Load();
        return () => Volatile.Write(ref _state, read);
    }

    public void Count(bool isGood) => Interlocked.Increment(ref isGood ? ref _sessions : ref _errors);

    private State Load() => new(
        TlsFiles.Load(Options, Options.Verification), TlsFiles.Load(Options, MemcachedTlsVerification.Require), _time.GetTimestamp());

    private sealed record State(SslServerAuthenticationOptions Usual, SslServerAuthenticationOptions Mutual, long Loaded);
}
