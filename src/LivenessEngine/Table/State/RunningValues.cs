using System.Runtime.InteropServices;
using LivenessEngine.Time;

namespace LivenessEngine.Table.State;

/// <summary>What changes while a state file is in use, and is not in the table.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RunningValues
{
    /// <summary>Counts up with every writing; the newer of two is taken.</summary>
    public ulong Sequence;

    /// <summary>The liveness clock at the last tick.</summary>
    public long Liveness;

    /// <summary>The wall clock at the last tick; 0 if there never was one.</summary>
    public long UnixMilliseconds;

    public ulong Cas;
    public ulong FlushedCas;
    public ulong FlushedMembersCas;

    /// <summary>As the table keeps it.</summary>
    public long FlushAt;

    /// <summary>One past the last page, and the last row, that may ever have been used.</summary>
    public int PagesEnd;

    public int RowsEnd;

    /// <summary>Starts of a process on this file.</summary>
    public long Starts;

    /// <summary>As of the last tick.</summary>
    public SavedCredit Credit;

    /// <summary>The latest time that anyone's clock ever had, in Unix milliseconds.</summary>
    public long LatestTime;

    /// <summary>1 after a stop in order.</summary>
    public uint IsClean;

    /// <summary>CRC32C of all that is above.</summary>
    public uint Checksum;

    public readonly bool IsSound => Checksum == ComputeChecksum();

    public void Seal() => Checksum = ComputeChecksum();

    private readonly uint ComputeChecksum()
    {
        RunningValues copy = this;
        copy.Checksum = 0;
        return Crc.Of(MemoryMarshal.AsBytes(new ReadOnlySpan<RunningValues>(ref copy)));
    }
}
