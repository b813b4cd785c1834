using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LivenessEngine.Table.State;

/// <summary>
/// The file that a table lives in. Whatever was stored is in it with the store itself, in the page cache, which outlives
/// the process: a process that is killed loses nothing. What the machine's own end leaves is what the kernel had written
/// by then; checksums tell what of that is whole.
/// </summary>
/// <remarks>
/// A file that cannot be used is renamed and never deleted. A file that is too small for the table is opened beside a new
/// one (<see cref="Former"/>), which takes its name when the content has been carried over.
/// </remarks>
internal sealed unsafe class StateFile : IDisposable
{
    private const long SyncStep = 16 << 20;
    private const string NewSuffix = ".new";

    private readonly StateFileOptions _options;
    private readonly StateLock _lock;
    private readonly SafeFileHandle _file;

    private StateFile(StateFileOptions options, StateLock taken, SafeFileHandle file, StateImage image)
    {
        _options = options;
        _lock = taken;
        _file = file;
        Image = image;
        Space = new StateSpace(
            image.Layout,
            image.Running,
            options.TakeSpace ?? new FileSpace(file).TryTake,
            () => Warn("the disk has no room for more of it: the table does not grow until there is some"));
    }

    public StateImage Image { get; }

    public StateSpace Space { get; }

    /// <summary>What was there before, where its content is still to be carried over; null otherwise.</summary>
    public StateImage? Former { get; private init; }

    /// <summary>Where a file went that could not be used; null if there was none.</summary>
    public string? SetAside { get; private init; }

    /// <summary>Opens or makes the file that the options name, for a table with such options.</summary>
    /// <exception cref="StateFileException">It is in use, or cannot be made.</exception>
    /// <exception cref="InsufficientMemoryException">The address space (<c>ulimit -v</c>, say) does not hold it.</exception>
    public static StateFile Open(StateFileOptions options, TableOptions table, DateTimeOffset now)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new StateFileException($"the state file {options.Path} cannot be used: state files are for Linux only");
        }

        StateLock? taken = null;
        try
        {
            taken = StateLock.Take(options);
            return OpenLocked(options, taken, table, now);
        }
        catch (Exception fault) when (fault is (IOException or UnauthorizedAccessException) and not StateFileException)
        {
            taken?.Dispose();
            throw new StateFileException($"the state file {options.Path} cannot be used: {fault.Message}", fault);
        }
        catch
        {
            taken?.Dispose();
            throw;
        }
    }

    /// <summary>The content of <see cref="Former"/> is here: takes its name.</summary>
    public void ReplaceFormer() => File.Move(_options.Path + NewSuffix, _options.Path, overwrite: true);

    public void Warn(string what) => _options.Warn?.Invoke($"state file {_options.Path}: {what}");

    /// <summary>
    /// Ends in order: nobody may use the table any more. Another process may have the file at once. Then writes to the disk for
    /// as long as that may take; what is not written by then the kernel writes when it likes.
    /// </summary>
    public void Stop(TimeSpan limit)
    {
        Image.Running.Stopped();
        Dispose();
        RunningValues present = Image.Running.Present;
        long end = Image.Layout.BlocksAt + ((long)present.PagesEnd * SizeClasses.PageSize);
        long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        for (long at = 0; at < end && Environment.TickCount64 < deadline; at += SyncStep)
        {
            NativeFile.Sync(Image.Memory.Base + at, Math.Min(SyncStep, end - at));
        }
    }

    /// <summary>Lets another process have the file. The table stays mapped as long as it is reachable.</summary>
    public void Dispose()
    {
        _file.Dispose();
        _lock.Dispose();
    }

    /// <summary>Renames the file, whose content is of no use, and lets it go; returns its new name.</summary>
    public string PutAside(DateTimeOffset now, string fault)
    {
        using (this)
        {
            return PutAside(_options, now, fault);
        }
    }

    private static StateFile OpenLocked(StateFileOptions options, StateLock taken, TableOptions table, DateTimeOffset now)
    {
        StateLayout wanted = StateLayout.For(table);
        SafeFileHandle? file = OpenExisting(options, now, out StateImage? image, out string? setAside);
        if (file is null)
        {
            StateFile fresh = Create(options, taken, wanted, table.HashSeed, former: null, setAside);
            File.Move(options.Path + NewSuffix, options.Path, overwrite: true);
            return fresh;
        }

        bool fits = image!.Layout.Pages > TableCore.PagesFor(table.MemoryLimit) + SlabAllocator.MaxOverdraft
            && image.Header.HashKind == StateHeader.PresentHashKind;
        if (!fits)
        {
            using (file)
            {
                var former = new StateImage(file, image.Header, isCopy: true);
                return Create(options, taken, wanted, table.HashSeed, former, setAside: null);
            }
        }

        var state = new StateFile(options, taken, file, image);
        state.TakeSpace();
        return state;
    }

    private void TakeSpace()
    {
        RunningValues present = Image.Running.Present;
        if (!Space.TryTakeUsed(present.PagesEnd, present.RowsEnd))
        {
            throw new IOException("the disk has no room for it");
        }
    }

    // Null if there is none that can be used; one that is there then was set aside.
    private static SafeFileHandle? OpenExisting(StateFileOptions options, DateTimeOffset now, out StateImage? image, out string? setAside)
    {
        image = null;
        setAside = null;
        if (!File.Exists(options.Path) && !Directory.Exists(options.Path))
        {
            return null;
        }

        SafeFileHandle file = File.OpenHandle(options.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            long length = RandomAccess.GetLength(file);
            StateHeader header = default;
            int read = RandomAccess.Read(file, MemoryMarshal.AsBytes(new Span<StateHeader>(ref header)), 0);
            if (read == 0)
            {
                // Nothing was ever in it: somebody has made it for us.
                file.Dispose();
                return null;
            }

            string? fault = header.Fault(length);
            if (fault is null)
            {
                image = new StateImage(file, header);
                fault = image.Running.IsSound && IsPlausible(image) ? null : "its running values are damaged";
            }

            if (fault is null)
            {
                return file;
            }

            image = null;
            file.Dispose();
            setAside = PutAside(options, now, fault);
            return null;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool IsPlausible(StateImage image)
    {
        RunningValues present = image.Running.Present;
        return present.PagesEnd >= 0 && present.PagesEnd <= image.Layout.Pages
            && present.RowsEnd >= 0 && present.RowsEnd <= image.Layout.Rows;
    }

    private static string PutAside(StateFileOptions options, DateTimeOffset now, string fault)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{options.Path}.damaged-{now.UtcDateTime:yyyyMMdd'T'HHmmss'Z'}");
        string free = name;
        for (int i = 2; File.Exists(free); i++)
        {
            free = string.Create(CultureInfo.InvariantCulture, $"{name}-{i}");
        }

        File.Move(options.Path, free);
        options.Warn?.Invoke($"state file {options.Path}: {fault}; it is now {free}, and the engine starts empty");
        return free;
    }

    // Under a name of its own until it is whole, so that a process that is killed here leaves what was there.
    private static StateFile Create(
        StateFileOptions options, StateLock taken, StateLayout layout, ulong seed, StateImage? former, string? setAside)
    {
        FileStream file = PrivateFile.Open(options.Path + NewSuffix, FileMode.Create);
        try
        {
            SafeFileHandle handle = file.SafeFileHandle;
            RandomAccess.SetLength(handle, layout.FileLength);
            var header = StateHeader.Create(layout, seed);
            RandomAccess.Write(handle, MemoryMarshal.AsBytes(new ReadOnlySpan<StateHeader>(in header)), 0);
            var state = new StateFile(options, taken, handle, new StateImage(handle, header)) { Former = former, SetAside = setAside };
            state.TakeSpace();
            state.Image.Running.Begin(default);
            return state;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
