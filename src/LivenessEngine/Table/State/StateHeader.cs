using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace LivenessEngine.Table.State;

/// <summary>The head of a state file: what does not change while it lives.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StateHeader
{
    /// <summary>"LIVENESS" in the order of a little-endian word.</summary>
    public const ulong Signature = 0x5353_454E_4556_494C;

    public const uint PresentVersion = 3;

    public ulong Magic;
    public uint Version;
    public int Pages;
    public int Rows;

    /// <summary>Of what a block looks like: sizes of header and page, and the size classes. Another build's may differ.</summary>
    public uint BlockFormat;

    /// <summary>Which of its ways <see cref="KeyHash"/> goes on the processor that made the file.</summary>
    public uint HashKind;

    public uint Reserved;
    public ulong HashSeed;

    /// <summary>CRC32C of all that is above.</summary>
    public uint Checksum;

    public static uint PresentHashKind => Aes.IsSupported ? 1u : 2u;

    public static uint PresentBlockFormat { get; } = FormatOfBlocks();

    public readonly StateLayout Layout => new(Pages, Rows);

    public static StateHeader Create(StateLayout layout, ulong hashSeed)
    {
        var header = new StateHeader
        {
            Magic = Signature,
            Version = PresentVersion,
            Pages = layout.Pages,
            Rows = layout.Rows,
            BlockFormat = PresentBlockFormat,
            HashKind = PresentHashKind,
            HashSeed = hashSeed,
        };
        header.Checksum = header.ComputeChecksum();
        return header;
    }

    /// <summary>Why a file that starts like this cannot be used; null if it can.</summary>
    public readonly string? Fault(long fileLength)
        => Magic != Signature ? "it is no state file, or its head is damaged"
            : Version != PresentVersion ? $"it is of version {Version}, and this is version {PresentVersion}"
            : Checksum != ComputeChecksum() || Pages < 2 || Rows < 64 || Rows % 64 != 0 ? "its head is damaged"
            : BlockFormat != PresentBlockFormat ? "its blocks are of another format"
            : fileLength < Layout.FileLength ? $"it ends after {fileLength} of {Layout.FileLength} bytes"
            : null;

    private readonly uint ComputeChecksum()
    {
        StateHeader copy = this;
        copy.Checksum = 0;
        return Crc.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<StateHeader>(ref copy)));
    }

    private static uint FormatOfBlocks()
    {
        uint crc = BitOperations.Crc32C(0, ((ulong)BlockHeader.Size << 32) | SizeClasses.PageSize);
        for (int i = 0; i < SizeClasses.Count; i++)
        {
            crc = BitOperations.Crc32C(crc, (uint)SizeClasses.SizeOf(i));
        }

        return crc;
    }
}
