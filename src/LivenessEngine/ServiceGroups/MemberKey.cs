using System.Text;
using LivenessEngine.Table;

namespace LivenessEngine.ServiceGroups;

/// <summary>
/// The key of a member, <c>group:member</c> as Nova's mc driver forms it (<c>nova/servicegroup/drivers/mc.py</c>). The
/// group ends at the first colon, so a member's name may hold further ones.
/// </summary>
internal static class MemberKey
{
    public const byte Separator = (byte)':';

    /// <summary>Writes the key; returns its length.</summary>
    /// <param name="destination">At least <see cref="LivenessTable.MaxKeyLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The names do not make a key; the message says why.</exception>
    public static int Write(string member, string group, Span<byte> destination)
    {
        Check(group, nameof(group), isGroup: true);
        Check(member, nameof(member), isGroup: false);
        if (group.Length + member.Length + 1 <= destination.Length
            && Encoding.UTF8.TryGetBytes(group, destination, out int at)
            && at < destination.Length
            && Encoding.UTF8.TryGetBytes(member, destination[(at + 1)..], out int length)
            && at + 1 + length <= LivenessTable.MaxKeyLength)
        {
            destination[at] = Separator;
            return at + 1 + length;
        }

        throw new ArgumentException(
            $"The key '{group}:{member}' is longer than {LivenessTable.MaxKeyLength} bytes of UTF-8.", nameof(member));
    }

    /// <summary>The member's name in a key.</summary>
    public static string NameIn(string key) => key[(key.IndexOf(':', StringComparison.Ordinal) + 1)..];

    /// <summary>The length of the group's name in a key, or 0 if the key names no member: both names must be there.</summary>
    public static int GroupLength(ReadOnlySpan<byte> key)
    {
        int at = key.IndexOf(Separator);
        return at > 0 && at < key.Length - 1 ? at : 0;
    }

    public static void CheckGroup(string group) => Check(group, nameof(group), isGroup: true);

    private static void Check(string name, string parameter, bool isGroup)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        for (int i = 0; i < name.Length; i++)
        {
            char c = name[i];
            if (char.IsHighSurrogate(c) && i + 1 < name.Length && char.IsLowSurrogate(name[i + 1]))
            {
                i++;
            }
            else if (c is <= ' ' or '\u007f' || (isGroup && c == ':') || char.IsSurrogate(c))
            {
                throw new ArgumentException(
                    $"A {parameter}'s name may not hold {Describe(c)}: '{name}'. {(isGroup ? "White space, control characters and ':'" : "White space and control characters")} are not allowed.",
                    parameter);
            }
        }
    }

    private static string Describe(char c) => c switch
    {
        ' ' => "a space",
        ':' => "':'",

        // In UTF-8 all of them would become one character, and several names one member.
        _ when char.IsSurrogate(c) => $"half of a surrogate pair, U+{(int)c:X4}",
        _ => $"the control character U+{(int)c:X4}",
    };
}
