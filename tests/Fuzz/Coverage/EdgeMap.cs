using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace LivenessEngine.Fuzz.Coverage;

/// <summary>How often each branch of the instrumented code was taken: what SharpFuzz counts for AFL, read by ourselves.</summary>
internal sealed unsafe class EdgeMap
{
    private const int Length = 1 << 16;

    // The map is one for the process: whoever runs instrumented code counts there.
    private static readonly byte* Counts = Create();

    private readonly byte[] _seen = new byte[Length];

    /// <summary>How many edges were ever taken.</summary>
    public int Edges { get; private set; }

    /// <summary>Before an input.</summary>
    public static void Clear()
    {
        new Span<byte>(Counts, Length).Clear();
        Trace.PrevLocation = 0;
    }

    /// <summary>After an input: whether it took an edge that none before has taken, or one in another order of how often.</summary>
    public bool TakeNew()
    {
        bool isNew = false;
        for (int i = 0; i < Length; i += sizeof(ulong))
        {
            if (*(ulong*)(Counts + i) == 0)
            {
                continue;
            }

            for (int edge = i; edge < i + sizeof(ulong); edge++)
            {
                byte order = OrderOf(Counts[edge]);
                if ((order & ~_seen[edge]) != 0)
                {
                    Edges += _seen[edge] == 0 ? 1 : 0;
                    _seen[edge] |= order;
                    isNew = true;
                }
            }
        }

        return isNew;
    }

    // AFL's orders: 1, 2, 3, 4 to 7, 8 to 15, 16 to 31, 32 to 127, more.
    private static byte OrderOf(byte count) => count switch
    {
        0 => 0,
        1 => 1,
        2 => 2,
        3 => 4,
        < 8 => 8,
        < 16 => 16,
        < 32 => 32,
        < 128 => 64,
        _ => 128,
    };

    private static byte* Create()
    {
        Trace.SharedMem = (byte*)NativeMemory.AllocZeroed(Length);
        return Trace.SharedMem;
    }
}
