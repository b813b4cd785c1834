"""Does for a daemon what systemd does for a service with a socket unit, in small: holds the listening socket, gives it to
each start (LISTEN_FDS), listens to what the daemon says (NOTIFY_SOCKET), and keeps the connections that it stores (FDSTORE)
for the next start. SIGUSR1: end the daemon by SIGTERM and start it again. SIGTERM: end both.

    activator.py <folder> <program> [<argument>...]

Prints a line for each event: listening <port>, ready <pid>, ended <exit code> with <connections>."""
import array
import ctypes
import os
import signal
import socket
import sys
import threading

folder, command = sys.argv[1], sys.argv[2:]
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(1024)
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.bind(os.path.join(folder, "notify"))
kept = []


def hear():
    while True:
        text, ancillary, _, _ = notify.recvmsg(4096, socket.CMSG_SPACE(256 * 4))
        descriptors = array.array("i")
        for _, _, data in ancillary:
            descriptors.frombytes(data)
        if b"FDSTORE=1" in text:
            kept.extend(descriptors)
        elif b"FDSTOREREMOVE=1" in text:
            while kept:
                os.close(kept.pop())
        else:
            for descriptor in descriptors:
                os.close(descriptor)
        if b"READY=1" in text:
            print("ready", child, flush=True)


def start():
    given = [listener.fileno()] + kept
    process = os.fork()
    if process == 0:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it does not outlive this one
        signal.pthread_sigmask(signal.SIG_UNBLOCK, signals)
        # Above where they are to go first, so that none of them overwrites another.
        high = [fd for fd in (os.dup(fd) for fd in given * 2) if fd >= 3 + len(given)][-len(given):]
        for i, descriptor in enumerate(high):
            os.dup2(descriptor, 3 + i, inheritable=True)
        os.closerange(3 + len(given), 65536)
        os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(given)), NOTIFY_SOCKET=os.path.join(folder, "notify"))
        os.execv(command[0], command)
    return process


def end():
    os.kill(child, signal.SIGTERM)
    status = os.waitpid(child, 0)[1]
    print("ended", os.waitstatus_to_exitcode(status), "with", len(kept), flush=True)


signals = {signal.SIGUSR1, signal.SIGTERM}
signal.pthread_sigmask(signal.SIG_BLOCK, signals)
print("listening", listener.getsockname()[1], flush=True)
child = 0
threading.Thread(target=hear, daemon=True).start()
while True:
    child = start()
    if signal.sigwait(signals) == signal.SIGTERM:
        end()
        break
    end()
