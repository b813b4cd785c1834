namespace LivenessEngine.Memcached.Transports.Loops;

/// <summary>Somebody whose descriptor a loop watches.</summary>
internal interface ILoopTarget
{
    /// <summary>Something has changed with the descriptor. On the loop's thread.</summary>
    /// <param name="flags">epoll's: <see cref="Libc.In"/> and so on.</param>
    void OnEvents(uint flags);

    /// <summary>The loop is about to end, and goes on until everybody has let go of it. On the loop's thread.</summary>
    void End();
}
