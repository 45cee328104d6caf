"""Pages of many episodes: python benchmarks/pages.py [EPISODES], 10,000 if absent.

Each run of the command is measured in a process of its own: all pages anew, nothing to do, and one
episode changed. Posts have 2,200 words in five chapters, every word with its time.
"""

import gzip
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import texts
from benchmarks.measure import run
from tests.feed.making import rewrite
from tests.site.making import keep, spoken

SHOW = """
[show]
title = "Bench"
description = "Bench"
base_url = "https://example.org"
"""
SENTENCES = 120


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


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "show.toml").write_text(SHOW)
        fill(root / "build", count)
        command = [sys.executable, "-m", "tts_pipeline", "site", "show.toml", "--json"]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
        for what in (f"{count} pages", "nothing to do", "one episode changed"):
            if what.startswith("one"):
                rewrite(root / "build", "post-00042", post_title="Renamed")
            cost = run(command, environment, root)
            print(f"{what}: {cost.cpu:.1f} s of CPU, {cost.parent_mb:.0f} MB")
        for name in ("show/index.html", "show/search.json", "episodes/post-00001/index.html"):
            data = (root / "build" / name).read_bytes()
            print(f"{name}: {len(data):,} bytes, {len(gzip.compress(data)):,} compressed")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
