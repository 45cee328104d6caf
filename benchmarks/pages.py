"""Pages of ten thousand episodes: python benchmarks/pages.py [--quick].

Each run of the command is measured in a process of its own: all pages anew, nothing to do, and one
episode changed. Posts have 2,200 words in five chapters, every word with its time. Results are
printed, and written to benchmarks/results.md unless the run is quick.
"""

import gzip
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import texts
from benchmarks.measure import HEAD, Row, run, show
from tests.feed.making import rewrite
from tests.site.making import keep, spoken

HERE = Path(__file__).parent
SHOW = """
[show]
title = "Bench"
description = "Bench"
base_url = "https://example.org"
"""
SENTENCES = 120
KB = 1000


def fill(out: Path, count: int) -> None:
    """Records, timings, and a few bytes in the place of each MP3."""
    words = texts.post(20 * SENTENCES, 1).split()
    for number in range(count):
        sentences = [
            " ".join(words[at : at + 18]) + "." for at in range(number % 50, 18 * SENTENCES, 18)
        ][:SENTENCES]
        paragraphs = [sentences[at : at + 4] for at in range(0, len(sentences), 4)]
        parts = [paragraphs[at : at + 6] for at in range(0, len(paragraphs), 6)]
        made, timing = spoken(
            f"post-{number:05}",
            *((f"Chapter {place}", part) for place, part in enumerate(parts)),
            show="show",
            published=datetime(1999, 1, 1, tzinfo=UTC) + timedelta(hours=20 * number),
            post_title=f"A post of some length & no. {number}",
            author=f"Someone {number % 97}",
        )
        keep(out, made, timing)


def main() -> None:
    """Measure and print a table."""
    quick = "--quick" in sys.argv
    show("Pages", table(300 if quick else 10_000), keep=not quick)


def table(count: int) -> Iterator[str | Row]:
    """The measures as lines of Markdown."""
    yield f"{count:,} episodes of 2,200 words, every word with its time; each run with its start."
    yield ""
    yield HEAD
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        out = root / "build"
        (root / "show.toml").write_text(SHOW)
        fill(out, count)
        command = [sys.executable, "-m", "tts_pipeline", "site", "show.toml", "--json"]
        environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
        anew = run(command, environment, root)
        total = f"{anew.cpu:.1f} s in all"
        yield Row("CPU of a page, all anew", 1000 * anew.cpu / count, " ms", 10, total)
        again = run(command, environment, root)
        yield Row("nothing to do", again.cpu, " s", 10, "CPU of the whole command")
        rewrite(out, "post-00042", post_title="Renamed")
        changed = run(command, environment, root)
        yield Row("one episode changed", changed.cpu, " s", 10, "the same")
        most = max(cost.parent_mb for cost in (anew, again, changed))
        yield Row("memory", most, " MB", 100, "the whole command")
        for what, page in (
            ("an episode's page with style and script", out / "episodes/post-00001/index.html"),
            ("a show's page with style and script", out / "show/index.html"),
        ):
            text = page.read_text(encoding="utf-8")
            named = re.findall(r"assets/(\S+\.(?:css|js))\"", text)
            files = [text.encode(), *((out / "assets" / name).read_bytes() for name in named)]
            plain = f"{sum(map(len, files)) / KB:.1f} kB as it lies there"
            yield Row(what, sum(len(gzip.compress(data)) for data in files) / KB, " kB", 30, plain)
        index = (out / "show" / "search.json").read_bytes()
        plain = f"{len(index) / KB:.0f} kB as it lies there"
        yield Row("what a search loads", len(gzip.compress(index)) / KB, " kB", 200, plain)


if __name__ == "__main__":
    main()
