using LivenessEngine.Memcached.Protocol;
using LivenessEngine.Memcached.Server.Text;

namespace LivenessEngine.Memcached.Server.Meta;

/// <summary>The meta commands that have no data block: mg, md, ma, me and mn.</summary>
internal sealed class MetaCommands(ServerContext server, GetCommand get)
{
    private readonly MetaGetCommand _get = new(server, get);
    private readonly MetaDeleteCommand _delete = new(server);
    private readonly MetaArithmeticCommand _arithmetic = new(server);
    private readonly MetaDebugCommand _debug = new(server);

    public void Execute(scoped in Request line, ref Turn turn)
    {
        if (line.Command == Command.MetaNoOp)
        {
            turn.Writer.Write(Replies.MetaNoOp);
            return;
        }

        Span<byte> keyBuffer = stackalloc byte[RequestParser.MaxKeyLength];
        if (line.Command == Command.MetaDebug)
        {
            _debug.Execute(line, keyBuffer, ref turn);
            return;
        }

        MetaFault fault = MetaParser.Parse(line, keyBuffer, out MetaRequest request);
        if (fault != MetaFault.None)
        {
            // Whether it was to be quiet or not.
            turn.Writer.Write(Replies.Of(fault));
            return;
        }

        switch (line.Command)
        {
            case Command.MetaGet:
                _get.Execute(request, ref turn);
                break;
            case Command.MetaDelete:
                _delete.Execute(request, ref turn);
                break;
            default:
                _arithmetic.Execute(request, ref turn);
                break;
        }
    }
}
