using System.Runtime.CompilerServices;

namespace LivenessEngine.Table;

/// <summary>An item as a reader found it; valid while the epoch it was found in is held.</summary>
internal readonly unsafe ref struct ItemView
{
    private readonly BlockHeader* _block;

    internal ItemView(BlockHeader* block) => _block = block;

    public ReadOnlySpan<byte> Key => HashIndex.KeyOf(_block);

    public uint Flags => _block->Flags;

    /// <summary>The version that clients see.</summary>
    public ulong Cas => BlockStore.VersionOf(_block);

    public ItemMarks Marks => _block->Marks;

    /// <summary>Unix milliseconds, or <see cref="BlockHeader.Never"/>.</summary>
    public long Deadline => _block->Deadline;

    /// <summary>Bytes of the value, without the CRLF behind it.</summary>
    public int ValueLength => _block->ValueLength;

    public bool IsChunked => _block->Kind == BlockKind.Chunked;

    public bool Fetched => _block->Fetched != 0;

    public uint LastAccess => _block->LastAccess;

    /// <summary>The member's row, 0 for none.</summary>
    public int Member => _block->Member;

    /// <summary>Whether there is anything, and it is a member, with an item or without.</summary>
    public bool IsMember => _block != null && _block->Member != 0;

    /// <summary>What kind of heartbeat the value is, by the protocol's numbers; 0 for none.</summary>
    public byte Heartbeat => _block->Heartbeat;

    /// <summary>Where in the value the heartbeat's time stands.</summary>
    public int HeartbeatTimeAt => _block->HeartbeatTimeAt;

    /// <summary>Whether it is, in place of an item, a member that was heard otherwise and has never had one.</summary>
    public bool IsNeverWritten => _block != null && _block->Kind == BlockKind.Bare && _block->Heartbeat == BlockHeader.NeverWritten;

    /// <summary>Bytes as memcached counts them.</summary>
    public int Size => BlockStore.SizeOf(_block);

    /// <summary>The value and CRLF of an item that is not chunked.</summary>
    public ReadOnlySpan<byte> Value
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => BlockStore.InlineValue(_block);
    }

    /// <summary>The size class of the block that the key stands in.</summary>
    public int SizeClass => SizeClasses.ClassOf(BlockStore.HeadSizeOf(_block));

    internal BlockHeader* Block => _block;
}
