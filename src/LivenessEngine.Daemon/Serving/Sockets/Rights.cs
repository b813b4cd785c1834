using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace LivenessEngine.Daemon.Serving.Sockets;

/// <summary>Messages that carry open descriptors from process to process (SCM_RIGHTS, unix(7)), on 64-bit Linux.</summary>
internal static unsafe partial class Rights
{
    /// <summary>As many as one message takes (SCM_MAX_FD is 253).</summary>
    public const int Most = 250;

    private const int SolSocket = 1, ScmRights = 1, CloseOnExec = 0x40000000, NoSignal = 0x4000, Interrupted = 4;

    // The kernel's struct cmsghdr: length, level, type.
    private const int HeaderSize = 16;

    /// <exception cref="IOException">It did not go.</exception>
    public static void Send(Socket socket, ReadOnlySpan<byte> text, ReadOnlySpan<int> descriptors)
    {
        byte* control = stackalloc byte[HeaderSize + (Most * sizeof(int)) + sizeof(long)];
        int length = HeaderSize + (descriptors.Length * sizeof(int));
        *(nint*)control = length;
        ((int*)control)[2] = SolSocket;
        ((int*)control)[3] = ScmRights;
        descriptors.CopyTo(new Span<int>(control + HeaderSize, Most));
        fixed (byte* bytes = text)
        {
            var part = new Part { Bytes = bytes, Length = text.Length };
            var message = new Message { Parts = &part, PartCount = 1 };
            if (descriptors.Length > 0)
            {
                message.Control = control;
                message.ControlLength = (length + sizeof(long) - 1) & -sizeof(long);
            }

            while (SendMessage((int)socket.SafeHandle.DangerousGetHandle(), &message, NoSignal) < 0)
            {
                ThrowUnlessInterrupted();
            }
        }
    }

    /// <summary>One message; 0 bytes at the end of the stream.</summary>
    /// <param name="socket">Where from; its receive timeout counts.</param>
    /// <param name="text">Takes the bytes.</param>
    /// <param name="descriptors">Takes what came with them, of this process from now on.</param>
    /// <exception cref="IOException">Nothing came in time, or the other process is gone.</exception>
    public static int Receive(Socket socket, Span<byte> text, List<int> descriptors)
    {
        byte* control = stackalloc byte[HeaderSize + (Most * sizeof(int)) + sizeof(long)];
        fixed (byte* bytes = text)
        {
            var part = new Part { Bytes = bytes, Length = text.Length };
            var message = new Message
            {
                Parts = &part,
                PartCount = 1,
                Control = control,
                ControlLength = HeaderSize + (Most * sizeof(int)),
            };
            nint received;
            while ((received = ReceiveMessage((int)socket.SafeHandle.DangerousGetHandle(), &message, CloseOnExec)) < 0)
            {
                ThrowUnlessInterrupted();
            }

            if (message.ControlLength >= HeaderSize && ((int*)control)[2] == SolSocket && ((int*)control)[3] == ScmRights)
            {
                descriptors.AddRange(new ReadOnlySpan<int>(control + HeaderSize, (int)(*(nint*)control - HeaderSize) / sizeof(int)));
            }

            return (int)received;
        }
    }

    // The runtime interrupts its threads by signals.
    private static void ThrowUnlessInterrupted()
    {
        if (Marshal.GetLastPInvokeError() != Interrupted)
        {
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static partial nint ReceiveMessage(int socket, Message* message, int flags);

    /// <summary>struct iovec</summary>
    private struct Part
    {
        public byte* Bytes;
        public nint Length;
    }

    /// <summary>struct msghdr</summary>
    private struct Message
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nint PartCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }
}
