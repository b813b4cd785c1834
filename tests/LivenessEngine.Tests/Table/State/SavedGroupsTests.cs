using System.Text;
using LivenessEngine.ServiceGroups;
using LivenessEngine.Table;
using LivenessEngine.Table.State;

namespace LivenessEngine.Tests.Table.State;

public sealed unsafe class SavedGroupsTests
{
    private readonly Region _memory = new(StateLayout.GroupsAt + SavedGroups.Length);

    [Fact]
    public void A_directory_goes_on_with_the_numbers_of_the_last()
    {
        var first = new GroupDirectory(new SavedGroups(_memory.Base));
        Assert.Equal([0, 1, 2, 1], new[] { "compute", "söndag", "x", "söndag" }.Select(first.GetOrAdd));
        var second = new GroupDirectory(new SavedGroups(_memory.Base));
        Assert.Equal(["compute", "söndag", "x"], second.Names);
        Assert.Equal(3, second.GetOrAdd("new"));
        Assert.Equal(1, new GroupDirectory(new SavedGroups(_memory.Base)).Find("söndag"));
    }

    [Fact]
    public void A_damaged_name_leaves_the_numbers_of_the_others()
    {
        var first = new GroupDirectory(new SavedGroups(_memory.Base));
        Assert.Equal([0, 1, 2], new[] { "a", "b", "c" }.Select(first.GetOrAdd));
        _memory.Base[StateLayout.GroupsAt + 512 + 16] ^= 1;
        Assert.Equal([true, false, true], new SavedGroups(_memory.Base).Read().Select(name => name is not null));
        var second = new GroupDirectory(new SavedGroups(_memory.Base));
        Assert.Equal((0, -1, 2), (second.Find("a"), second.Find("b"), second.Find("c")));
        Assert.Equal(3, second.GetOrAdd("b"));
    }

    [Fact]
    public void A_name_that_is_too_long_is_not_kept()
    {
        var groups = new SavedGroups(_memory.Base);
        groups.Write(0, Encoding.ASCII.GetBytes(new string('x', SavedGroups.MaxName + 1)));
        Assert.Empty(groups.Read());
        groups.Write(0, Encoding.ASCII.GetBytes(new string('x', SavedGroups.MaxName)));
        groups.Hold(0, 5);
        Assert.Equal(SavedGroups.MaxName, groups.Read()[0]!.Length);
        Assert.Equal((5L, 0L), (groups.HeldBefore(0), groups.HeldBefore(1)));
    }
}
