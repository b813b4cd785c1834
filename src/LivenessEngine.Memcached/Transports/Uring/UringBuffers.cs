using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LivenessEngine.Memcached.Transports.Uring;

/// <summary>The buffers that the system receives into. Whoever has to keep one gets another put in its place.</summary>
internal sealed unsafe class UringBuffers
{
    /// <summary>More than a turn brings: those of a turn are given back in it. A power of two.</summary>
    public const int Count = 128;

    public const int Size = 16 << 10;
    private const int MostSpare = 256;

    private readonly Ring _ring;
    private readonly byte[][] _buffers = new byte[Count][];
    private readonly Stack<byte[]> _spare = new();

    public UringBuffers(Ring ring)
    {
        _ring = ring;
        for (int id = 0; id < Count; id++)
        {
            _buffers[id] = New();
            GiveBack(id);
        }
    }

    /// <summary>Buffers that are with connections.</summary>
    public int Taken { get; private set; }

    public byte[] this[int id] => _buffers[id];

    /// <summary>The system may receive into it again.</summary>
    public void GiveBack(int id)
    {
        // Of an array that is pinned for as long as it lives.
        var address = (byte*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_buffers[id]));
        _ring.GiveBuffer(address, Size, (ushort)id);
    }

    /// <summary>Whoever has it keeps it.</summary>
    public void GiveAway(int id)
    {
        Taken++;
        _buffers[id] = _spare.TryPop(out byte[]? spare) ? spare : New();
        GiveBack(id);
    }

    /// <summary>Takes back one that was kept.</summary>
    public void Return(byte[] buffer)
    {
        Taken--;
        if (_spare.Count < MostSpare)
        {
            _spare.Push(buffer);
        }
    }

    private static byte[] New() => GC.AllocateUninitializedArray<byte>(Size, pinned: true);
}
