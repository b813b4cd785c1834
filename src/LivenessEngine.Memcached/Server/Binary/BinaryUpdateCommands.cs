using System.Buffers.Binary;
using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Protocol.Binary;
using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server.Binary;

/// <summary>The binary protocol's commands that change what is stored. Their quiet forms say what failed, and nothing else.</summary>
internal sealed class BinaryUpdateCommands(ServerContext server, Updates updates)
{
    // Where no number is to be made.
    private const uint NoInitial = uint.MaxValue;

    private readonly Arithmetic _arithmetic = new(server);
    private readonly bool _useCas = server.Options.UseCas;

    /// <summary>
    /// Set, Add, Replace (extras: flags and exptime), Append, Prepend: takes memory for a new item; its value follows. With a
    /// version the first three are cas.
    /// </summary>
    public StoreResult Begin(scoped in BinaryRequest request, ref Turn turn, ref PendingStore store)
    {
        bool concatenates = request.Command is Opcode.Append or Opcode.Prepend;
        store.Mode = _useCas && request.Cas != 0 && !concatenates ? StoreMode.Cas : ModeOf(request.Command);
        store.Cas = request.Cas;
        store.NoReply = request.IsQuiet;
        store.IsMeta = false;
        store.TakesOlder = false;
        store.DropsOnFailure = request.Command == Opcode.Set;
        store.Flags = concatenates ? 0 : request.Flags;
        if (server.Prefixes.IsCollecting)
        {
            server.Prefixes.RecordSet(request.Key);
        }

        int valueLength = (int)Math.Min(request.ValueLength, RequestParser.MaxValueLength);
        StoreResult begun = updates.Begin(request.Key, request.Exptime, valueLength, ItemMarks.None, version: 0, ref turn, ref store);
        if (begun != StoreResult.Stored)
        {
            turn.Writer.ReplyNoRoom(request.Sender, begun);
        }

        return begun;
    }

    /// <summary>Stores the item whose value is complete.</summary>
    /// <param name="store">The item.</param>
    /// <param name="command">The command without its Q.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="turn">The turn.</param>
    public void Commit(ref PendingStore store, Opcode command, in ReplyAddress sender, ref Turn turn)
    {
        StoreResult result = updates.Commit(ref store, ref turn, out ulong version);
        if (result != StoreResult.Stored)
        {
            turn.Writer.Fail(sender, StatusOf(result, command));
        }
        else if (!store.NoReply)
        {
            turn.Writer.Reply(sender, BinaryStatus.Success, default, _useCas ? version : 0);
        }
    }

    /// <summary>Delete; with a version, only the item that has it.</summary>
    public void Delete(scoped in BinaryRequest request, ref Turn turn)
    {
        // Without versions (-C) every item has version 0.
        ulong? expected = request.Cas == 0 ? null : _useCas ? request.Cas : ulong.MaxValue;
        LookupResult result = updates.Delete(request.Key, expected, ref turn);
        if (result != LookupResult.Found)
        {
            turn.Writer.Fail(request.Sender, result == LookupResult.Changed ? BinaryStatus.Exists : BinaryStatus.NotFound);
        }
        else if (!request.IsQuiet)
        {
            turn.Writer.Reply(request.Sender, BinaryStatus.Success);
        }
    }

    /// <summary>
    /// Increment and Decrement (extras: delta, initial value, exptime): where there is nothing the initial value is stored,
    /// unless the exptime is 0xffffffff. The reply is the number, 64 bits.
    /// </summary>
    public void Add(scoped in BinaryRequest request, ref Turn turn)
    {
        Sum sum = default;
        sum.Delta = request.Delta;
        sum.Up = request.Command == Opcode.Increment;
        sum.Expected = _useCas || request.Cas == 0 ? request.Cas : ulong.MaxValue;
        InitialNumber? initial = request.Exptime == NoInitial
            ? null
            : new InitialNumber(request.Initial, Expiry.ToDeadline(request.Exptime, turn.Now.UnixMilliseconds));
        ArithmeticResult result = _arithmetic.Add(request.Key, ref sum, initial, ref turn, out ulong version, out StoreResult created);
        if (result == ArithmeticResult.Done || created == StoreResult.Stored)
        {
            if (!request.IsQuiet)
            {
                Span<byte> number = stackalloc byte[sizeof(ulong)];
                BinaryPrimitives.WriteUInt64BigEndian(number, sum.Value);
                turn.Writer.Reply(request.Sender, BinaryStatus.Success, number, _useCas ? version : 0);
            }
        }
        else if (result == ArithmeticResult.OutOfMemory || created != StoreResult.NotFound)
        {
            ReadOnlySpan<byte> message = created != StoreResult.NotFound ? "Out of memory allocating new item"u8 : "Out of memory incrementing value"u8;
            turn.Writer.Reply(request.Sender, BinaryStatus.OutOfMemory, message);
        }
        else
        {
            turn.Writer.Fail(request.Sender, result switch
            {
                ArithmeticResult.NonNumeric => BinaryStatus.NonNumeric,
                ArithmeticResult.Changed => BinaryStatus.Exists,
                _ => BinaryStatus.NotFound,
            });
        }
    }

    private static StoreMode ModeOf(Opcode command) => command switch
    {
        Opcode.Add => StoreMode.Add,
        Opcode.Replace => StoreMode.Replace,
        Opcode.Append => StoreMode.Append,
        Opcode.Prepend => StoreMode.Prepend,
        _ => StoreMode.Set,
    };

    // Add and Replace say why they did not store, whatever it was (memcached, proto_bin.c).
    private static BinaryStatus StatusOf(StoreResult result, Opcode command) => result switch
    {
        StoreResult.Exists => BinaryStatus.Exists,
        StoreResult.NotFound => BinaryStatus.NotFound,
        _ when command == Opcode.Add => BinaryStatus.Exists,
        _ when command == Opcode.Replace => BinaryStatus.NotFound,
        _ => BinaryStatus.NotStored,
    };
}
