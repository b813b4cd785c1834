// One at a time: each has more threads than there are cores, and the epochs are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
