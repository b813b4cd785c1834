namespace LivenessEngine.Memcached.Protocol.Binary;

/// <summary>What a reply repeats of the request that it answers, so that the client knows which it was.</summary>
/// <param name="Opcode">The command as the client sent it.</param>
/// <param name="Opaque">The client's number, its bytes as they came.</param>
internal readonly record struct ReplyAddress(Opcode Opcode, uint Opaque);
