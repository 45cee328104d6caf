"""Ten thousand episodes into a feed, beside feedgen: python benchmarks/feeds.py [--quick].

Once both start from entries, as the program does from its index: there the notes are HTML
already, and for ours the chapters XML. And once they start from whole records, of which both must
make all that. Each is measured in a process of its own, in turns; what counts are the ratios of
the medians.
"""

import hashlib
import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from statistics import median

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import texts
from benchmarks.measure import HEAD, Cost, Row, run, show
from tts_pipeline.feed import library, notes
from tts_pipeline.feed.entry import Entry, entry
from tts_pipeline.model import ChapterRecord, Episode, Link, Role, SegmentRecord

HERE = Path(__file__).parent
SHOW = """
[show]
title = "Bench"
description = "Bench"
base_url = "https://example.org"
cover = "cover.jpg"
"""


def episode(number: int, sentences: int) -> Episode:
    """Of eight chapters and so many sentences; a quarter of an hour."""
    chance = random.Random(number)
    slug = f"a-post-of-some-length-{number:05}"
    sound = f"sound {number}".encode()
    written = texts.post(15 * sentences, number).split(". ")[1 : sentences + 1]
    link = f"https://example.org/posts/{number}"
    rate, part = 22050, 22050 * 110
    return Episode(
        inputs="0" * 64,
        show="show",
        slug=slug,
        guid=hashlib.sha256(slug.encode()).hexdigest()[:32],
        title=f"EX - A post of some length & no. {number} by Someone <{number % 97}>",
        post_title=f"A post of some length & no. {number}",
        source=f"posts/{number}.md",
        url=link,
        post_id=None,
        author=f"Someone {number % 97}",
        authors=(f"Someone {number % 97}",),
        score=float(number % 300),
        site="Example",
        tag="EX",
        tags=("bench",),
        links=tuple(
            Link(f"https://example.com/{chance.random()}", "a page") for _ in range(number % 10)
        ),
        language="en-us",
        date=None,
        published=datetime(2000, 1, 1, tzinfo=UTC) + timedelta(hours=number),
        audio=f"{slug}-0a1b2c3d.mp3",
        sha256=hashlib.sha256(sound).hexdigest(),
        bytes=len(sound),
        samples=8 * part,
        sample_rate=rate,
        duration_ms=880_000,
        voice="default",
        chapters=tuple(
            ChapterRecord(
                title=f"Part {index}: {chance.choice(written)[:40]}",
                link=f"{link}#part-{index}",
                image=f"https://example.org/figures/{index}.png" if index % 3 == 0 else None,
                start=index * part,
                end=(index + 1) * part,
                start_ms=index * 110_000,
                end_ms=(index + 1) * 110_000,
            )
            for index in range(8)
        ),
        segments=tuple(
            SegmentRecord(
                written=words,
                spoken=words,
                start=index * rate,
                end=(index + 1) * rate,
                start_ms=index * 1000,
                end_ms=(index + 1) * 1000,
                chapter=0,
                passage=index // 4,
                voice="default",
                role=Role.TEXT if index else Role.SLATE,
            )
            for index, words in enumerate(written)
        ),
    )


def lay_out(folder: Path, count: int, sentences: int) -> None:
    """A library of records, files beside them, and their entries in one file."""
    with (folder / "entries.jsonl").open("wb") as lines:
        for number in range(count):
            made = episode(number, sentences)
            lines.write(msgspec.json.encode(entry(made)) + b"\n")
            place = folder / "out" / "episodes" / made.slug
            place.mkdir(parents=True)
            (place / made.audio).write_bytes(f"sound {number}".encode())
            for suffix in (".vtt", ".srt", ".json", ".html", ".chapters.json"):
                (place / made.audio.replace(".mp3", suffix)).touch()
            record = msgspec.json.format(msgspec.json.encode(made), indent=1)
            (place / "episode.json").write_bytes(record)


def entries(path: Path) -> Iterator[Entry]:
    """Newest last."""
    decoder = msgspec.json.Decoder(Entry)
    with path.open("rb") as file:
        yield from map(decoder.decode, file)


def records(folder: Path) -> Iterator[Episode]:
    """Whole, newest last."""
    return library.records(folder / "out")


def with_notes(made: Episode) -> Entry:
    """What feedgen needs of a record, and no more."""
    return Entry(made, notes.description(made), notes.show_notes(made), "")


def write_ours(folder: Path, given: Iterator[Entry]) -> None:
    """The writer alone."""
    # Each process loads what it measures, and nothing of the other's.
    from tts_pipeline.feed import rss  # noqa: PLC0415
    from tts_pipeline.feed.channel import Setting  # noqa: PLC0415
    from tts_pipeline.feed.item import ItemWriter  # noqa: PLC0415
    from tts_pipeline.profile import show as shows  # noqa: PLC0415

    show = shows.load(folder / "show.toml")
    suffixes = (".vtt", ".srt", ".json", ".html", ".chapters.json")

    def there(each: Entry) -> frozenset[str]:
        return frozenset(each.episode.audio.replace(".mp3", suffix) for suffix in suffixes)

    writer = ItemWriter(show)
    items = (writer.item(each, there(each), None) for each in given)
    for page, data in rss.write(show, items, Setting("cover.jpg", page=False)):
        (folder / f"ours-{page.number}.xml").write_bytes(data)


def write_feedgen(folder: Path, given: Iterator[Entry]) -> None:
    """What feedgen can say of the same, with its podcast extension."""
    from feedgen.feed import FeedGenerator  # noqa: PLC0415

    made = FeedGenerator()
    made.load_extension("podcast")
    made.title("Bench")
    made.link(href="https://example.org")
    made.description("Bench")
    made.podcast.itunes_category("Education")
    for each in given:
        of = each.episode
        item = made.add_entry()
        item.title(of.title)
        item.guid(of.guid)
        item.link(href=of.url)
        item.pubDate(of.published)
        item.description(each.description)
        item.content(each.notes, type="CDATA")
        item.enclosure(
            f"https://example.org/episodes/{of.slug}/{of.audio}", str(of.bytes), "audio/mpeg"
        )
        item.podcast.itunes_duration(of.duration_ms // 1000)
        item.podcast.itunes_author(of.author)
    made.rss_file(str(folder / "feedgen.xml"))


def main() -> None:
    """Measure and print a table; `--write WHO FOLDER` is one of the processes that are measured."""
    if "--write" in sys.argv:
        who, start, folder = *sys.argv[-3:-1], Path(sys.argv[-1])
        made = {"ours": entry, "feedgen": with_notes}[who]
        given = (
            entries(folder / "entries.jsonl") if start == "entries" else map(made, records(folder))
        )
        {"ours": write_ours, "feedgen": write_feedgen}[who](folder, given)
        return
    quick = "--quick" in sys.argv
    show("Feeds", table(quick=quick), keep=not quick)


def table(*, quick: bool) -> Iterator[str | Row]:
    """The measures as lines of Markdown."""
    count, turns = (500, 3) if quick else (10_000, 5)
    yield f"{count:,} episodes with notes, links, chapters, transcripts. CPU; median of {turns};"
    yield f"each process with its start. feedgen {version('feedgen')} writes what it knows of them."
    yield ""
    yield HEAD
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder, count, sentences=150)
        _cover(folder / "cover.jpg")
        (folder / "show.toml").write_text(SHOW)
        us, them = _side_by_side(folder, "entries", turns)
        ours, theirs = median(each.cpu for each in us), median(each.cpu for each in them)
        peak = max(each.parent_mb for each in us)
        beside = f"feedgen {theirs:.2f} s, {max(each.parent_mb for each in them):.0f} MB"
        yield Row(
            "CPU of the writer, from the index, against feedgen", ours / theirs, "x", 0.8, beside
        )
        yield Row("memory of the writer", peak, " MB", 64, f"{ours:.2f} s")
        whole, other = _side_by_side(folder, "records", 3)
        made, making = median(each.cpu for each in whole), median(each.cpu for each in other)
        beside = f"{made:.1f} s, feedgen {making:.1f} s"
        yield Row("the same from whole records", made / making, "x", 1, beside)
        command = [sys.executable, "-m", "tts_pipeline", "feed", "show.toml", "--out", "out"]
        first = run(command, {"PYTHONPATH": str(HERE.parent)}, folder)
        again = [run(command, {"PYTHONPATH": str(HERE.parent)}, folder) for _ in range(turns)]
        cpu = median(each.cpu for each in again)
        note = f"the first time {first.cpu:.1f} s, {first.parent_mb:.0f} MB"
        yield Row("`feed`, records and MP3s known", cpu, " s", 5, note)
        most = max(each.parent_mb for each in (first, *again))
        yield Row(
            "memory of `feed`", most, " MB", 64, "the whole command, of which 40 MB are the program"
        )


def _side_by_side(folder: Path, start: str, turns: int) -> tuple[list[Cost], list[Cost]]:
    """(ours, feedgen), in turns."""
    costs = [
        (_writer("ours", start, folder), _writer("feedgen", start, folder)) for _ in range(turns)
    ]
    return [ours for ours, _ in costs], [theirs for _, theirs in costs]


def _writer(who: str, start: str, folder: Path) -> Cost:
    command = [sys.executable, __file__, "--write", who, start, str(folder)]
    return run(command, {"PYTHONPATH": str(HERE.parent)}, folder)


def _cover(path: Path) -> None:
    from PIL import Image  # noqa: PLC0415

    Image.new("RGB", (1400, 1400), "navy").save(path)


if __name__ == "__main__":
    main()
