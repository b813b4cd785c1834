// One at a time: each is given its seconds, and the epochs are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
