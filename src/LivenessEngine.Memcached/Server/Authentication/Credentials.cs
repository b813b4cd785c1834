using System.Buffers.Binary;
using System.Security.Cryptography;

namespace LivenessEngine.Memcached.Server.Authentication;

/// <summary>Who may use the server: the lines <c>user:password</c> of an authentication file (memcached, authfile.c).</summary>
/// <remarks>Immutable. Knows no password, only what it comes to under a key that nobody else has.</remarks>
internal sealed class Credentials
{
    /// <summary>As many lines as memcached reads. It passes over further ones in silence; here they are an error.</summary>
    public const int MostUsers = 8;

    /// <summary>Bytes of a line, its end not counted, as in memcached.</summary>
    public const int LongestLine = 255;

    private const int TagSize = HMACSHA256.HashSizeInBytes;

    private readonly byte[] _key = RandomNumberGenerator.GetBytes(TagSize);
    private readonly byte[] _tags;

    private Credentials(List<Range> users, List<Range> passwords, ReadOnlySpan<byte> text)
    {
        _tags = new byte[users.Count * TagSize];
        for (int i = 0; i < users.Count; i++)
        {
            WriteTag(text[users[i]], text[passwords[i]], _tags.AsSpan(i * TagSize, TagSize));
        }
    }

    /// <summary>How many they are.</summary>
    public int Count => _tags.Length / TagSize;

    /// <summary>Reads the lines of a file.</summary>
    /// <param name="text">Its bytes.</param>
    /// <param name="file">Its name, for the messages.</param>
    /// <exception cref="FormatException">The message names the file, the line, and what is wrong with it.</exception>
    public static Credentials Parse(ReadOnlySpan<byte> text, string file)
    {
        var users = new List<Range>();
        var passwords = new List<Range>();
        for (int start = 0; start < text.Length;)
        {
            int length = text[start..].IndexOf((byte)'\n');
            int end = length < 0 ? text.Length : start + length;
            ReadOnlySpan<byte> line = text[start..end];
            line = line.EndsWith("\r"u8) ? line[..^1] : line;
            int colon = line.IndexOf((byte)':');
            if (Fault(line, colon, users.Count) is { } fault)
            {
                throw new FormatException($"authentication file {file}, line {users.Count + 1}: {fault}");
            }

            users.Add(start..(start + colon));
            passwords.Add((start + colon + 1)..(start + line.Length));
            start = end + 1;
        }

        return users.Count > 0
            ? new Credentials(users, passwords, text)
            : throw new FormatException($"authentication file {file} is empty; it takes lines of user:password");
    }

    /// <summary>
    /// Whether somebody has this name and this password. How long that takes tells nothing about who there is, nor how much of
    /// a guess was right.
    /// </summary>
    public bool Match(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password)
    {
        // What cannot stand in any file can be told at once: everybody knows that limit.
        if (user.Length + password.Length >= LongestLine)
        {
            return false;
        }

        Span<byte> tag = stackalloc byte[TagSize];
        WriteTag(user, password, tag);
        bool found = false;
        for (int i = 0; i < _tags.Length; i += TagSize)
        {
            found |= CryptographicOperations.FixedTimeEquals(tag, _tags.AsSpan(i, TagSize));
        }

        return found;
    }

    // Never with what stands in the line: it may be a password.
    private static string? Fault(ReadOnlySpan<byte> line, int colon, int before)
        => before == MostUsers ? $"there are more users than allowed; allowed are up to {MostUsers}"
            : line.Length > LongestLine ? $"it has {line.Length} bytes; allowed are up to {LongestLine}"
            : line.IsEmpty ? "it is empty; it takes user:password"
            : colon < 0 ? "there is no ':'; it takes user:password"
            : colon == 0 ? "there is no user before the ':'"
            : colon == line.Length - 1 ? "there is no password behind the ':'"
            : line.Contains((byte)0) ? "there is a zero byte in it"
            : null;

    // With the length of the name before it, so that no other name and password come to the same bytes.
    private void WriteTag(ReadOnlySpan<byte> user, ReadOnlySpan<byte> password, Span<byte> tag)
    {
        Span<byte> both = stackalloc byte[sizeof(int) + LongestLine];
        BinaryPrimitives.WriteInt32LittleEndian(both, user.Length);
        user.CopyTo(both[sizeof(int)..]);
        password.CopyTo(both[(sizeof(int) + user.Length)..]);
        HMACSHA256.HashData(_key, both[..(sizeof(int) + user.Length + password.Length)], tag);
        CryptographicOperations.ZeroMemory(both);
    }
}
