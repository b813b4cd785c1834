using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace LivenessEngine.Table.State;

/// <summary>
/// The right to use a state file, one process's at a time: a lock on a file beside it, which stays when the state file is
/// renamed. The kernel lets it go when the process ends, however that comes.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly SafeFileHandle _file;

    private StateLock(SafeFileHandle file) => _file = file;

    /// <exception cref="StateFileException">Another process has it, and had it until the time was over.</exception>
    public static StateLock Take(StateFileOptions options)
    {
        SafeFileHandle file = NativeFile.Open(options.Path + ".lock");
        try
        {
            long deadline = Environment.TickCount64 + (long)Math.Min(options.LockTimeout.TotalMilliseconds, int.MaxValue);
            while (!NativeFile.TryLock(file))
            {
                if (Environment.TickCount64 >= deadline || options.StopWaiting.WaitHandle.WaitOne(Pause))
                {
                    throw new StateFileException(
                        $"the state file {options.Path} is in use by process {ReadOwner(file)}: stop that, wait for it, or give this one a file of its own");
                }
            }

            WriteOwner(file);
            return new StateLock(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    private static string ReadOwner(SafeFileHandle file)
    {
        Span<byte> text = stackalloc byte[16];
        int length = RandomAccess.Read(file, text, 0);
        return int.TryParse(text[..length], NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out int pid)
            ? pid.ToString(CultureInfo.InvariantCulture)
            : "?";
    }

    private static void WriteOwner(SafeFileHandle file)
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
        RandomAccess.SetLength(file, 0);
        RandomAccess.Write(file, text, 0);
    }
}
