using System.Buffers.Binary;

namespace LivenessEngine.Fuzz.Targets;

/// <summary>
/// Changes of a file as bytes, so that they can be mutated: four for where, one for how many, and those. A place counts only
/// what is not zero in the file, of which most is. A place at the very end is another length of the file.
/// </summary>
internal sealed class FilePatches
{
    private const int HeadLength = 5;
    private const int PageSize = 4096;
    private const uint FirstLength = 0xFFFF_0000;

    private readonly long _length;
    private readonly int[] _pages;
    private readonly byte[] _content;

    /// <param name="sound">The file to change.</param>
    public FilePatches(byte[] sound)
    {
        _length = sound.Length;
        byte[][] pages = [.. sound.Chunk(PageSize)];
        _pages = [.. Enumerable.Range(0, pages.Length).Where(page => pages[page].AsSpan().ContainsAnyExcept((byte)0))];
        _content = [.. _pages.SelectMany(page => pages[page])];
    }

    /// <summary>Writes the file with changes.</summary>
    public void Write(string path, ReadOnlySpan<byte> patches)
    {
        byte[] content = [.. _content];
        long length = _length;
        while (patches.Length > HeadLength)
        {
            uint place = BinaryPrimitives.ReadUInt32LittleEndian(patches);
            int count = Math.Min(patches[HeadLength - 1], patches.Length - HeadLength);
            if (place >= FirstLength)
            {
                length = (place - FirstLength) * (_length >> 16);
            }
            else
            {
                int at = (int)(place % content.Length);
                count = Math.Min(count, content.Length - at);
                patches.Slice(HeadLength, count).CopyTo(content.AsSpan(at));
            }

            patches = patches[(HeadLength + count)..];
        }

        Write(path, content, length);
    }

    // Zeros are there by themselves.
    private void Write(string path, byte[] content, long length)
    {
        using FileStream stream = File.Create(path);
        stream.SetLength(length);
        for (int i = 0; i < _pages.Length; i++)
        {
            long at = _pages[i] * (long)PageSize;
            int count = (int)Math.Clamp(length - at, 0, Math.Min(PageSize, content.Length - (i * PageSize)));
            stream.Position = at;
            stream.Write(content.AsSpan(i * PageSize, count));
        }
    }
}
