using System.Globalization;
using System.Runtime.InteropServices;
using LivenessEngine.Daemon.CommandLine;

namespace LivenessEngine.Daemon.Serving;

/// <summary>What the daemon asks of the operating system about itself.</summary>
internal static partial class Privileges
{
    private const int LockCurrent = 1, LockFuture = 2, LockOnFault = 4;

    /// <summary>Gives up root for another user (-u). Does nothing for a process that is not root's, as memcached does.</summary>
    /// <exception cref="UsageException">There is no such user, or the change was refused.</exception>
    public static void BecomeUser(string user)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return;
        }

        (uint uid, uint gid) = Find(user);
        if (SetGroups(0, 0) != 0 || SetGroup(gid) != 0 || SetUser(uid) != 0)
        {
            throw new UsageException($"failed to assume identity of user {user}", ExitCode.OperatingSystem);
        }
    }

    /// <summary>Makes a file or a folder the user's.</summary>
    /// <exception cref="UsageException">There is no such user, or the change was refused.</exception>
    public static void Give(string path, string user)
    {
        (uint uid, uint gid) = Find(user);
        if (ChangeOwner(path, uid, gid) != 0)
        {
            throw new UsageException($"{path} cannot be given to {user}: {Marshal.GetLastPInvokeErrorMessage()}", ExitCode.OperatingSystem);
        }
    }

    /// <summary>Whether a process of this user is as good as one of ours: our user, root, or the one that we are about to become.</summary>
    public static bool IsTrusted(uint other, string? user)
        => other == 0 || other == EffectiveUser() || (user is not null && Environment.IsPrivilegedProcess && other == Find(user).User);

    /// <summary>Keeps what is taken of memory from being swapped out (-k). False where the system refuses.</summary>
    public static bool TryLockMemory() => OperatingSystem.IsLinux() && LockAll(LockCurrent | LockFuture | LockOnFault) == 0;

    /// <summary>Leaves the terminal's session, so that its end does not end the daemon.</summary>
    public static void LeaveSession() => _ = SetSession();

    private static (uint User, uint Group) Find(string user)
    {
        string[]? entry = File.ReadLines("/etc/passwd").Select(line => line.Split(':')).FirstOrDefault(fields => fields[0] == user);
        return entry is null
            ? throw new UsageException($"can't find the user {user} to switch to", ExitCode.NoUser)
            : (uint.Parse(entry[2], CultureInfo.InvariantCulture), uint.Parse(entry[3], CultureInfo.InvariantCulture));
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "setgroups")]
    private static partial int SetGroups(nint count, nint groups);

    [LibraryImport("libc", EntryPoint = "setgid")]
    private static partial int SetGroup(uint gid);

    [LibraryImport("libc", EntryPoint = "setuid")]
    private static partial int SetUser(uint uid);

    [LibraryImport("libc", EntryPoint = "mlockall")]
    private static partial int LockAll(int flags);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();
}
