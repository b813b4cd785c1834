using LivenessEngine.Database.Tests.Servers;

// The tests share one server of each kind, and some of them kill it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(SharedServers))]
