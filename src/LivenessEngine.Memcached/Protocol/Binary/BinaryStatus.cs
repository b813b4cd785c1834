namespace LivenessEngine.Memcached.Protocol.Binary;

/// <summary>What a reply of the binary protocol says came of the request (memcached, protocol_binary.h).</summary>
internal enum BinaryStatus : ushort
{
    Success = 0x00,
    NotFound = 0x01,
    Exists = 0x02,
    TooLarge = 0x03,
    InvalidArguments = 0x04,
    NotStored = 0x05,
    NonNumeric = 0x06,
    AuthenticationFailed = 0x20,
    AuthenticationGoesOn = 0x21,
    UnknownCommand = 0x81,
    OutOfMemory = 0x82,
}
