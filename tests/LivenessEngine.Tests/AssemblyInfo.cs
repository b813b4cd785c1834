// The epochs are the process's: a test that keeps a thread inside one would hold up the memory of every other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
