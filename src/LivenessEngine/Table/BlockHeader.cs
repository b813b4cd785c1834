using System.Runtime.InteropServices;

namespace LivenessEngine.Table;

/// <summary>What a block is at this moment. The scans over pages tell by it what to look at.</summary>
internal enum BlockState : byte
{
    /// <summary>Nobody's. Zero, so that fresh memory is free.</summary>
    Free = 0,

    /// <summary>Owned by whoever allocated it; being filled, or given up.</summary>
    Pending = 1,

    /// <summary>In the index, or about to be, or retired from it.</summary>
    Published = 2,

    /// <summary>Further part of a value that one block does not hold.</summary>
    Chunk = 3,
}

/// <summary>How far the publication of a block has come, for who finds it in a file after its process was killed.</summary>
internal enum Publication : byte
{
    /// <summary>It is to replace a block: it has if a marked block with its key leads to it.</summary>
    Replacing = 0,

    /// <summary>It is to be inserted where no block has its key: whether it was cannot be told, and nobody was told.</summary>
    Inserting = 1,

    /// <summary>It is in the index, or was.</summary>
    Done = 2,
}

/// <summary>Where a published block keeps its value.</summary>
internal enum BlockKind : byte
{
    /// <summary>Behind the key, CRLF included.</summary>
    Inline = 0,

    /// <summary>In a chain of chunks; the first one's offset stands behind the key, on an 8-byte boundary.</summary>
    Chunked = 1,

    /// <summary>Nowhere: a member without an item.</summary>
    Bare = 2,
}

/// <summary>
/// The head of every block, followed by the key and the value. A block is filled by one thread, then published by one
/// compare-and-swap on a link, and is immutable from then on but for the fields that say otherwise: a reader that
/// found it can never see half of an old and half of a new item, on any memory model, because no byte of it is ever
/// written again before the epoch has passed (<see cref="Epoch"/>).
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct BlockHeader
{
    public const int Size = 56;

    /// <summary>A deadline that never comes (exptime 0).</summary>
    public const long Never = long.MaxValue;

    /// <summary>In <see cref="Heartbeat"/> of a member without an item: it was heard otherwise, and has never had one.</summary>
    public const byte NeverWritten = 0xFF;

    private const byte KindBits = 3;

    /// <summary>
    /// The link to the next block or bucket in list order. Before publication: written by the owner with a plain
    /// store. After: changed by compare-and-swap only, by any thread (<see cref="HashIndex"/>), until it carries
    /// <see cref="Link.Mark"/>, and then never. Setting the mark is the moment of a delete; setting it together with
    /// the link to a successor is the moment of a replacement. Read with acquire, so that the fields of the block it
    /// leads to are seen as they were when the publishing compare-and-swap (a full fence) was made. If the fields
    /// were written after the swap, a reader could see the block of the previous owner: soak tests
    /// <c>HistoriesAreLinearizable</c> and <c>GrowthLosesNothing</c>. In a chunk: the next chunk, immutable.
    /// </summary>
    [FieldOffset(0)]
    public ulong Next;

    /// <summary>Unique to this version of the item, ever growing.</summary>
    [FieldOffset(8)]
    public ulong Cas;

    /// <summary>Unix time in milliseconds at which the item has expired, or <see cref="Never"/>.</summary>
    [FieldOffset(16)]
    public long Deadline;

    /// <summary>Hash of the key, which gives the place in the list (<see cref="Link.OrderOf"/>). In a chunk: its item's.</summary>
    [FieldOffset(24)]
    public uint Hash;

    /// <summary>
    /// When it was last read or written (<see cref="AccessStamp"/>). Written by any reader with a plain store, read by
    /// the evictor: a lost or late store makes the order of eviction a little worse. Unused in a chunk.
    /// </summary>
    [FieldOffset(28)]
    public uint LastAccess;

    /// <summary>The client's 32 bits.</summary>
    [FieldOffset(32)]
    public uint Flags;

    /// <summary>Bytes of the value without CRLF. In a chunk: the bytes it holds, CRLF counted in the last.</summary>
    [FieldOffset(36)]
    public int ValueLength;

    /// <summary>
    /// The member's row in <see cref="MemberColumns"/>, 0 for none. In the first chunk of a value: how many blocks and
    /// slow readers hold the chain, changed by interlocked adds; it is freed by whoever takes it to 0. With plain adds it is
    /// freed too early or never: soak test <c>ReadersNeverSeeAReusedBlock</c>.
    /// </summary>
    [FieldOffset(40)]
    public int Member;

    [FieldOffset(44)]
    public byte KeyLength;

    /// <summary>Written by the owner; read by the page scans, which trust it as a hint only (see <see cref="Evictor"/>).</summary>
    [FieldOffset(45)]
    public BlockState State;

    // The kind in the lower two bits and the marks above them, written by the owner before the publication.
    [FieldOffset(46)]
    private byte _form;

    /// <summary>1 once the item was read. Written by any reader with a plain store; statistics only.</summary>
    [FieldOffset(47)]
    public byte Fetched;

    /// <summary>
    /// Of all that is immutable from the publication on, key and value included, where blocks outlive the process; else 0.
    /// Written by the owner before the publication, read when a state file is opened.
    /// </summary>
    [FieldOffset(48)]
    public uint Checksum;

    /// <summary>
    /// What kind of heartbeat the value is, 0 for none: its meaning is the protocol's (LivenessEngine.Memcached). Written by the
    /// owner before the publication. An item with one is found as long as its member is up, whatever its deadline. In a
    /// member without an item: <see cref="NeverWritten"/>, or 0.
    /// </summary>
    [FieldOffset(52)]
    public byte Heartbeat;

    /// <summary>
    /// Written by the owner where blocks outlive the process, before the publication and once more after it, before anyone is
    /// told; read when a state file is opened. Were a block believed without it, a copy that lost its race could bring back
    /// what was deleted, or undo what was stored: soak test <c>WhatIsAcknowledgedSurvivesAKill</c>.
    /// </summary>
    [FieldOffset(53)]
    public Publication Publication;

    /// <summary>Where in the value the heartbeat's time stands; meaningful with <see cref="Heartbeat"/>. Written as that.</summary>
    [FieldOffset(54)]
    public ushort HeartbeatTimeAt;

    public BlockKind Kind
    {
        readonly get => (BlockKind)(_form & KindBits);
        set => _form = (byte)((_form & ~KindBits) | (byte)value);
    }

    /// <summary>
    /// Immutable as the rest: an item gets or loses a mark by a new version of it, published by one swap in place of the one
    /// without. So of all who see a stale item without <see cref="ItemMarks.Won"/> one gets to set it, a copy made at the
    /// same time cannot forget it, and the file has it or has it not: soak test <c>OneReaderWins</c>.
    /// </summary>
    public ItemMarks Marks
    {
        readonly get => (ItemMarks)(_form & ~KindBits);
        set => _form = (byte)((_form & KindBits) | (byte)value);
    }

    /// <summary>Kind and marks in one byte.</summary>
    public readonly byte Form => _form;

    /// <summary>Writes kind and marks at once.</summary>
    public void SetForm(BlockKind kind, ItemMarks marks) => _form = (byte)((byte)kind | (byte)marks);
}
