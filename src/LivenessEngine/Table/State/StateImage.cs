using Microsoft.Win32.SafeHandles;

namespace LivenessEngine.Table.State;

/// <summary>A state file mapped into memory, as sections.</summary>
internal sealed unsafe class StateImage
{
    private readonly Region _memory;

    /// <param name="file">At least as long as the header's layout.</param>
    /// <param name="header">Its head.</param>
    /// <param name="isCopy">Whether nothing that is stored into the sections goes into the file.</param>
    public StateImage(SafeFileHandle file, in StateHeader header, bool isCopy = false)
    {
        Header = header;
        Layout = header.Layout;
        _memory = new Region(file, Layout.FileLength, isCopy);
        Running = new RunningRecord(_memory.Base);
        Groups = new SavedGroups(_memory.Base);
    }

    public StateHeader Header { get; }

    public StateLayout Layout { get; }

    public RunningRecord Running { get; }

    public SavedGroups Groups { get; }

    /// <summary>Keeps the sections mapped as long as it is reachable.</summary>
    public Region Memory => _memory;

    public int* Words => _memory.Array<int>(StateLayout.WordsAt);

    public long* LastSeen => _memory.Array<long>(Layout.LastSeenAt);

    public int* Group => _memory.Array<int>(Layout.GroupAt);

    public ulong* Up => _memory.Array<ulong>(Layout.UpAt);

    public byte* Blocks => _memory.Base + Layout.BlocksAt;
}
