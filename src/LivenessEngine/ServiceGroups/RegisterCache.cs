namespace LivenessEngine.ServiceGroups;

/// <summary>
/// What is registered about the services of a place: forced down, disabled. It is asked for with every question and changes
/// seldom, so it is read anew only every <see cref="Age"/>.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class RegisterCache(IHeartbeatStore store, TimeProvider time, Action<HeartbeatStoreException?> told) : IDisposable
{
    public static readonly TimeSpan Age = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _gate = new(1);
    private volatile Read? _read;

    /// <summary>What was read last, or what is read now if that was a while ago. One reads; the others do not wait for it if there is something to go by.</summary>
    public async Task<Dictionary<MemberName, ServiceRecord>> GetAsync(CancellationToken cancellationToken)
    {
        if (!IsDue(_read))
        {
            return _read!.Services;
        }

        if (!await _gate.WaitAsync(0, cancellationToken).ConfigureAwait(false))
        {
            if (_read is { } old)
            {
                return old.Services;
            }

            await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        try
        {
            if (IsDue(_read))
            {
                _read = await ReadAsync(cancellationToken).ConfigureAwait(false);
            }

            return _read!.Services;
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    // If the place is away, what is known stays in force: who was forced down is not up for that. It is not asked again at
    // once, either.
    private async Task<Read> ReadAsync(CancellationToken cancellationToken)
    {
        Dictionary<MemberName, ServiceRecord> services = _read?.Services ?? [];
        try
        {
            IReadOnlyList<(MemberName Name, Evidence Evidence)> rows = await store.ListAsync(null, cancellationToken).ConfigureAwait(false);
            services = rows.Where(row => row.Evidence.Service is not null)
                .DistinctBy(row => row.Name)
                .ToDictionary(row => row.Name, row => row.Evidence.Service!);
            told(null);
        }
        catch (HeartbeatStoreException fault)
        {
            told(fault);
        }

        return new Read(time.GetTimestamp(), services);
    }

    private bool IsDue(Read? read) => read is null || time.GetElapsedTime(read.Time) >= Age;

    private sealed record Read(long Time, Dictionary<MemberName, ServiceRecord> Services);
}
