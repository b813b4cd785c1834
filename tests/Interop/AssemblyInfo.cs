using System.Runtime.Versioning;

// The servers and clients that it uses, and the signals, are those of a Linux machine.
[assembly: SupportedOSPlatform("linux")]

// Many of its tests wait for time to pass.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
