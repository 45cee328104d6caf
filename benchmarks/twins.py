"""The same post, once: recall, false matches, time and memory, on posts made here.

python benchmarks/twins.py [POSTS]. Of every 20 posts one has a copy on another site: edited in 1,
3, 5 or 10 words of a hundred, or with a preamble of 100 words before it. Seconds are those of one
core, so that other work on the machine does not count.
"""

import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tts_pipeline.post.twins import Entry, Index, Kind, same_post
from tts_pipeline.post.twins.likeness import fingerprint

EDITS = ("1%", "3%", "5%", "10%", "preamble")
_START = datetime(2020, 1, 1, tzinfo=UTC)


class Library:
    """Posts of 60 to 3,000 words, by the frequencies of words in English (Zipf's law)."""

    def __init__(self, seed: int = 1) -> None:
        self._random = random.Random(seed)
        letters = "etaoinshrdlucmfwypvbgk"
        self._words = [
            "".join(self._random.choices(letters, k=self._random.randint(2, 9)))
            for _ in range(30_000)
        ]
        self.printing = 0.0
        """Seconds of CPU that the fingerprints took."""
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(len(self._words))))

    def words(self, count: int) -> list[str]:
        return self._random.choices(self._words, cum_weights=self._weights, k=count)

    def edited(self, words: list[str], how: str) -> list[str]:
        """Replaced, left out and added words, a third each; or words put before them."""
        if how == "preamble":
            return self.words(100) + words
        share = int(how[:-1]) / 100
        made = []
        for word in words:
            if self._random.random() >= share:
                made.append(word)
                continue
            made += [[], self.words(1), [word, *self.words(1)]][self._random.randrange(3)]
        return made

    def entries(self, count: int) -> Iterator[tuple[Entry, str | None, str]]:
        """(a post, the post that it is a copy of, how it was edited)."""
        number = 0
        while number < count:
            size = int(60 * 50 ** self._random.random())
            words = self.words(size)
            title = " ".join(self.words(5))
            yield self._entry(number, "one.example", title, words), None, ""
            number += 1
            if number % 20 == 0 and number < count:
                how = EDITS[number // 20 % len(EDITS)]
                copy = self._entry(number, "two.example", title, self.edited(words, how))
                yield copy, f"{number - 1:06}", how
                number += 1

    def _entry(self, number: int, site: str, title: str, words: list[str]) -> Entry:
        url = f"https://{site}/{number}"
        before = time.process_time()
        made = fingerprint(words)
        self.printing += time.process_time() - before
        return Entry(
            name=f"{number:06}",
            stamp="",
            title=title,
            url=url,
            date=_START + timedelta(hours=number),
            keys=(same_post(url),),
            print=made,
        )


def measure(count: int) -> dict[str, float]:
    """Index so many posts; what was found, and what it cost."""
    planted: dict[str, list[bool]] = {how: [] for how in EDITS}
    false, slowest, spent = 0, 0.0, 0.0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "posts.sqlite"
        library = Library()
        with Index(path) as index:
            for entry, of, how in library.entries(count):
                before = time.process_time()
                links = [link for link in index.put(entry) if link.kind is Kind.SAME]
                took = time.process_time() - before
                slowest, spent = max(slowest, took), spent + took
                matched = {link.other for link in links}
                if of is not None:
                    planted[how].append(of in matched)
                false += len(matched - {of})
            closing = time.process_time()
        spent += time.process_time() - closing
        size = path.stat().st_size
    found = {f"recall, {how}": sum(hits) / max(1, len(hits)) for how, hits in planted.items()}
    return {
        **found,
        "false matches": false,
        "seconds of CPU, fingerprints": library.printing,
        "seconds of CPU, index": spent,
        "ms a post, both": 1000 * (library.printing + spent) / count,
        "ms, the slowest post in the index": 1000 * slowest,
        "MB of memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "MB on disk": size / 1e6,
    }


if __name__ == "__main__":
    for name, value in measure(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000).items():
        sys.stdout.write(f"{name:<40} {value:.4g}\n")
