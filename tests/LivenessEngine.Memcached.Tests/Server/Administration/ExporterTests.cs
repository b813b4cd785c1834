using System.Globalization;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Server.Administration;

/// <summary>
/// What the Prometheus memcached_exporter reads (pkg/exporter/exporter.go). It passes over what is not there, but a value that
/// it cannot parse makes it say that the server is down.
/// </summary>
public sealed class ExporterTests : IAsyncDisposable
{
    private readonly MemoryServer _server = new();

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    public static TheoryData<string, string> Numbers => new(
        Named(
            "",
            "get_hits get_misses delete_hits delete_misses incr_hits incr_misses decr_hits decr_misses cas_hits cas_misses touch_hits touch_misses "
            + "uptime time cas_badval cmd_flush cmd_set bytes limit_maxbytes curr_items total_items bytes_read bytes_written curr_connections "
            + "total_connections rejected_connections conn_yields listen_disabled_num evictions reclaimed store_too_large store_no_memory "
            + "lru_crawler_starts direct_reclaims crawler_items_checked crawler_reclaimed accepting_conns rusage_user rusage_system")
        .Concat(Named("settings", "maxconns lru_crawler_sleep lru_crawler_tocrawl"))
        .Concat(Named(
            "items",
            "items:1:number items:1:age items:1:crawler_reclaimed items:1:evicted items:1:evicted_nonzero items:1:evicted_time "
            + "items:1:evicted_unfetched items:1:expired_unfetched items:1:outofmemory items:1:reclaimed items:1:mem_requested"))
        .Concat(Named(
            "slabs",
            "total_malloced 1:get_hits 1:delete_hits 1:incr_hits 1:decr_hits 1:cas_hits 1:touch_hits 1:cas_badval 1:cmd_set 1:chunk_size "
            + "1:chunks_per_page 1:total_pages 1:total_chunks 1:used_chunks 1:free_chunks 1:free_chunks_end")));

    /// <summary>Left out on purpose.</summary>
    public static TheoryData<string, string> Absent => new(
        // No lists by age that items move between: no maintainer thread and no segments.
        Named("", "moves_to_cold moves_to_warm moves_within_lru")
        .Concat(Named("settings", "hot_lru_pct warm_lru_pct hot_max_factor warm_max_factor"))
        .Concat(Named(
            "items",
            "items:1:number_hot items:1:number_warm items:1:number_cold items:1:number_temp items:1:age_hot items:1:age_warm items:1:moves_to_cold "
            + "items:1:moves_to_warm items:1:moves_within_lru items:1:hits_to_hot items:1:hits_to_warm items:1:hits_to_cold items:1:hits_to_temp"))

        // No references that could be lost and would have to be repaired.
        .Concat(Named("items", "items:1:tailrepairs"))

        // memcached itself has it under items alone, and counts those two for the whole server.
        .Concat(Named("slabs", "1:mem_requested"))
        .Concat(Named("items", "items:1:store_too_large items:1:store_no_memory"))

        // The exporter looks for the rest of them only beside these two.
        .Concat(Named("", "extstore_limit_maxbytes proxy_backend_total")));

    [Theory, MemberData(nameof(Numbers))]
    public void Is_a_number(string what, string name)
    {
        _server.Ask("set a 0 0 1\r\n1\r\n");

        string? value = _server.Stat(name, what);

        Assert.True(double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _), $"{name} is '{value}'");
    }

    [Theory, MemberData(nameof(Absent))]
    public void Is_not_there(string what, string name)
    {
        _server.Ask("set a 0 0 1\r\n1\r\n");

        Assert.Null(_server.Stat(name, what));
    }

    [Theory]
    [InlineData("lru_crawler", "yes")]
    [InlineData("lru_maintainer_thread", "no")]
    public void Is_a_word(string name, string value) => Assert.Equal(value, _server.Stat(name, "settings"));

    // The exporter takes what stands behind the point for a number of microseconds.
    [Theory]
    [InlineData("rusage_user")]
    [InlineData("rusage_system")]
    public void Is_a_time_of_seconds_and_six_digits(string name) => Assert.Matches(@"^\d+\.\d{6}$", _server.Stat(name));

    private static IEnumerable<(string What, string Name)> Named(string what, string names) => names.Split(' ').Select(name => (what, name));
}
