# Part of the Sales Discipline Suite. License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Starting programs, and being sure that none of them outlives the call."""

import contextlib
import ctypes
import fcntl
import os
import signal
import subprocess
import time

from .settings import Refusal

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36


def say(text):
    print(text, flush=True)


@contextlib.contextmanager
def progress(text):
    """Prints what begins and how long it took."""
    print(f"- {text} ... ", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print("stopped", flush=True)
        raise
    print(f"{time.monotonic() - start:.0f} s", flush=True)


def run(args, log, failure, **popen):
    """Run a program with its output in the file ``log``; refuse with ``failure`` when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        done = subprocess.run(
            [str(arg) for arg in args],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
            **popen,
        )
    if done.returncode:
        raise Refusal(f"{failure} ({last_words(log)}; everything it said is in {log}).")


def last_words(log):
    """The line of a log that most likely names the cause."""
    lines = [line.strip() for line in log.read_text(errors="replace").splitlines() if line.strip()]
    causes = [
        line for line in lines if line.startswith(("E:", "ERROR", "error:")) or " ERROR " in line or "Error: " in line
    ]
    return (causes or lines or ["it said nothing"])[-1].rstrip(".")


@contextlib.contextmanager
def locked(path, waiting=None):
    """Hold a lock file. Without ``waiting`` yields None at once when another process holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting is None:
                yield None
                return
            say(waiting)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


def end_on_signals():
    """Let a termination or a closed terminal unwind the call like Ctrl-C does."""

    def interrupt(signum, frame):
        raise KeyboardInterrupt

    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)


def _die_with_parent():
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


_running = set()  # processes that a block below still owns


@contextlib.contextmanager
def child(args, **popen):
    """A program that ends with this block, whatever happens, and so does all that it started."""
    # Adopt grandchildren that lose their parent (a browser whose test was interrupted): else nobody finds them.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    words = [str(arg) for arg in args]
    process = subprocess.Popen(words, preexec_fn=_die_with_parent, **popen)  # noqa: PLW1509 (no threads)
    _running.add(process.pid)
    try:
        yield process
    finally:
        _end(process)
        _running.discard(process.pid)
        _end_orphans()
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, int(bool(_running)))


def call(args, **popen):
    """Run a program in the foreground and return its exit code."""
    with child(args, **popen) as process:
        return process.wait()


def _end(process, patience=15):
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            process.wait(patience)
    if process.poll() is None:
        process.kill()
        process.wait()


def _end_orphans():
    for number in (signal.SIGTERM, signal.SIGKILL):
        for pid in _orphans():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        deadline = time.monotonic() + 3
        while _orphans() and time.monotonic() < deadline:
            time.sleep(0.05)


def _orphans():
    """What the programs of finished blocks left behind, dead ones buried."""
    adopted = [pid for pid in _children(os.getpid()) if pid not in _running]
    for pid in adopted:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
    return [deeper for pid in adopted for deeper in _family(pid)]


def _family(pid):
    living = [pid] if os.path.exists(f"/proc/{pid}") else []
    return living + [deeper for each in _children(pid) for deeper in _family(each)]


def _children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return [int(word) for word in children.read().split()]
    except OSError:
        return []
