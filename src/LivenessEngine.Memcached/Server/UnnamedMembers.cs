using LivenessEngine.Table;
using LivenessEngine.Time;

namespace LivenessEngine.Memcached.Server;

/// <summary>
/// Those who are members by what they send, and whose name nobody knew when they came: moved into the group that is theirs
/// when Nova's services table names them.
/// </summary>
/// <remarks>Called with the engine's tick.</remarks>
internal sealed class UnnamedMembers(Engine engine, MemberRule rule)
{
    // What they were last compared with. The register is replaced as a whole.
    private IReadOnlyCollection<ServiceRecord>? _compared;

    public void Name(Moment now)
    {
        IReadOnlyCollection<ServiceRecord> services = engine.Register.Services;
        if (rule.UnnamedGroup < 0 || ReferenceEquals(services, _compared))
        {
            return;
        }

        _compared = services;
        MemberColumns columns = engine.Table.Members.Columns;
        int end = columns.End;
        for (int row = 1; row < end && services.Count > 0; row++)
        {
            if (columns.Group(row) == rule.UnnamedGroup)
            {
                Name(columns, row);
            }
        }
    }

    private void Name(MemberColumns columns, int row)
    {
        using EpochGuard guard = engine.Table.Enter();
        int group = engine.Register.GroupOf(engine.Table.Members.KeyOf(guard, row));
        if (group >= 0)
        {
            columns.Regroup(row, rule.UnnamedGroup, group);
        }
    }
}
