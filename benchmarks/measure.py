"""What a command costs: seconds, seconds of CPU, and the memory of each process of its tree.

And the tables that say so, in results.md.
"""

import re
import resource
import subprocess
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
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


RESULTS = Path(__file__).with_name("results.md")

HEAD = "| measure | value | mark | holds | |\n|---|---|---|---|---|"


class Row(NamedTuple):
    """One measure; `value` is None where it could not be taken."""

    measure: str
    value: float | None
    unit: str
    most: float
    note: str = ""

    def __str__(self) -> str:
        shown = "-" if self.value is None else f"{self.value:.2f}{self.unit}"
        holds = "not measured" if self.value is None else "yes" if self.value <= self.most else "NO"
        return f"| {self.measure} | {shown} | {self.most:g}{self.unit} | {holds} | {self.note} |"


def show(heading: str, lines: Iterable[str | Row], *, keep: bool) -> None:
    """Print a section as it comes; `keep` puts it into results.md, in the place of its last one."""
    told = [f"## {heading}", ""]
    for line in lines:
        told.append(str(line))
        print(line, flush=True)
    if keep:
        have = RESULTS.read_text(encoding="utf-8") if RESULTS.exists() else ""
        head, *sections = re.split(r"(?m)^(?=## )", have)
        found = {section.partition("\n")[0]: section for section in sections}
        found[told[0]] = "\n".join(told)
        parts = [head, *found.values()]
        RESULTS.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


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
