using System.Text;
using LivenessEngine.ServiceGroups;

namespace LivenessEngine.Tests.ServiceGroups;

public sealed class GroupDirectoryTests
{
    private readonly GroupDirectory _groups = new();

    [Fact]
    public void A_name_has_one_number_and_a_number_one_name()
    {
        Assert.Equal(0, _groups.GetOrAdd("compute"));
        Assert.Equal(1, _groups.GetOrAdd("volume"u8));
        Assert.Equal(0, _groups.GetOrAdd("compute"u8));
        Assert.Equal(1, _groups.Find("volume"));
        Assert.Equal("volume", _groups.NameOf(1));
        Assert.Equal(["compute", "volume"], _groups.Names);
    }

    [Fact]
    public void What_nobody_has_named_is_not_found()
    {
        Assert.Equal(-1, _groups.Find("compute"));
        _groups.GetOrAdd("compute");
        Assert.Equal(-1, _groups.Find("comput"u8));
        Assert.Equal(-1, _groups.Find("Compute"u8));
    }

    [Fact]
    public void Names_that_are_no_utf8_are_told_apart()
    {
        Assert.Equal(0, _groups.GetOrAdd([0xff]));
        Assert.Equal(1, _groups.GetOrAdd([0xfe]));
        Assert.Equal(2, _groups.GetOrAdd("\uFFFD"));
        Assert.Equal(0, _groups.GetOrAdd([0xff]));
        Assert.Equal(1, _groups.Find([0xfe]));
        Assert.Equal(3, _groups.Names.Count);
    }

    [Fact]
    public void There_are_4096_and_no_more()
    {
        for (int i = 0; i < GroupDirectory.Max; i++)
        {
            Assert.Equal(i, _groups.GetOrAdd(Encoding.ASCII.GetBytes($"group{i}")));
        }

        Assert.Equal(-1, _groups.GetOrAdd("one too many"u8));
        Assert.Equal(7, _groups.GetOrAdd("group7"));
        var refusal = Assert.Throws<InvalidOperationException>(() => _groups.GetOrAdd("another"));
        Assert.Equal("Group 'another' is one too many: an engine has at most 4096 groups.", refusal.Message);
        Assert.Equal(GroupDirectory.Max, _groups.Names.Count);
    }

    [Fact]
    public void Threads_that_add_at_once_agree()
    {
        var numbers = new int[4][];
        Thread[] threads = [.. Enumerable.Range(0, numbers.Length).Select(t => new Thread(
            () => numbers[t] = [.. Enumerable.Range(0, 300).Select(i => _groups.GetOrAdd($"group{(i + (t * 70)) % 300}"))]))];
        Array.ForEach(threads, thread => thread.Start());
        Array.ForEach(threads, thread => thread.Join());
        Assert.Equal(300, _groups.Names.Count);
        for (int t = 0; t < numbers.Length; t++)
        {
            for (int i = 0; i < 300; i++)
            {
                Assert.Equal($"group{(i + (t * 70)) % 300}", _groups.NameOf(numbers[t][i]));
            }
        }
    }

    [Fact]
    public void Finding_allocates_nothing()
    {
        _groups.GetOrAdd("compute");
        _groups.Find("compute"u8);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1000; i++)
        {
            _groups.GetOrAdd("compute"u8);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
