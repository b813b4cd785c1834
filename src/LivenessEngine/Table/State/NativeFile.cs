using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LivenessEngine.Table.State;

/// <summary>What the runtime has no way to ask of a file. Linux only.</summary>
internal static unsafe partial class NativeFile
{
    private const int OpenForBoth = 2, Create = 0x40, CloseOnExec = 0x80000;
    private const int OwnerOnly = 0x180;
    private const int LockExclusive = 2, LockNonBlocking = 4;
    private const int SyncNow = 4;
    private const int PopulateWrite = 23;
    private const int NotSupported = 95, NoSuchCall = 38, Interrupted = 4;

    /// <summary>Opens a file for a lock, making it if need be. The runtime would lock it in its own way.</summary>
    public static SafeFileHandle Open(string path)
    {
        SafeFileHandle file = Open(path, OpenForBoth | Create | CloseOnExec, OwnerOnly);
        if (file.IsInvalid)
        {
            int error = Marshal.GetLastPInvokeError();
            file.Dispose();
            throw new IOException($"{path}: {Marshal.GetPInvokeErrorMessage(error)}");
        }

        return file;
    }

    /// <summary>Whether this process has the lock on the file now.</summary>
    public static bool TryLock(SafeFileHandle file) => Lock(file, LockExclusive | LockNonBlocking) == 0;

    /// <summary>Takes space on the disk for a range; false when there is none, null when the file system cannot tell.</summary>
    public static bool? TryTakeSpace(SafeFileHandle file, long offset, long length)
    {
        int error;
        do
        {
            error = Allocate(file, 0, (nint)offset, (nint)length) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);
        return error is NotSupported or NoSuchCall ? null : error == 0;
    }

    /// <summary>Writes a mapped range to the disk, and waits for it.</summary>
    public static void Sync(byte* address, long length) => _ = Synchronize(address, (nuint)length, SyncNow);

    /// <summary>Maps a range page by page now and not at the first touch; where the kernel cannot, nothing is lost.</summary>
    public static void Populate(byte* address, long length) => _ = Advise(address, (nuint)length, PopulateWrite);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    private static partial int Lock(SafeFileHandle file, int operation);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, nint offset, nint length);

    [LibraryImport("libc", EntryPoint = "msync", SetLastError = true)]
    private static partial int Synchronize(void* address, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* address, nuint length, int advice);
}
