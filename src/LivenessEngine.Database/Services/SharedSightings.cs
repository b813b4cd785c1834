using System.Text;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Database.Services;

/// <summary>
/// What other engines have seen and written into the table, taken in here: a member is as alive as the newest evidence of
/// anybody says.
/// </summary>
/// <remarks>
/// <para>It is told apart from what was seen here, and is never written back: two engines would keep a dead member alive by
/// telling each other.</para>
/// <para>Nova's column on MySQL counts whole seconds: somebody was seen at some time within, and it is taken for the end.</para>
/// <para>While the table cannot be read, the silence of those who report elsewhere says nothing, and does not count against
/// them; for as long as the liveness clock too may stand still, and no longer, so that a true death is found.</para>
/// </remarks>
internal sealed class SharedSightings
{
    // In times of silence that are too long: as the liveness clock.
    private const int MostCredit = 2;

    private readonly Engine _engine;
    private readonly long _patience;
    private readonly long _learnedAt;
    private readonly Lock _gate = new();

    // By row: what its last_seen_up was when it was read. The same time again is no news.
    private Dictionary<long, DateTimeOffset> _read = [];

    private readonly Dictionary<MemberName, Sighting> _taken = [];
    private long _lastRead;
    private long _credited;
    private long _creditedTo;
    private long _uncounted;

    /// <param name="engine">Who takes it in.</param>
    /// <param name="patience">How old the last reading may be.</param>
    public SharedSightings(Engine engine, TimeSpan patience)
    {
        _engine = engine;
        _patience = patience.Ticks;
        _learnedAt = engine.Restored.HasState ? long.MinValue : engine.Clock.Read().Liveness + engine.Options.ServiceDownTime.Ticks;
        _lastRead = _creditedTo = engine.Clock.Read().Liveness;
        engine.BeforeSweep(Credit);
    }

    /// <summary>All the time that did not count against those who report elsewhere, because the table could not be read.</summary>
    public TimeSpan Uncounted => TimeSpan.FromTicks(Volatile.Read(ref _uncounted));

    /// <summary>Whether what is known of a member, by its arrival, was only heard of.</summary>
    public bool IsHearsay(MemberName name, long arrival)
    {
        lock (_gate)
        {
            return _taken.TryGetValue(name, out Sighting taken) && taken.Heard >= arrival;
        }
    }

    /// <summary>Takes in what is newer than what is known here.</summary>
    /// <param name="rows">The table.</param>
    /// <param name="before">A moment before it was read: what is found is not taken for newer than it is.</param>
    /// <param name="own">How much later than it was a member may stand in the table by our own doing; null for one that we wrote nothing of.</param>
    public void Take(IReadOnlyList<(MemberName Name, Evidence Evidence)> rows, in Moment before, Func<MemberName, TimeSpan?> own)
    {
        lock (_gate)
        {
            var read = new Dictionary<long, DateTimeOffset>(rows.Count);
            foreach ((MemberName name, Evidence evidence) in rows)
            {
                if (evidence is { LastSeen: { } lastSeen, Age: { } age, Service: { } service })
                {
                    // A time that lies ahead is of a writer whose clock is wrong: it has been seen, and not later than now.
                    if ((!_read.TryGetValue(service.Id, out DateTimeOffset known) || known != lastSeen) && age >= -_engine.Options.ServiceDownTime)
                    {
                        long resolution = lastSeen.Ticks % TimeSpan.TicksPerSecond == 0 ? TimeSpan.TicksPerSecond : 0;
                        long arrival = before.Liveness - Math.Max(age.Ticks - resolution, 0);
                        if (arrival < before.DownBefore && before.Liveness < _learnedAt)
                        {
                            // An engine that knew nobody at its start says of nobody yet that he is down.
                            continue;
                        }

                        Take(name, arrival, own(name) is { } late ? late.Ticks + resolution : 0, before);
                    }

                    read[service.Id] = lastSeen;
                }
            }

            _read = read;
            _lastRead = before.Liveness;
            ForgetTheDeleted(rows);
            Follow();
        }
    }

    private void Take(MemberName name, long arrival, long tolerance, in Moment now)
    {
        using EpochGuard guard = _engine.Table.Enter();
        byte[] hashed = Encoding.ASCII.GetBytes(ServiceRegister.KeyOf(name));
        byte[] plain = Encoding.UTF8.GetBytes(name.ToString());
        MemberDirectory members = _engine.Table.Members;
        bool isPlain = members.Find(guard, plain) != 0 && LastSeen(guard, plain) >= LastSeen(guard, hashed);
        (byte[] key, byte[] other) = isPlain ? (plain, hashed) : (hashed, plain);
        int row = members.Find(guard, key);
        if (row == 0)
        {
            int group = _engine.Groups.Find(name.Group);
            if (group >= 0 && members.Join(guard, key, group, now with { Liveness = arrival }, out _) != 0)
            {
                _taken[name] = new Sighting(key, other, arrival, arrival);
            }

            return;
        }

        long seen = members.Columns.LastSeen(row);
        if (arrival > seen + tolerance && members.Columns.TryAdvance(row, seen, arrival))
        {
            _taken[name] = new Sighting(key, other, arrival, arrival);
        }
    }

    // Who was heard of under one key and now reports here under the other is one member, and not down under the first.
    private void Follow()
    {
        using EpochGuard guard = _engine.Table.Enter();
        foreach ((MemberName name, Sighting taken) in _taken)
        {
            int row = _engine.Table.Members.Find(guard, taken.Key);
            long seen = LastSeen(guard, taken.Other);
            if (row != 0 && seen > taken.Stands && _engine.Table.Members.Columns.TryAdvance(row, taken.Stands, seen))
            {
                _taken[name] = taken with { Stands = seen };
            }
        }
    }

    private void ForgetTheDeleted(IReadOnlyList<(MemberName Name, Evidence Evidence)> rows)
    {
        if (_taken.Count > rows.Count)
        {
            HashSet<MemberName> present = [.. rows.Select(row => row.Name)];
            foreach (MemberName name in _taken.Keys.Where(name => !present.Contains(name)).ToArray())
            {
                _taken.Remove(name);
            }
        }
    }

    private long LastSeen(in EpochGuard guard, byte[] key)
        => _engine.Table.Members.Find(guard, key) is not 0 and var row ? _engine.Table.Members.Columns.LastSeen(row) : 0;

    private void Credit(Moment now)
    {
        lock (_gate)
        {
            long passed = now.Liveness - _creditedTo;
            _creditedTo = now.Liveness;
            if (now.Liveness - _lastRead <= _patience)
            {
                // Given back no faster than it is used: a table that comes and goes hides nobody's death for long.
                _credited = Math.Max(_credited - passed, 0);
            }
            else if (_credited < MostCredit * _engine.Options.ServiceDownTime.Ticks)
            {
                _credited += passed;
                Volatile.Write(ref _uncounted, _uncounted + passed);
                Credit(passed, now);
                Follow();
            }
            else
            {
                Follow();
            }
        }
    }

    private void Credit(long passed, in Moment now)
    {
        using EpochGuard guard = _engine.Table.Enter();
        foreach ((MemberName name, Sighting taken) in _taken)
        {
            int row = _engine.Table.Members.Find(guard, taken.Key);
            long credited = taken.Heard + passed;

            // Who is down stays so: nobody is brought back by what is not known.
            if (row != 0 && credited >= now.DownBefore && _engine.Table.Members.Columns.TryAdvance(row, taken.Heard, credited))
            {
                _taken[name] = taken with { Heard = credited, Stands = credited };
            }
        }
    }

    /// <summary>What was taken in of a member.</summary>
    /// <param name="Key">The key under which it was.</param>
    /// <param name="Other">The other key under which the member may report.</param>
    /// <param name="Heard">When somebody else saw it, on the liveness clock.</param>
    /// <param name="Stands">What was made of it under the key: the same, or when it was seen here under the other key.</param>
    private readonly record struct Sighting(byte[] Key, byte[] Other, long Heard, long Stands);
}
