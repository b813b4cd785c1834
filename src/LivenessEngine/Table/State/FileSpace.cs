using Microsoft.Win32.SafeHandles;

namespace LivenessEngine.Table.State;

/// <summary>
/// Takes space on the disk for parts of a sparse mapped file before anything is stored there: a store for which the disk
/// has no room ends the process (SIGBUS).
/// </summary>
/// <param name="file">The file.</param>
/// <param name="isNative">Whether to ask the file system for space; where it knows nothing of that, false comes to the same.</param>
internal sealed class FileSpace(SafeFileHandle file, bool isNative = true)
{
    private const int CopyLength = 1 << 20;

    /// <summary>Nobody may be storing into the range. False when the disk is full.</summary>
    public bool TryTake(long offset, long length)
        => (isNative ? NativeFile.TryTakeSpace(file, offset, length) : null) ?? TryRewrite(offset, length);

    // Where the file system does not know how: what is there is written once more, which takes space for what is not.
    private bool TryRewrite(long offset, long length)
    {
        byte[] bytes = new byte[(int)Math.Min(length, CopyLength)];
        try
        {
            for (long end = offset + length; offset < end; offset += bytes.Length)
            {
                Span<byte> part = bytes.AsSpan(0, (int)Math.Min(bytes.Length, end - offset));
                part[RandomAccess.Read(file, part, offset)..].Clear();
                RandomAccess.Write(file, part, offset);
            }

            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
