using System.Runtime.InteropServices;
using LivenessEngine.Table;

namespace LivenessEngine.Soak;

/// <summary>
/// Values of which every byte follows from their key, length and number, and flags that follow from these too: a reader
/// sees whether all that it reads belongs together.
/// </summary>
internal static class SealedValue
{
    public const int Smallest = 24;

    private const ulong Step = 0x9E3779B97F4A7C15;

    public static uint FlagsOf(int key, int length, ulong number) => (uint)(Seal(key, length, number) >> 32);

    /// <summary>Fills a value; its length is that of the span, in whole words.</summary>
    public static uint Fill(Span<byte> value, int key, ulong number)
    {
        Span<ulong> words = MemoryMarshal.Cast<byte, ulong>(value);
        words[0] = number;
        words[1] = ((ulong)(uint)key << 32) | (uint)value.Length;
        for (int i = 2; i < words.Length; i++)
        {
            words[i] = Seal(key, value.Length, number) + ((ulong)i * Step);
        }

        return FlagsOf(key, value.Length, number);
    }

    /// <summary>Checks a value in the pieces it comes in, CRLF included; says what is wrong, or nothing.</summary>
    public static string? Check(ref Reading reading, ReadOnlySpan<byte> part)
    {
        int whole = part.Length & ~7;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(part[..whole]))
        {
            if (reading.At == reading.Length)
            {
                return $"{part.Length} bytes too many at {reading.At}";
            }

            ulong expected = reading.At switch
            {
                0 => reading.Number = word,
                8 => ((ulong)(uint)reading.Key << 32) | (uint)reading.Length,
                _ => Seal(reading.Key, reading.Length, reading.Number) + ((ulong)(reading.At / 8) * Step),
            };
            if (word != expected)
            {
                return $"at {reading.At} of {reading.Length} stands {word:x16} and not {expected:x16}";
            }

            reading.At += 8;
        }

        // What is left over can only be the CRLF behind it.
        reading.Ended |= part[whole..].SequenceEqual("\r\n"u8);
        return reading.Ended || whole == part.Length ? null : $"{part.Length - whole} odd bytes at {reading.At}";
    }

    /// <summary>Reads an item through, twice, being stopped in between now and then; throws when anything does not belong.</summary>
    public static void CheckItem(LivenessTable table, in ItemView item, int key, ReadOnlySpan<byte> keyBytes, Random random)
    {
        for (int pass = 0; pass < 2; pass++)
        {
            if (!item.Key.SequenceEqual(keyBytes))
            {
                throw new InvalidOperationException($"key {key} has become another one");
            }

            var reading = new Reading(key, item.ValueLength);
            for (ValueParts parts = table.PartsOf(item); parts.TryNext(out ReadOnlySpan<byte> part);)
            {
                if (Check(ref reading, part) is { } wrong)
                {
                    throw new InvalidOperationException($"key {key}: {wrong}");
                }
            }

            reading.MustHaveEnded();
            if (item.Flags != FlagsOf(key, reading.Length, reading.Number))
            {
                throw new InvalidOperationException($"key {key}: flags of another value");
            }

            switch (random.Next(16))
            {
                case 0:
                    Thread.Yield();
                    break;
                case 1 or 2:
                    Thread.SpinWait(random.Next(200));
                    break;
            }
        }
    }

    private static ulong Seal(int key, int length, ulong number) => (((ulong)(uint)key * 31) + (uint)length + number) * Step ^ (number << 7);

    /// <summary>How far the check of a value has come.</summary>
    internal struct Reading(int key, int length)
    {
        public readonly int Key = key;
        public readonly int Length = length;
        public int At;
        public ulong Number;
        public bool Ended;

        public readonly void MustHaveEnded()
        {
            if (At != Length || !Ended)
            {
                throw new InvalidOperationException($"key {Key} ends at {At} of {Length}");
            }
        }
    }
}
