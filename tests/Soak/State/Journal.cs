using System.IO.MemoryMappedFiles;

namespace LivenessEngine.Soak.State;

/// <summary>
/// What the threads of a process were about to do and had done when it was killed: words in a mapped file, each thread's
/// its own, each written before or after what it speaks of.
/// </summary>
internal sealed unsafe class Journal : IDisposable
{
    public const int Threads = 4, Keys = 48, Counters = 3;

    private const int WordsOfThread = (3 * Keys) + Counters;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly long* _words;

    public Journal(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.OpenOrCreate, null, Threads * WordsOfThread * sizeof(long));
        _view = _file.CreateViewAccessor();
        byte* start = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        _words = (long*)start;
    }

    /// <summary>The version that the key is about to have, and every one up to it.</summary>
    public ref long Intended(int thread, int key) => ref _words[(thread * WordsOfThread) + key];

    /// <summary>The version that it was acknowledged to have.</summary>
    public ref long Acknowledged(int thread, int key) => ref _words[(thread * WordsOfThread) + Keys + key];

    /// <summary>The acknowledged time of its last beat, by the liveness clock.</summary>
    public ref long Seen(int thread, int key) => ref _words[(thread * WordsOfThread) + (2 * Keys) + key];

    /// <summary>How often this thread has counted a number up.</summary>
    public ref long Counted(int thread, int counter) => ref _words[(thread * WordsOfThread) + (3 * Keys) + counter];

    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
