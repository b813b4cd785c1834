using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Tests.ServiceGroups;

/// <summary>A store in memory, which fails, hangs and forgets when a test wants it to.</summary>
internal sealed class FakeStore(string name, TimeProvider time) : IHeartbeatStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MemberName, DateTimeOffset> _beats = [];
    private readonly List<string> _calls = [];
    private volatile TaskCompletionSource? _held;

    public string Name => name;

    /// <summary>Whether every call fails.</summary>
    public bool IsAway { get; set; }

    public bool IsDisposed { get; private set; }

    /// <summary>What is registered.</summary>
    public Dictionary<MemberName, ServiceRecord> Services { get; } = [];

    /// <summary>How long ago those were registered who never beat; null where that is not kept.</summary>
    public TimeSpan? AgeOfTheSilent { get; set; }

    /// <summary>Those whose heartbeats are refused until they join.</summary>
    public HashSet<MemberName> Deleted { get; } = [];

    /// <summary>What was called, with how many names.</summary>
    public string[] Calls
    {
        get
        {
            lock (_gate)
            {
                return [.. _calls];
            }
        }
    }

    public MemberName[] Members
    {
        get
        {
            lock (_gate)
            {
                return [.. _beats.Keys];
            }
        }
    }

    /// <summary>Loses everything, as memcached does that is started anew.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _beats.Clear();
            _calls.Clear();
        }
    }

    /// <summary>Has calls wait until <see cref="Release"/>.</summary>
    public void Hold() => _held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        TaskCompletionSource held = _held!;
        _held = null;
        held.SetResult();
    }

    public async Task JoinAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        await CalledAsync("join", names.Count, cancellationToken);
        Deleted.ExceptWith(names);
        Write(names);
    }

    public async Task<IReadOnlyCollection<MemberName>> BeatAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        await CalledAsync("beat", names.Count, cancellationToken);
        Write([.. names.Where(name => !Deleted.Contains(name))]);
        return [.. names.Where(Deleted.Contains)];
    }

    public async Task<IReadOnlyList<Evidence>> ReadAsync(IReadOnlyList<MemberName> names, CancellationToken cancellationToken)
    {
        await CalledAsync("read", names.Count, cancellationToken);
        return [.. names.Select(EvidenceOf)];
    }

    public async Task<IReadOnlyList<(MemberName Name, Evidence Evidence)>> ListAsync(string? group, CancellationToken cancellationToken)
    {
        await CalledAsync("list", 0, cancellationToken);
        return [.. Members.Union(Services.Keys).Where(member => group is null || member.Group == group).Select(member => (member, EvidenceOf(member)))];
    }

    public async Task<bool> RemoveAsync(MemberName name, CancellationToken cancellationToken)
    {
        await CalledAsync("remove", 1, cancellationToken);
        lock (_gate)
        {
            return _beats.Remove(name);
        }
    }

    public ValueTask DisposeAsync()
    {
        IsDisposed = true;
        return default;
    }

    private async Task CalledAsync(string call, int names, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _calls.Add($"{call} {names}");
        }

        if (_held is { } held)
        {
            await held.Task.WaitAsync(cancellationToken);
        }

        if (IsAway)
        {
            throw new HeartbeatStoreException($"{name} is away");
        }
    }

    private void Write(IReadOnlyList<MemberName> names)
    {
        lock (_gate)
        {
            foreach (MemberName member in names)
            {
                _beats[member] = time.GetUtcNow();
            }
        }
    }

    private Evidence EvidenceOf(MemberName member)
    {
        lock (_gate)
        {
            ServiceRecord? service = Services.GetValueOrDefault(member);
            return _beats.TryGetValue(member, out DateTimeOffset beat) ? new Evidence(time.GetUtcNow() - beat, beat, service) : new Evidence(AgeOfTheSilent, null, service);
        }
    }
}
