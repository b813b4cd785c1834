using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server;

public sealed class RequestsPerEventTests
{
    [Theory, InlineData(1, 6), InlineData(3, 2), InlineData(7, 0), InlineData(0, 0)]
    public async Task After_so_many_requests_it_is_the_others_turn(int most, int yields)
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { RequestsPerEvent = most });
        MemoryConnection client = server.Connect();

        string replies = client.Ask("set a 0 0 1\r\n1\r\nget a\r\nget a a a\r\nmn\r\ndelete a noreply\r\nget a\r\nmn\r\n");

        Assert.Equal("STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n" + string.Concat(Enumerable.Repeat("VALUE a 0 1\r\n1\r\n", 3)) + "END\r\nMN\r\nEND\r\nMN\r\n", replies);
        Assert.Equal(yields, int.Parse(server.Stat("conn_yields")!, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task What_comes_one_at_a_time_waits_for_nobody()
    {
        await using var server = new MemoryServer(new MemcachedServerOptions { RequestsPerEvent = 2 });
        MemoryConnection client = server.Connect();

        for (int i = 0; i < 10; i++)
        {
            Assert.Equal("MN\r\n", client.Ask("mn\r\n"));
        }

        Assert.Equal("0", server.Stat("conn_yields"));
    }
}
