"""A file that one process at a time holds: the kernel's lock, which goes with its process.

A file that a killed process has left behind locks nothing. Windows has no such lock: there everyone
holds every file, and two runs at once must be kept apart by their user.
"""

from typing import IO

try:
    import fcntl
except ImportError:
    fcntl = None  # type: ignore[assignment]

AVAILABLE = fcntl is not None


def take(file: IO[bytes] | int, *, wait: bool = False) -> bool:
    """Hold an open file until it is closed; False if another process does, unless to `wait` for it.

    Raises:
        OSError: the file system has no locks.
    """
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        return False
    return True
