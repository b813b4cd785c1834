namespace LivenessEngine.Memcached.Protocol;

/// <summary>What the line of a meta command says, its key decoded and its flags read (<see cref="MetaParser"/>).</summary>
internal ref struct MetaRequest
{
    /// <summary>The key as it is stored.</summary>
    public ReadOnlySpan<byte> Key;

    /// <summary>The flags as they stand on the line: replies name what was asked for in the same order.</summary>
    public ReadOnlySpan<byte> Flags;

    /// <summary>C: the version that the item must have.</summary>
    public ulong Cas;

    /// <summary>E: the version that the item is to have.</summary>
    public ulong Version;

    /// <summary>F: the client's 32 bits.</summary>
    public uint ClientFlags;

    /// <summary>T, as the client sent it.</summary>
    public long Exptime;

    /// <summary>N, as the client sent it: the exptime of what is made where nothing is.</summary>
    public long VivifyExptime;

    /// <summary>R, as the client sent it.</summary>
    public long Recache;

    /// <summary>D: what is added or subtracted.</summary>
    public ulong Delta;

    /// <summary>J: the number that is made where none is.</summary>
    public ulong Initial;

    /// <summary>M: a letter, 0 for none.</summary>
    public byte Mode;

    // A bit for each flag that stands on the line, by its character.
    private ulong _seen;

    /// <summary>b: the key is binary, and stands in base64 on the line.</summary>
    public readonly bool IsBinaryKey => Has('b');

    /// <summary>q: the usual reply is not sent.</summary>
    public readonly bool IsQuiet => Has('q');

    /// <summary>T stands before the other flag, and so comes first.</summary>
    public readonly bool HasExptimeBefore(byte flag)
    {
        var words = new Tokens(Flags);
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            if (word[0] is (byte)'T' || word[0] == flag)
            {
                return word[0] is (byte)'T';
            }
        }

        return false;
    }

    public readonly bool Has(char flag) => (_seen & BitOf(flag)) != 0;

    /// <summary>Notes a flag; false if it was there before, or is nothing that could be one.</summary>
    public bool TryAdd(byte flag)
    {
        const byte last = 127;
        if (flag >= last || (flag >= '@' && Has((char)flag)))
        {
            return false;
        }

        _seen |= flag >= '@' ? BitOf((char)flag) : 0;
        return true;
    }

    private static ulong BitOf(char flag) => 1UL << (flag - '@');
}
