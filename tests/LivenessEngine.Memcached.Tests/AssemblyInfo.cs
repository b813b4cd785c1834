// The epochs are the process's: a test that holds a thread inside one would hold up the memory of every other. And an
// allocation gate is best left alone with its caches.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
