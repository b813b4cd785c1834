using System.Runtime.InteropServices;

namespace LivenessEngine.Tools.FleetSim.Backends.Wire;

/// <summary>The connections of all nodes, and the loop that waits for them.</summary>
/// <remarks>One thread uses it.</remarks>
internal sealed unsafe class WireLoop : IDisposable
{
    private const int MostEvents = 1024;

    private readonly WireLine[] _lines;
    private readonly List<WireLine> _touched = [];
    private readonly int _epoll = Native.EpollCreate(0);
    private readonly bool[] _waitsToSend;
    private readonly byte[] _buffer = new byte[64 << 10];

    public WireLoop(WireLine[] lines)
    {
        _lines = lines;
        _waitsToSend = new bool[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            Control(Native.Add, i, Native.In);
        }
    }

    /// <summary>The line that a node shares with every so manyth.</summary>
    public WireLine LineOf(int node)
    {
        WireLine line = _lines[node % _lines.Length];
        if (!line.HasUnsent)
        {
            _touched.Add(line);
        }

        return line;
    }

    /// <summary>Sends what was added, and waits for what comes, but no longer than a time.</summary>
    public void Turn(TimeSpan wait)
    {
        foreach (WireLine line in _touched)
        {
            line.Send();
            if (line.IsBlocked)
            {
                Watch(line.Number);
            }
        }

        _touched.Clear();
        Native.Event* events = stackalloc Native.Event[MostEvents];
        int ready = Native.EpollWait(_epoll, events, MostEvents, Math.Max(0, (int)Math.Ceiling(wait.TotalMilliseconds)));
        for (int i = 0; i < ready; i++)
        {
            int number = (int)events[i].Data;
            WireLine line = _lines[number];
            if ((events[i].Events & Native.Out) != 0)
            {
                line.Send();
                Watch(number);
            }

            if ((events[i].Events & ~(uint)Native.Out) != 0)
            {
                line.Receive(_buffer);
            }
        }
    }

    public void Dispose()
    {
        _ = Native.Close(_epoll);
        Array.ForEach(_lines, line => line.Dispose());
    }

    // Asks to be told when the server takes more, as long as there is more.
    private void Watch(int number)
    {
        if (_waitsToSend[number] != _lines[number].IsBlocked)
        {
            _waitsToSend[number] = _lines[number].IsBlocked;
            Control(Native.Change, number, Native.In | (_waitsToSend[number] ? Native.Out : 0));
        }
    }

    private void Control(int operation, int number, int events)
    {
        var change = new Native.Event { Events = (uint)events, Data = (ulong)number };
        if (Native.EpollControl(_epoll, operation, _lines[number].Descriptor, &change) != 0)
        {
            throw new InvalidDataException($"epoll_ctl failed: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }
}
