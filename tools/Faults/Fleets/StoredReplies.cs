namespace LivenessEngine.Tools.Faults.Fleets;

/// <summary>Counts the replies to a row of sets.</summary>
internal sealed class StoredReplies
{
    private readonly byte[] _line = new byte[64];
    private int _length;
    private int _left;
    private int _others;

    public bool AreAllStored => _left == 0 && _others == 0;

    /// <summary>Lines that were not STORED, ever.</summary>
    public long Others { get; private set; }

    public void Expect(int count)
    {
        (_left, _length, _others) = (count, 0, 0);
    }

    /// <summary>True when all have come.</summary>
    public bool Take(ReadOnlyMemory<byte> received)
    {
        foreach (byte letter in received.Span)
        {
            if (letter == (byte)'\n')
            {
                _left--;
                if (!_line.AsSpan(0, _length).SequenceEqual("STORED\r"u8))
                {
                    _others++;
                    Others++;
                }

                _length = 0;
            }
            else if (_length < _line.Length)
            {
                _line[_length++] = letter;
            }
        }

        return _left <= 0;
    }
}
