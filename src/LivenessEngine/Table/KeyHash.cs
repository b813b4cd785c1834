using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LivenessEngine.Table;

/// <summary>
/// A seeded 32-bit hash of a key of 1 byte or more. The seed is drawn for each table, so that nobody outside can aim
/// keys at one bucket. No hash leaves the process.
/// </summary>
/// <remarks>
/// Where the processor has AES rounds, the key goes through one for each 16 bytes and two more at the end (the way of
/// Go's runtime). After the second of the three that the last bytes pass, each of them has touched every bit, but
/// what four of them say goes through one byte of the 32 bits kept here: keys that differ in those alone would share 256
/// hashes, under any seed. Elsewhere by folded 128-bit multiplication (the way of
/// Wang Yi's wyhash). The first takes half the instructions, and a lookup is bound by how many of them fit into the
/// processor's window beside the next lookup's: bench <c>LookupBench</c>.
/// </remarks>
internal static class KeyHash
{
    private const ulong K0 = 0xa0761d6478bd642f, K1 = 0xe7037ed1a0b428db, K2 = 0x8ebc6af09c88c6e3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Compute(ReadOnlySpan<byte> key, ulong seed)
        => Aes.IsSupported ? ByRounds(key, seed) : (uint)ByMultiplication(key, seed);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint ByRounds(ReadOnlySpan<byte> key, ulong seed)
    {
        ref byte p = ref MemoryMarshal.GetReference(key);
        int length = key.Length;
        Vector128<byte> state = Vector128.Create(seed ^ K0, (ulong)length * K1).AsByte();
        Vector128<byte> last;
        if (length >= 16)
        {
            for (int i = 0; i + 16 < length; i += 16)
            {
                state = Aes.Encrypt(state ^ Vector128.LoadUnsafe(ref p, (nuint)i), state);
            }

            last = Vector128.LoadUnsafe(ref p, (nuint)(length - 16));
        }
        else
        {
            last = Vector128.Create(Low(ref p, length), High(ref p, length)).AsByte();
        }

        state = Aes.Encrypt(state ^ last, state);
        state = Aes.Encrypt(state, Vector128.Create(seed).AsByte());
        state = Aes.Encrypt(state, state);
        return state.AsUInt32().ToScalar();
    }

    internal static ulong ByMultiplication(ReadOnlySpan<byte> key, ulong seed)
    {
        ref byte p = ref MemoryMarshal.GetReference(key);
        int length = key.Length;
        ulong state = seed ^ K0;
        int i = 0;
        for (; i + 16 < length; i += 16)
        {
            state = Fold(Read8(ref p, i) ^ K1, Read8(ref p, i + 8) ^ state);
        }

        ulong a = length >= 16 ? Read8(ref p, length - 16) : Low(ref p, length);
        ulong b = length >= 16 ? Read8(ref p, length - 8) : High(ref p, length);
        return Fold(K2 ^ (ulong)length, Fold(a ^ K1, b ^ state));
    }

    // The bytes of a key of fewer than 16, all of them in one of the two words or in both.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Low(ref byte p, int length) => length >= 8 ? Read8(ref p, 0)
        : length >= 4 ? Unsafe.ReadUnaligned<uint>(ref p)
        : ((ulong)p << 16) | ((ulong)Unsafe.Add(ref p, length >> 1) << 8) | Unsafe.Add(ref p, length - 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong High(ref byte p, int length) => length >= 8 ? Read8(ref p, length - 8)
        : length >= 4 ? Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref p, length - 4))
        : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Read8(ref byte p, int offset) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref p, offset));
}
