using LivenessEngine.Memcached.Protocol.Binary;

namespace LivenessEngine.Memcached.Server.Authentication;

/// <summary>SASL on the binary protocol, with the one mechanism PLAIN (RFC 4616): who a client is, by the authentication file.</summary>
/// <remarks>It remembers nothing from one step to the next: a second one that brings the credentials is as good as the first.</remarks>
internal sealed class SaslCommands(ServerContext server)
{
    private const int LongestMechanism = 32;

    // Longer than any name with any password.
    private const int LongestMessage = 2048;

    /// <summary>Executes one of the three commands, and writes its reply.</summary>
    /// <param name="request">The request.</param>
    /// <param name="behind">What has come behind its key.</param>
    /// <param name="turn">The turn.</param>
    public SaslResult Execute(scoped in BinaryRequest request, ReadOnlySpan<byte> behind, ref Turn turn)
    {
        if (request.Command == Opcode.SaslListMechanisms)
        {
            turn.Writer.Reply(request.Sender, BinaryStatus.Success, "PLAIN"u8);
            return SaslResult.Told;
        }

        if (request.Key.Length > LongestMechanism)
        {
            turn.Writer.Fail(request.Sender, BinaryStatus.InvalidArguments);
            return SaslResult.Told;
        }

        bool isPlain = request.Key.SequenceEqual("PLAIN"u8);
        if (request.ValueLength <= LongestMessage)
        {
            if (behind.Length < request.ValueLength)
            {
                return SaslResult.NeedMore;
            }

            if (isPlain && request.Command == Opcode.SaslAuthenticate && request.ValueLength == 0)
            {
                turn.Writer.Reply(request.Sender, BinaryStatus.AuthenticationGoesOn);
                return SaslResult.Told;
            }

            behind = behind[..(int)request.ValueLength];
        }
        else
        {
            isPlain = false;
        }

        turn.Counters.Add(WireCounter.AuthCommands);
        if (isPlain && Matches(behind))
        {
            turn.Writer.Reply(request.Sender, BinaryStatus.Success, "Authenticated"u8);
            return SaslResult.Authenticated;
        }

        turn.Counters.Add(WireCounter.AuthErrors);
        turn.Writer.Fail(request.Sender, BinaryStatus.AuthenticationFailed);
        return SaslResult.Refused;
    }

    // [<whom to act for>] NUL <user> NUL <password>; nobody acts for anybody else.
    private bool Matches(ReadOnlySpan<byte> message)
    {
        int first = message.IndexOf((byte)0);
        if (first < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> credentials = message[(first + 1)..];
        int second = credentials.IndexOf((byte)0);
        return second >= 0
            && (first == 0 || message[..first].SequenceEqual(credentials[..second]))
            && server.Authentication!.Current.Match(credentials[..second], credentials[(second + 1)..]);
    }
}
