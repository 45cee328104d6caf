"""Everything side by side, in one go: python benchmarks/run.py [--quick] [--long].

The machine may be busy, so what counts are ratios against the raw tools, measured in the same
run. Results are printed, and written to benchmarks/results.md unless the run is quick. `--long`
makes a day of audio instead.
"""

import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import texts
from benchmarks.measure import HEAD, Cost, Row, run, show

HERE = Path(__file__).parent
DAY = 270_000
"""Words."""
SHOW = """
[show]
title = "Bench"
description = "Bench"
base_url = "https://example.org"
[episode]
slate = "{title}."
outro = ""
"""

WHY = """
### Where the time goes

LAME at quality 5 takes four fifths of the CPU of `espeak-ng | lame`, espeak-ng one. The pipe keeps
both at work at once, so it lasts as long as its LAME: half of all CPU on two cores is 0.63x of
that, with nothing left for reading, starting and writing. `--fast` (quality 7) takes two thirds of
the CPU. espeak-ng and LAME alone, on two cores without a pause, need about 0.25x of the time of the
naive script. Of an edit, a quarter is starting Python and loading the program, a quarter reading
the post, looking for its twins and repeats and writing its script, a sixth waiting for the
passage's 40 seconds of speech, and the rest cutting transcripts and writing and hashing the MP3 of
67 MB anew. The parent holds the words of one post and their times: 30 MB for each 100,000.
"""


class Bench:
    """A folder with a show, and our command run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "show.toml").write_text(SHOW)
        self.environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        # An installed program is compiled once, not at each start.
        self.environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def ours(self, post: Path, name: str, jobs: int = 2, cache: str | None = None) -> Cost:
        """`tts-pipeline episode` into a folder called `name`."""
        return run(
            [sys.executable, "-m", "tts_pipeline", "episode", str(post), "--show", "show.toml",
             "--out", f"out-{name}", "--cache", f"cache-{cache or name}", "--jobs", str(jobs)],
            self.environment,
            self.folder,
        )  # fmt: skip

    def program(self, *arguments: str) -> Cost:
        """Any other command of ours."""
        return run(
            [sys.executable, "-m", "tts_pipeline", *arguments], self.environment, self.folder
        )

    def pipe(self, text: Path) -> Cost | None:
        """`espeak-ng | lame`, where both are installed."""
        if not (shutil.which("espeak-ng") and shutil.which("lame")):
            return None
        encoder = "lame --quiet -q 5 -b 64 -m m - pipe.mp3"
        command = f"espeak-ng -v en-us -s 175 -f {text} --stdout | {encoder}"
        return run(command, self.environment, self.folder)

    def naive(self, text: Path) -> Cost | None:
        """The naive script, where a system espeak and ffmpeg are installed."""
        if not shutil.which("ffmpeg"):
            return None
        with suppress(RuntimeError):
            command = [sys.executable, str(HERE / "naive.py"), str(text), "naive.mp3"]
            return run(command, self.environment, self.folder)
        return None


def rows(bench: Bench, words: int, large: int) -> Iterator[Row]:
    """Each measure as soon as it is taken."""
    folder = bench.folder
    post, text = folder / "post.md", folder / "post.txt"
    post.write_text(texts.post(words))
    text.write_text(
        re.sub(r"(?s)^---.*?---\n|^## ", "", post.read_text(), flags=re.MULTILINE).strip()
    )
    pipe, naive = bench.pipe(text), bench.naive(text)
    one, two = bench.ours(post, "one", jobs=1), bench.ours(post, "two", jobs=2)
    missing = "" if pipe else "needs espeak-ng and lame"
    yield Row(
        "CPU, 1 job, against espeak-ng and lame", pipe and one.cpu / pipe.cpu, "x", 1.10, missing
    )
    yield Row(
        "wall, 2 jobs, against the same pipe", pipe and two.wall / pipe.wall, "x", 0.65, missing
    )
    missing = "" if naive else "needs a system espeak-ng and ffmpeg"
    yield Row(
        "wall, 2 jobs, against the naive script",
        naive and two.wall / naive.wall,
        "x",
        0.15,
        missing,
    )
    yield Row("wall, 2 jobs against 1", two.wall / one.wall, "x", 0.60, f"{os.cpu_count()} cores")
    script = bench.program("script", str(post), "--show", "show.toml", "--json")
    yield Row("CPU of reading and text, of a cold run", script.cpu / one.cpu, "x", 0.05)
    again = median(bench.ours(post, "two").wall for _ in range(3))
    yield Row("nothing changed, whole command", again, " s", 0.5)
    edits = []
    for number in range(3):
        post.write_text(post.read_text().replace(" without a word", f" without {number} words", 1))
        edits.append(bench.ours(post, "two").wall)
    yield Row("one paragraph edited, whole command", median(edits), " s", 1.0)

    small, big = folder / "small.md", folder / "big.md"
    small.write_text(texts.post(5000, seed=2))
    big.write_text(texts.post(large, seed=3))
    few, many = bench.ours(small, "small"), bench.ours(big, "big")
    sizes = f"{few.parent_mb:.0f} MB at 5,000 words"
    yield Row(f"parent's memory at {large:,} words", many.parent_mb, " MB", 100, sizes)
    sizes = f"{few.worker_mb:.0f} MB at 5,000 words"
    yield Row(f"a worker's memory at {large:,} words", many.worker_mb, " MB", 80, sizes)
    growth = (many.cpu / large) / (few.cpu / 5000)
    yield Row(f"CPU a word at {large:,} words, against 5,000", growth, "x", 1.1)

    posts = folder / "posts"
    posts.mkdir()
    number = max(20, words // 25)
    for each in range(number):
        (posts / f"{each}.md").write_text(texts.post(60, seed=1000 + each, title=f"Post {each}"))
    bench.ours(posts, "batch")
    warm = bench.ours(posts, "batch-warm", cache="batch")
    note = f"{number} posts, all speech remembered"
    yield Row("CPU of a short post beyond its speech", 1000 * warm.cpu / number, " ms", 30, note)
    bench.program("--help")
    yield Row("--help", median(bench.program("--help").wall for _ in range(5)), " s", 0.3)


def machine() -> str:
    """What it was measured on."""
    model = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
    packages = ("pyttsx3", "espeakng-loader", "lameenc", "numpy", "selectolax", "markdown-it-py")
    tools = [f"{name} {version(name)}" for name in packages]
    for tool, flag in (("espeak-ng", "--version"), ("lame", "--version")):
        if shutil.which(tool):
            told = subprocess.run([tool, flag], capture_output=True, text=True, check=False).stdout
            tools.append(told.splitlines()[0].split("  Data")[0])
    return (
        f"{model[1] if model else platform.machine()}, {os.cpu_count()} cores; Python "
        f"{platform.python_version()}; {'; '.join(tools)}"
    )


def sound(bench: Bench, *, quick: bool) -> Iterator[str | Row]:
    """The measures that have a mark, and where the time goes."""
    words, large = (2000, 5000) if quick else (25_000, 100_000)
    yield f"{machine()}. Posts of {words:,} words, 64 kbit/s mono, LAME quality 5 throughout."
    yield ""
    yield HEAD
    yield from rows(bench, words, large)
    yield WHY


def day(bench: Bench) -> Iterator[str | Row]:
    """24 hours of audio, as ten posts of one run and as one post, against a tenth of them."""
    folder = bench.folder
    posts = folder / "posts"
    posts.mkdir()
    for number in range(10):
        text = texts.post(DAY // 10, seed=number, title=f"Post {number}")
        (posts / f"{number}.md").write_text(text)
    whole = folder / "whole.md"
    whole.write_text(texts.post(DAY, seed=99))
    yield f"`run.py --long`: {DAY:,} words, which take a day to hear, with two jobs; against a post"
    yield "of a tenth of them. A post is held as a whole: 31 MB for each 100,000 words."
    yield ""
    yield HEAD
    tenth = bench.ours(posts / "0.md", "tenth")
    for name, given in (("ten posts in one run", posts), ("one post", whole)):
        label = name.replace(" ", "-")
        cost = bench.ours(given, label)
        hours = sum(map(_hours, folder.glob(f"out-{label}/episodes/*/episode.json")))
        note = f"{hours:.1f} h of audio in {cost.wall:.0f} s, {cost.cpu:.0f} s of CPU"
        yield Row(f"CPU, {name}", cost.cpu / (10 * tenth.cpu), "x", 1.1, note)
        note = f"{cost.parent_mb:.0f} MB, {tenth.parent_mb:.0f} MB of the tenth"
        yield Row(f"parent's memory, {name}", cost.parent_mb / tenth.parent_mb, "x", 1.1, note)
        note = f"{cost.worker_mb:.0f} MB, {tenth.worker_mb:.0f} MB of the tenth"
        yield Row(f"a worker's memory, {name}", cost.worker_mb / tenth.worker_mb, "x", 1.1, note)


def _hours(record: Path) -> float:
    milliseconds: int = json.loads(record.read_bytes())["duration_ms"]
    return milliseconds / 3_600_000


def main() -> None:
    """Measure, print and write."""
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        if "--long" in sys.argv:
            show("A day of audio in one run", day(bench), keep=True)
        else:
            quick = "--quick" in sys.argv
            show("Sound", sound(bench, quick=quick), keep=not quick)


if __name__ == "__main__":
    main()
