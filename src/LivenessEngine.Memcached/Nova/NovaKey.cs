using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace LivenessEngine.Memcached.Nova;

/// <summary>
/// The key of a member, <c>topic:host</c>, as it is or as oslo.cache mangles it: the SHA-1 of its UTF-8 in hexadecimal
/// (oslo_cache/core.py, _sha1_mangle_key).
/// </summary>
internal static class NovaKey
{
    public const int Sha1Length = 40;

    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    public static byte[] Of(MemberName name, MemcachedKeyForm form)
    {
        byte[] plain = Encoding.UTF8.GetBytes(name.ToString());
        if (form == MemcachedKeyForm.Plain)
        {
            return plain;
        }

        var key = new byte[Sha1Length];
        Mangle(plain, key);
        return key;
    }

    /// <summary>Whether a key may be the SHA-1 of a name: 40 hexadecimal digits, the letters small.</summary>
    public static bool IsMangled(ReadOnlySpan<byte> key) => key.Length == Sha1Length && !key.ContainsAnyExcept(Digits);

    /// <summary>Writes the 40 digits of a key.</summary>
    public static void Mangle(ReadOnlySpan<byte> plain, Span<byte> mangled)
    {
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // What oslo.cache takes, and no secret.
        SHA1.HashData(plain, hash);
#pragma warning restore CA5350
        Convert.TryToHexStringLower(hash, mangled, out _);
    }
}
