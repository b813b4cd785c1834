using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LivenessEngine.Table;

/// <summary>
/// One reserved range of zeroed address space. The operating system commits it page by page on the first touch, so
/// that a range sized for the worst case costs only what is used and never has to be moved to grow.
/// </summary>
/// <remarks>
/// Everything inside a region is named by its offset from <see cref="Base"/>, never by a pointer: the same bytes can be a
/// mapped file, which another process maps elsewhere. The memory is given back when the region is
/// unreachable; <see cref="EpochGuard"/> keeps its table, and so its regions, reachable while it is held.
/// </remarks>
internal sealed unsafe partial class Region
{
    /// <summary>The size of a huge page on x86-64 and on arm64 with 4 KiB pages.</summary>
    private const long HugePage = 2L << 20;

    private readonly void* _allocation;
    private readonly nuint _mapped;

    /// <param name="bytes">How many bytes to reserve; more than zero.</param>
    /// <exception cref="InsufficientMemoryException">The address space (<c>ulimit -v</c>, say) does not hold it.</exception>
    public Region(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Length = bytes;
        if (OperatingSystem.IsLinux())
        {
            _mapped = (nuint)(bytes + HugePage);
            _allocation = Map(null, _mapped, Read | Write, Private | Anonymous | NoReserve, -1, 0);
            if ((nint)_allocation == -1)
            {
                throw new InsufficientMemoryException($"cannot reserve {bytes} bytes of address space (errno {Marshal.GetLastPInvokeError()})");
            }

            Base = (byte*)(((nint)_allocation + HugePage - 1) & ~(nint)(HugePage - 1));
            if (bytes >= HugePage)
            {
                // Random access to gigabytes is bound by TLB misses; a refusal costs speed and nothing else.
                _ = Advise(Base, (nuint)(bytes & ~(HugePage - 1)), AdviseHugePage);
            }
        }
        else
        {
            _allocation = NativeMemory.AllocZeroed((nuint)bytes + 64);
            Base = (byte*)(((nint)_allocation + 63) & ~(nint)63);
        }
    }

    /// <summary>The first bytes of a file: what is stored here is in the file, and outlives the process.</summary>
    /// <param name="file">May be closed once it is mapped.</param>
    /// <param name="bytes">No more than the file has.</param>
    /// <param name="isCopy">Whether what is stored here stays here and does not go into the file.</param>
    /// <exception cref="InsufficientMemoryException">The address space (<c>ulimit -v</c>, say) does not hold it.</exception>
    /// <exception cref="IOException">The file cannot be mapped.</exception>
    public Region(SafeFileHandle file, long bytes, bool isCopy = false)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        Length = bytes;
        bool added = false;
        file.DangerousAddRef(ref added);
        try
        {
            _mapped = (nuint)bytes;
            int flags = isCopy ? Private | NoReserve : Shared;
            _allocation = Map(null, _mapped, Read | Write, flags, (int)file.DangerousGetHandle(), 0);
        }
        finally
        {
            file.DangerousRelease();
        }

        if ((nint)_allocation == -1)
        {
            int error = Marshal.GetLastPInvokeError();
            throw error == OutOfMemory
                ? new InsufficientMemoryException($"cannot map {bytes} bytes of a file into the address space (errno {error})")
                : new IOException($"cannot map {bytes} bytes of a file (errno {error})");
        }

        Base = (byte*)_allocation;
    }

    ~Region()
    {
        if (_mapped != 0 && (nint)_allocation != -1)
        {
            _ = Unmap(_allocation, _mapped);
        }
        else if (_mapped == 0)
        {
            NativeMemory.Free(_allocation);
        }
    }

    /// <summary>Aligned to a huge page on Linux and to a cache line elsewhere; of a file, to a page.</summary>
    public byte* Base { get; }

    public long Length { get; }

    /// <summary>The first of an array of <typeparamref name="T"/> that starts <paramref name="offset"/> bytes in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Array<T>(long offset = 0)
        where T : unmanaged => (T*)(Base + offset);

    /// <summary>
    /// Of a file: a page that is touched comes in alone. Otherwise the kernel reads ahead, up to 16 MiB at once on a device
    /// that is set so, and zeroes it all under the one thread that touched the first page of it (26 ms, measured).
    /// </summary>
    public void ReadSingly() => _ = Advise(Base, (nuint)Length, AdviseRandom);

    private const int Read = 1, Write = 2;
    private const int OutOfMemory = 12;
    private const int Shared = 0x01, Private = 0x02, Anonymous = 0x20, NoReserve = 0x4000;
    private const int AdviseRandom = 1, AdviseHugePage = 14;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "madvise", SetLastError = true)]
    private static partial int Advise(void* address, nuint length, int advice);
}
