using System.Runtime.CompilerServices;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Nova's heartbeats among the items: recognised by their value when they are stored, under a member's key or under one
/// that may be the SHA-1 of a member's name.
/// </summary>
/// <remarks>Thread-safe. Recognising allocates nothing, except for a compressed value.</remarks>
internal sealed class Heartbeats
{
    // The shortest is one of python 2, compressed; the longest is what the reader takes.
    private const int ShortestValue = 60;

    // Compressed, Nova's are shorter than they were. What is longer is not worth the look.
    private const int LongestCompressed = 512;

    // Times of writers beyond that are no times.
    private static readonly long MostAhead = (long)TimeSpan.FromDays(3650).TotalMilliseconds;

    private readonly Engine _engine;
    private readonly MemberRule _members;
    private readonly double _aheadSeconds;
    private readonly HeartbeatShapes _shapes = new();

    // Of dogpile.cache, as the newest heartbeat has it: written by whoever stores one of another, and read by who makes one.
    private byte _version = CachedDateTime.LatestVersion;

    public Heartbeats(Engine engine, MemberRule members, MemcachedServerOptions options)
    {
        _engine = engine;
        _members = members;
        _aheadSeconds = options.HeartbeatAhead.TotalSeconds;
        IsAuthoritative = options.Verdict == HeartbeatVerdict.Authoritative;
        Figures = new HeartbeatFigures(engine);
    }

    public bool IsAuthoritative { get; }

    public HeartbeatFigures Figures { get; }

    /// <summary>The version of dogpile.cache's values: that of the newest heartbeat.</summary>
    public byte Version => Volatile.Read(ref _version);

    /// <summary>
    /// Whether a heartbeat is to be made up for a member that was heard otherwise than by one stored here: by another engine,
    /// or by the process that embeds this one. Only under keys that Nova asks for.
    /// </summary>
    public bool Answers(ReadOnlySpan<byte> key, int member, in Moment now)
        => IsAuthoritative && _members.GroupOf(key) >= 0 && _engine.Table.Members.Columns.IsUp(member, now.DownBefore);

    /// <summary>Whether a value that is coming may be a heartbeat, by all that is known of it before it has come.</summary>
    public static bool MayCome(ReadOnlySpan<byte> key, int group, uint flags, int valueLength, StoreMode mode)
        => (flags & CachedDateTime.PickledFlag) != 0
            && valueLength is >= ShortestValue and <= CachedDateTimeReader.LongestValue
            && ((flags & CachedDateTime.CompressedFlag) == 0 || valueLength <= LongestCompressed)
            && mode is StoreMode.Set or StoreMode.Add or StoreMode.Replace
            && (group >= 0 || NovaKey.IsMangled(key));

    /// <summary>Looks at a value that has come, and marks it if it is a heartbeat; its member is of a group then.</summary>
    public void Recognise(ref PendingStore store, in Moment now)
    {
        ReadOnlySpan<byte> value = _engine.Table.Writer.ValueOf(store.Item);

        // A pickle's first byte, by protocols from 2 and before; or zlib's.
        if (!value.IsEmpty && value[0] is (0x80 or (byte)'c' or 0x78))
        {
            Read(value, ref store, now);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Read(ReadOnlySpan<byte> value, ref PendingStore store, in Moment now)
    {
        if (!_shapes.TryRead(value[..^BlockStore.CrLf], store.Flags, out CachedDateTime cached))
        {
            return;
        }

        if (!TryForm(value, cached.Place, out HeartbeatForm form))
        {
            return;
        }

        long present = _engine.Clock.ToWallClock(now);
        double skew = present - (cached.CreationTime * 1000);
        if (-skew < MostAhead)
        {
            _engine.LatestTime.Raise(present - (long)skew);
        }

        _engine.Table.Writer.MarkHeartbeat(ref store.Item, (byte)form, cached.Place.Offset, (int)Math.Clamp(skew, int.MinValue, int.MaxValue));
        store.Group = store.Group >= 0 ? store.Group : _members.JoinUnnamed();
        if (cached.Version != _version && cached.Version is 1 or 2)
        {
            Volatile.Write(ref _version, (byte)cached.Version);
        }
    }

    // Text has another length when it is written anew. Protocols that say how long their frames are write no text, unless
    // somebody made such a pickle by hand.
    private static bool TryForm(ReadOnlySpan<byte> value, CreationTimePlace place, out HeartbeatForm form)
    {
        form = place.Form switch
        {
            CreationTimeForm.Double => HeartbeatForm.Double,
            CreationTimeForm.Text => HeartbeatForm.Text,
            _ => HeartbeatForm.Compressed,
        };
        return form != HeartbeatForm.Text || value[0] != 0x80;
    }

    /// <summary>The time of creation that readers are told, in Unix seconds.</summary>
    public double CreationTime(in Moment now) => (_engine.LatestTime.Raise(_engine.Clock.ToWallClock(now)) / 1000.0) + _aheadSeconds;
}
