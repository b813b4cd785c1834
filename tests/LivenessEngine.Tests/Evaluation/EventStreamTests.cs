using LivenessEngine.Evaluation;

namespace LivenessEngine.Tests.Evaluation;

public sealed class EventStreamTests
{
    private static MemberUp Event(int number) => new("compute", $"node{number}", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

    [Fact]
    public async Task What_is_lost_again_is_told_again()
    {
        var stream = new EventStream(null, capacity: 2);
        await using IAsyncEnumerator<MemberEvent> reader = stream.ReadAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        int written = 0;
        Write(5);
        await Next("node3", missed: 3);
        await Next("node4", missed: 0);
        Write(1);
        await Next("node5", missed: 0);
        Write(7);
        await Next("node11", missed: 5);
        Write(1);
        await Next("node12", missed: 0);
        await Next("node13", missed: 0);
        stream.Complete();
        Assert.False(await reader.MoveNextAsync());

        void Write(int count)
        {
            for (int i = 0; i < count; i++)
            {
                stream.Write(Event(written++));
            }
        }

        async Task Next(string member, long missed)
        {
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal((member, missed), (reader.Current.Member, reader.Current.Missed));
        }
    }

    [Fact]
    public async Task One_event_may_go_to_streams_that_have_lost_differently()
    {
        var small = new EventStream(null, capacity: 1);
        var large = new EventStream(null, capacity: 10);
        for (int i = 0; i < 3; i++)
        {
            MemberUp shared = Event(i);
            small.Write(shared);
            large.Write(shared);
        }

        small.Complete();
        large.Complete();
        Assert.Equal([2L], await Missed(small, TestContext.Current.CancellationToken));
        Assert.Equal([0L, 0, 0], await Missed(large, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_reader_may_be_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var stream = new EventStream(null, capacity: 1);
        Task reading = Missed(stream, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    private static async Task<List<long>> Missed(EventStream stream, CancellationToken cancellationToken)
    {
        var missed = new List<long>();
        await foreach (MemberEvent memberEvent in stream.ReadAsync(cancellationToken))
        {
            missed.Add(memberEvent.Missed);
        }

        return missed;
    }

    [Fact]
    public async Task Those_that_are_there_can_be_taken_at_once()
    {
        var stream = new EventStream(null, 2);
        Assert.False(stream.TryRead(out _));
        for (int i = 0; i < 5; i++)
        {
            stream.Write(new MemberUp("g", $"m{i}", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch));
        }

        Assert.True(await stream.WaitAsync(TestContext.Current.CancellationToken));
        Assert.True(stream.TryRead(out MemberEvent? first));
        Assert.Equal(("m3", 3), (first.Member, first.Missed));
        Assert.True(stream.TryRead(out MemberEvent? second));
        Assert.Equal(("m4", 0), (second.Member, second.Missed));
        Assert.False(stream.TryRead(out _));
        stream.Complete();
        Assert.False(await stream.WaitAsync(TestContext.Current.CancellationToken));
    }
}
