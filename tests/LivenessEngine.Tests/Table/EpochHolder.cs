using LivenessEngine.Table;

namespace LivenessEngine.Tests.Table;

/// <summary>A thread that is inside an epoch, as one that was stopped in the middle of an operation would be.</summary>
internal sealed class EpochHolder : IDisposable
{
    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _leave = new();
    private readonly Thread _thread;

    public EpochHolder()
    {
        _thread = new Thread(() =>
        {
            using EpochGuard guard = Epoch.Enter(this);
            _entered.Set();
            _leave.Wait();
        });
        _thread.Start();
        _entered.Wait();
    }

    public void Dispose()
    {
        _leave.Set();
        _thread.Join();
        _entered.Dispose();
        _leave.Dispose();
    }
}
