namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>Something to be done on a loop's thread.</summary>
internal interface ILoopWork
{
    void Run();
}
