using System.Text;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;

namespace LivenessEngine.Evaluation;

/// <summary>Which rows belong to members that an operator has forced down. Changed by the sweep alone; asked by anyone.</summary>
internal sealed class ForcedDownRows(LivenessTable table, ServiceRegister register)
{
    private IReadOnlySet<MemberName> _names = register.ForcedDown;

    public SweepBits Bits { get; } = new(table.Members.Columns.Capacity);

    /// <summary>Takes over what the register says by now.</summary>
    public void Follow()
    {
        IReadOnlySet<MemberName> names = register.ForcedDown;
        if (ReferenceEquals(names, _names))
        {
            return;
        }

        foreach (MemberName name in _names)
        {
            Mark(name, forced: false);
        }

        foreach (MemberName name in names)
        {
            Mark(name, forced: true);
        }

        _names = names;
    }

    /// <summary>Whether the member that is about to come up must not; it may have joined after its name was looked for.</summary>
    public bool Claims(int row, string key, int group)
    {
        if (_names.Count == 0 || !_names.Contains(register.NameOf(key, group)))
        {
            return false;
        }

        Bits.Set(row);
        return true;
    }

    // Somebody may report by name and by the SHA-1 of it.
    private void Mark(MemberName name, bool forced)
    {
        Mark(Encoding.UTF8.GetBytes(name.ToString()), forced);
        Mark(Encoding.ASCII.GetBytes(ServiceRegister.KeyOf(name)), forced);
    }

    private void Mark(ReadOnlySpan<byte> key, bool forced)
    {
        using EpochGuard guard = table.Enter();
        int row = table.Members.Find(guard, key);
        if (row == 0)
        {
            return;
        }

        if (forced)
        {
            Bits.Set(row);
        }
        else
        {
            Bits.Clear(row);
        }
    }
}
