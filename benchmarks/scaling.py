"""What a cluster adds, measured; and what a large archive would take, by calculation.

python benchmarks/scaling.py measure [--passages N] [--posts N]
    a real scheduler and two worker processes here, against the same work without them
python benchmarks/scaling.py plan [--posts N] [--cores N] [--overhead MS] [--speed X]
    hours, cost, storage and feed sizes of an archive, by a simulation of the queue
"""

import argparse
import heapq
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import texts
from benchmarks.run import Bench
from tts_pipeline.model import AudioFormat, Passage, Utterance
from tts_pipeline.speech import passage, registry
from tts_pipeline.speech.cluster import Cluster
from tts_pipeline.speech.task import Setup, Synthesis, Task
from tts_pipeline.speech.workers import Workers

SETUP = Setup("tone", {}, "en")


def tasks(count: int) -> Iterator[tuple[int, Setup, Task]]:
    """Passages that cost little themselves, so that what is around them shows."""
    identity = passage.identity(registry.facts(SETUP.engine, SETUP.options))
    for number in range(count):
        text = f"Passage {number}."
        yield number, SETUP, Synthesis(
            Passage(
                engine=SETUP.engine, options={}, language="en", gain_db=0, audio=AudioFormat(),
                utterances=(Utterance(text),), identity=identity,
            )
        )  # fmt: skip


def timed(
    workers: "Workers[int] | Cluster[int]", count: int, done: Callable[[int], None] = lambda _: None
) -> float:
    """Seconds a passage, once the voices are open; `done` is told how many are."""
    with workers:
        for _ in workers.run([(0, SETUP, next(tasks(1))[2])] * 8):
            pass
        started = time.perf_counter()
        for number, _ in enumerate(workers.run(tasks(count)), start=1):
            done(number)
        return (time.perf_counter() - started) / count


def measure(count: int, posts: int) -> None:
    """Print the overhead a passage, how the scheduler grows, and what only one process can do."""
    alone = timed(Workers(2), min(count, 3000))
    with tempfile.TemporaryDirectory() as folder:
        contact = Path(folder) / "contact.json"
        scheduler = dask(folder, "scheduler", "--port", "0", "--scheduler-file", str(contact))
        processes = [scheduler]
        sizes: dict[int, float] = {}

        def done(number: int) -> None:
            if number % (count // 5) == 0:
                sizes[number] = resident(scheduler.pid)

        try:
            while not contact.exists() or not contact.read_text().strip():
                time.sleep(0.1)
            address = json.loads(contact.read_text())["address"]
            for _ in range(2):
                processes.append(dask(folder, "worker", address, "--no-nanny", "--nthreads", "1"))
            sizes[0] = resident(scheduler.pid)
            spread = timed(Cluster(address), count, done)
            started = busy(scheduler.pid)
            few, many = (whole(Path(folder), address, number) for number in (posts // 6, posts))
            passages = many[1] - few[1]
            parent = (many[0] - few[0]) / passages
            between = (busy(scheduler.pid) - started) / (few[1] + many[1])
        finally:
            for process in processes:
                process.kill()
                process.wait()
    print(f"a passage here, two processes:       {alone * 1000:.2f} ms")
    print(f"a passage over the cluster, two:     {spread * 1000:.2f} ms")
    print(f"the cluster adds:                    {(spread - alone) * 1000:.2f} ms a passage")
    print(f"of {passages} passages of posts, each costs")
    print(f"  the command that was given:        {parent * 1000:.2f} ms of CPU")
    print(f"  the scheduler:                     {between * 1000:.2f} ms of CPU")
    print("scheduler's memory after so many passages:")
    for number, size in sorted(sizes.items()):
        print(f"{number:10,} {size:8.0f} MB")


def whole(folder: Path, address: str, posts: int) -> tuple[float, int]:
    """Make so many posts' episodes over the cluster: the command's own CPU, and the passages."""
    place = folder / f"of-{posts}"
    place.mkdir()
    for number in range(posts):
        (place / f"{number}.md").write_text(texts.post(Archive(0).words, seed=number))
    bench = Bench(place)
    cost = bench.program(
        "episode", ".", "--show", "show.toml", "--out", "out", "--cache", "cache",
        "--cluster", address,
    )  # fmt: skip
    return cost.cpu, len(list((place / "cache").glob("*/*.speech")))


def busy(pid: int) -> float:
    """Seconds of CPU that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def dask(folder: str, *arguments: str) -> "subprocess.Popen[bytes]":
    """One process of a cluster on this machine."""
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *arguments, "--no-dashboard", "--host", "127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
    )


def resident(pid: int) -> float:
    """Megabytes."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


class Archive(NamedTuple):
    """What is planned for."""

    posts: int
    words: int = 1500
    passages: int = 16
    """A post."""
    cores: int = 64
    overhead_ms: float = 6.5
    """That the command which was given spends on one passage, and nobody else can."""
    speed: float = 240.0
    """Seconds of audio a core makes in a second, encoding and all."""
    words_a_minute: float = 180.0
    kbit: int = 64
    dollars: float = 0.04
    """A core for an hour."""
    item_bytes: int = 4000
    """Of a feed."""


def plan(archive: Archive, sample: int = 3000, seed: int = 1) -> dict[str, float]:
    """Simulate a stretch of the queue, and take the whole in proportion.

    One server, the command that was given, hands out passages one after the other;
    each then keeps a core busy for as long as its speech takes.
    """
    chance = random.Random(seed)
    free = [0.0] * archive.cores
    handed = 0.0
    audio = 0.0
    mean = archive.words / archive.passages
    for _ in range(sample):
        for _ in range(archive.passages):
            seconds = chance.expovariate(1 / mean) * 60 / archive.words_a_minute
            audio += seconds
            handed += archive.overhead_ms / 1000
            start = max(heapq.heappop(free), handed)
            # No more than a few tasks a core wait; the parent waits with them.
            handed = max(handed, start - 3 * seconds / archive.speed)
            heapq.heappush(free, start + seconds / archive.speed)
    scale = archive.posts / sample
    hours = max(free) * scale / 3600
    busy = audio / archive.speed / (max(free) * archive.cores)
    return {
        "hours of audio": audio * scale / 3600,
        "hours on the cluster": hours,
        "share of the time that cores speak": busy,
        "core hours": hours * archive.cores,
        "dollars": hours * archive.cores * archive.dollars,
        "TB of audio": audio * scale * archive.kbit * 125 / 1e12,
        "GB of records, timings and transcripts": archive.posts * archive.words * 260 / 1e9,
        "feed pages of 300": -(-archive.posts // 300),
        "MB a page": 300 * archive.item_bytes / 1e6,
        "GB of the index of twins": archive.posts * 6.6e3 / 1e9,
    }


def main() -> None:
    """Measure or plan."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("what", choices=["measure", "plan"])
    parser.add_argument("--passages", type=int, default=3000)
    parser.add_argument("--posts", type=int, help="60 to measure, a million to plan for")
    parser.add_argument("--cores", type=int, default=64)
    parser.add_argument("--overhead", type=float, default=Archive._field_defaults["overhead_ms"])
    parser.add_argument("--speed", type=float, default=Archive._field_defaults["speed"])
    given = parser.parse_args()
    if given.what == "measure":
        measure(given.passages, given.posts or 60)
        return
    archive = Archive(
        given.posts or 1_000_000, cores=given.cores, overhead_ms=given.overhead, speed=given.speed
    )
    for name, value in plan(archive).items():
        print(f"{name:<40} {value:,.2f}" if value < 1000 else f"{name:<40} {value:,.0f}")


if __name__ == "__main__":
    main()
