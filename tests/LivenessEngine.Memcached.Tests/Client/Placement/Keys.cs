using System.Text;
using LivenessEngine.Memcached.Client;
using LivenessEngine.Memcached.Client.Placement;
using LivenessEngine.Memcached.Nova;
using LivenessEngine.Testing;

namespace LivenessEngine.Memcached.Tests.Client.Placement;

/// <summary>The keys of 10,000 members, plain and mangled, and where they are put.</summary>
internal static class Keys
{
    public static readonly byte[][] All = [.. Enumerable.Range(0, 10_000).Select(
        i => NovaKey.Of(new MemberName($"node{i}.example.org", "compute"), i % 2 == 0 ? MemcachedKeyForm.Sha1 : MemcachedKeyForm.Plain))];

    public static int[] Place(MemcachedPlacement placement, string[] servers, params int[] dead)
    {
        IPlacement tested = Placements.Create(placement, [.. servers.Select(ServerNode.Parse)]);
        bool[] living = [.. servers.Select((_, number) => !dead.Contains(number))];
        return Array.ConvertAll(All, key => tested.Place(key, living));
    }

    /// <summary>Where a real client puts them.</summary>
    public static async Task<int[]> AskAsync(string client, string[] servers, params int[] dead)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllLinesAsync(folder["keys"], All.Select(Encoding.ASCII.GetString), TestContext.Current.CancellationToken);
        string[] lines = await DebianPython.RunAsync(
            "LivenessEngine.Memcached.Tests/Client/Placement/where.py",
            [client, folder["keys"], .. servers, .. dead.Select(number => $"dead:{number}")]);
        return Array.ConvertAll(lines, int.Parse);
    }
}
