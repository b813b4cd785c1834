using LivenessEngine.Memcached.Protocol;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>The end of a reply that has nothing to say of an item: opaque and key, as they were asked for.</summary>
internal static class MetaTail
{
    public static void Write(scoped MetaRequest request, ref ReplyWriter writer)
    {
        var words = new Tokens(request.Flags);
        for (ReadOnlySpan<byte> word = words.Next(); !word.IsEmpty; word = words.Next())
        {
            if (word[0] == 'O')
            {
                writer.Flag(word);
            }
            else if (word[0] == 'k')
            {
                writer.Key(request.Key, request.IsBinaryKey);
            }
        }

        writer.Write("\r\n"u8);
    }
}
