using LivenessEngine.ServiceGroups;

namespace LivenessEngine;

/// <summary>The name of a member and of the group it is in.</summary>
/// <param name="Member">The member's name: no white space, no control character.</param>
/// <param name="Group">The group's name: in addition, no ':'. Both with a ':' between are 250 bytes of UTF-8 at the most.</param>
public readonly record struct MemberName(string Member, string Group)
{
    /// <summary>The key of a member, <c>group:member</c>.</summary>
    public override string ToString() => $"{Group}{(char)MemberKey.Separator}{Member}";

    /// <exception cref="ArgumentException">A name is not allowed; the message says why.</exception>
    internal void Check()
    {
        Span<byte> key = stackalloc byte[Table.LivenessTable.MaxKeyLength];
        MemberKey.Write(Member, Group, key);
    }
}
