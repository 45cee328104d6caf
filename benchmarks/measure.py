"""What a command costs: seconds, seconds of CPU, and the memory of each process of its tree."""

import resource
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple


class Cost(NamedTuple):
    """Of one command and all that it started."""

    wall: float
    """Seconds."""
    cpu: float
    """Seconds of all cores together."""
    parent_mb: float
    """The largest resident memory of the first process."""
    worker_mb: float
    """The largest of any other."""


def run(command: Sequence[str] | str, environment: Mapping[str, str], folder: Path) -> Cost:
    """Run a command, or a shell's pipe, to its end.

    Raises:
        RuntimeError: it failed.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        shell=isinstance(command, str),
        cwd=folder,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    peaks: dict[int, float] = {}
    ended = threading.Event()
    sampler = threading.Thread(target=_sample, args=(process.pid, peaks, ended))
    sampler.start()
    _, told = process.communicate()
    wall = time.perf_counter() - started
    ended.set()
    sampler.join()
    if process.returncode:
        raise RuntimeError(f"{command} failed: {told.decode(errors='replace')[-500:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    others = [peak for pid, peak in peaks.items() if pid != process.pid]
    return Cost(wall, cpu, peaks.get(process.pid, 0.0), max(others, default=0.0))


def _sample(pid: int, peaks: dict[int, float], ended: threading.Event) -> None:
    while not ended.wait(0.05):
        for each in (pid, *_descendants(pid)):
            try:
                status = Path(f"/proc/{each}/status").read_text(encoding="ascii", errors="replace")
            except OSError:
                continue
            for line in status.splitlines():
                if line.startswith("VmHWM:"):
                    peaks[each] = max(peaks.get(each, 0.0), int(line.split()[1]) / 1024)


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):  # a process may end while it is looked at
        for path in list(Path(f"/proc/{pid}/task").glob("*/children")):
            for child in map(int, path.read_text(encoding="ascii").split()):
                found += [child, *_descendants(child)]
    return found
