"""What a person or a script sees of a run: progress, lines, tables, JSON."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import msgspec
import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from tts_pipeline.batch import Outcome, Share
from tts_pipeline.check.checked import Checked
from tts_pipeline.episode.record import report, things
from tts_pipeline.feed.build import Result
from tts_pipeline.feed.selection import Decision
from tts_pipeline.model import Post, Role, Script, Severity
from tts_pipeline.pipeline import Source, Tried
from tts_pipeline.profiles import VoiceLine
from tts_pipeline.segment.chapters import cut
from tts_pipeline.segment.unknown import Unknown
from tts_pipeline.units import clock
from tts_pipeline.voice.collection import Offer

if TYPE_CHECKING:  # neither templates nor a server on the way of other commands
    from tts_pipeline.serve.run import Served
    from tts_pipeline.site.build import Result as Site


class Display:
    """Watches a batch: a bar on a terminal, a line a post, sentences for failures."""

    def __init__(self, sources: Sequence[Source], *, as_json: bool) -> None:
        """The bar is drawn on standard error, only if that is a terminal."""
        self.failed = 0
        self._as_json = as_json
        self._outcomes: list[tuple[int, Outcome]] = []
        self._bar = SpeakingBar(sources, hidden=as_json)

    def __enter__(self) -> "Display":
        self._bar.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.__exit__(kind, error, trace)

    def planned(self, number: int, segments: int) -> None:
        """See `batch.Watcher`."""
        self._bar.planned(number, segments)

    def spoken(self, number: int, spoken: Share) -> None:
        """See `batch.Watcher`."""
        self._bar.spoken(number, spoken)

    def finished(self, number: int, outcome: Outcome) -> None:
        """See `batch.Watcher`."""
        self._outcomes.append((number, outcome))
        if number >= 0:
            self._bar.done(number)
        if outcome.status == "failed":
            self.failed += 1
            typer.echo(f"tts-pipeline: {outcome.error}", err=True)
        elif outcome.status == "made" and not self._as_json:
            typer.echo(describe(outcome))
        elif outcome.status == "copy" and not self._as_json:
            typer.echo(
                f"{outcome.source}: not made, the same post as {outcome.copy_of}: {outcome.reason}"
            )
        elif not self._as_json:
            for sentence in _fallbacks(outcome):
                typer.echo(f"{outcome.title}: {sentence}")

    def summarize(self, out: Path) -> None:
        """The last lines: what was made, or all of it as JSON, in the order of the posts."""
        if self._as_json:
            ordered = sorted(self._outcomes, key=lambda pair: pair[0])
            outcomes = [outcome for _, outcome in ordered]
            made = [outcome for outcome in outcomes if outcome.status in ("made", "unchanged")]
            copies = [outcome for outcome in outcomes if outcome.status == "copy"]
            failed = [outcome for outcome in outcomes if outcome.status == "failed"]
            print_json({"episodes": made, "copies": copies, "failures": failed})
            return
        statuses = Counter(outcome.status for _, outcome in self._outcomes)
        number = statuses["copy"]
        copied = f", {number} cop{'y' if number == 1 else 'ies'}" if number else ""
        if not statuses["made"] and not statuses["failed"]:
            unchanged = _episodes(statuses["unchanged"])
            typer.echo(f"nothing to do: {unchanged} unchanged{copied} in {out}")
            return
        audio = sum(outcome.duration_ms for _, outcome in self._outcomes)
        typer.echo(
            f"{statuses['made']} made, {statuses['unchanged']} unchanged{copied}, "
            f"{statuses['failed']} failed; {clock(audio)} of audio in {out}"
        )


class SpeakingBar:
    """How far posts have been spoken: posts, segments, hours of sound, times real time, the rest.

    Posts are looked at one after the other, so what is not known yet is told from the sizes of
    their files, after a `~`.
    """

    def __init__(self, sources: Sequence[Source], *, hidden: bool = False) -> None:
        """It is drawn on standard error, only if that is a terminal."""
        self._sizes = [_size(source) for source in sources]
        self._shares: dict[int, float] = {}
        self._segments: dict[int, int] = {}
        self._finished: set[int] = set()
        self._spoken, self._seconds, self._begun = 0, 0.0, time.monotonic()
        self._bar = _bar(disable=hidden)
        self._task = self._bar.add_task("speaking", total=sum(self._sizes) or 1, note="")
        self._tell()

    def __enter__(self) -> "SpeakingBar":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def planned(self, number: int, segments: int) -> None:
        """See `batch.Watcher`."""
        self._segments[number] = segments

    def spoken(self, number: int, spoken: Share) -> None:
        """See `batch.Watcher`."""
        self._shares[number] = self._shares.get(number, 0.0) + spoken.part
        self._spoken += spoken.segments
        self._seconds += spoken.seconds
        self._bar.advance(self._task, spoken.part * self._sizes[number])
        self._tell()

    def done(self, number: int) -> None:
        """The post needs nothing more."""
        rest = max(0.0, 1 - self._shares.get(number, 0.0)) * self._sizes[number]
        self._finished.add(number)
        self._bar.advance(self._task, rest)
        self._tell()

    def _tell(self) -> None:
        told = [f"{len(self._finished)}/{len(self._sizes)} posts"]
        planned = sum(self._sizes[number] for number in self._segments)
        spoken = sum(self._sizes[number] * share for number, share in self._shares.items())
        if planned and spoken:
            known = self._segments.keys() | self._finished
            ahead = sum(size for number, size in enumerate(self._sizes) if number not in known)
            about = "~" if ahead else ""
            segments = sum(self._segments.values()) * (1 + ahead / planned)
            seconds = self._seconds * (planned + ahead) / spoken
            rate = self._seconds / max(time.monotonic() - self._begun, 0.001)
            told += [
                f"{self._spoken:,}/{about}{segments:,.0f} segments",
                f"{clock(round(self._seconds * 1000))}/~{clock(round(seconds * 1000))} of audio",
                f"{rate:.0f}x",
            ]
        self._bar.update(self._task, note=", ".join(told))


@contextmanager
def counting(what: str, *, as_json: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, if that is a terminal: call it with (how many, of how many)."""
    console = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeRemainingColumn(),
        console=console,
        disable=as_json or not console.is_terminal,
        transient=True,
    ) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


class Checks:
    """Watches a check: a bar on a terminal, a line a finding, a line a file."""

    def __init__(self, things: Sequence[object], *, as_json: bool) -> None:
        """The bar is drawn on standard error, only if that is a terminal."""
        self.wrong = 0
        self._as_json = as_json
        self._checked: list[Checked] = []
        self._bar = _bar(disable=as_json)
        self._task = self._bar.add_task("checking", total=len(things) or 1, note="")

    def __enter__(self) -> "Checks":
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def tick(self, share: float) -> None:
        """A further share, 0 to 1, of the work on one file is done."""
        self._bar.advance(self._task, share)

    def done(self, checked: Checked) -> None:
        """One file is done."""
        self._checked.append(checked)
        self.wrong += not checked.right
        self._bar.update(self._task, completed=len(self._checked))
        if not self._as_json:
            of_episode = " in " if checked.episodes is not None else " at "
            for finding in checked.findings:
                where = f"{of_episode}{finding.where}" if finding.where else ""
                typer.echo(
                    f"{checked.path}: {finding.severity} {finding.rule}{where}: {finding.message}"
                )
            typer.echo(describe_check(checked))

    def summarize(self, failures: Sequence[tuple[str, str]]) -> None:
        """All of it as JSON, if that is asked for."""
        if self._as_json:
            failed = [{"path": path, "error": error} for path, error in failures]
            print_json({"checked": self._checked, "failures": failed})


def describe_check(checked: Checked) -> str:
    """412 segments, 25:38, -16.0 LUFS, -1.6 dBTP: right."""
    told = [f"{checked.segments} segments"] if checked.segments else []
    if checked.episodes is not None:
        told.append(f"{checked.episodes:,} episode{'' if checked.episodes == 1 else 's'}")
    if checked.duration_ms is not None:
        told.append(clock(checked.duration_ms))
    for level, unit in ((checked.lufs, "LUFS"), (checked.true_peak, "dBTP")):
        told += [] if level is None else [f"{level:.1f} {unit}"]
    errors = sum(finding.severity is Severity.ERROR for finding in checked.findings)
    warnings = len(checked.findings) - errors
    verdict = "right" if checked.right else f"wrong, {errors} error{'' if errors == 1 else 's'}"
    if warnings:
        verdict += f", {warnings} warning{'' if warnings == 1 else 's'}"
    unchecked = (
        f" (words not checked: {checked.words_unchecked})" if checked.words_unchecked else ""
    )
    if checked.unasked:
        unchecked = f" (not asked for: {checked.unasked})"
    return f"{checked.path}: checked: {', '.join(told)}: {verdict}{unchecked}"


def describe(outcome: Outcome) -> str:
    """One line for one episode."""
    told = count(outcome.words, outcome.spoken, outcome.left_out, outcome.things)
    line = f"{outcome.title} ({clock(outcome.duration_ms)}, {outcome.chapters} chapters; {told})"
    return line + "".join(f"\n  {sentence}" for sentence in _fallbacks(outcome))


def _fallbacks(outcome: Outcome) -> Iterator[str]:
    """A sentence for each voice that another spoke for."""
    for one in outcome.fallbacks:
        number = len(one.segments)
        yield (
            f"{number} sentence{'' if number == 1 else 's'} spoken by {one.instead!r} instead of "
            f"{one.voice!r}, which the next run tries again: {one.reason}"
        )


def print_scripts(scripts: Sequence[tuple[Post, Script]], *, as_json: bool) -> None:
    """What will be spoken, chapter by chapter, then what will not; as JSON, many are a list."""
    if not as_json:
        for post, script in scripts:
            _print_script(post, script)
        return
    listed = [
        {"post": msgspec.structs.replace(post, body=""), "script": script, "report": report(script)}
        for post, script in scripts
    ]
    print_json(listed if len(listed) > 1 else listed[0])


def _print_script(post: Post, script: Script) -> None:
    counted = report(script)
    typer.secho(post.title, bold=True)
    chapter = -1
    for segment in script.segments:
        if segment.chapter != chapter:
            chapter = segment.chapter
            found = script.chapters[chapter]
            typer.secho(
                f"\n== {found.title}" + (f" <{found.link}>" if found.link else ""), bold=True
            )
        if segment.role is not Role.TEXT:
            typer.secho(f"[{segment.role}]", dim=True)
        if segment.written:
            typer.echo(segment.written)
        if segment.written != segment.spoken:
            typer.secho(f"  spoken: {segment.spoken}", fg="cyan")
        typer.secho(f"  -- {segment.after} break", dim=True)
    if script.omissions:
        typer.secho("\n== Left out", bold=True)
        for omission in script.omissions:
            typer.echo(f"- {cut(omission.text, 300)}\n  {omission.reason}")
    typer.echo("\n" + count(counted.words, counted.spoken, counted.left_out, things(counted)))


def print_unknown(words: Sequence[Unknown], *, as_json: bool) -> None:
    """A line a word: how often, the word, a sentence with it."""
    if as_json:
        print_json(words)
        return
    for unknown in words:
        typer.echo(f"{unknown.count:>5}  {unknown.word:<24} {cut(unknown.example, 90)}")
    if not words:
        typer.echo("no word that the dictionary or the lexicon does not know")


def print_tried(tried: Sequence[Tried], said: str, *, as_json: bool) -> None:
    """Each span that is said in another way, then the whole."""
    if as_json:
        print_json({"spoken": said, "changes": tried})
        return
    for change in tried:
        typer.echo(f"{change.written.strip()} -> {change.spoken} ({change.by})")
    typer.secho(said, bold=True)


def print_feeds(
    results: Sequence[Result], failures: Sequence[tuple[str, str]], *, as_json: bool
) -> None:
    """A line for each feed."""
    if as_json:
        failed = [{"show": show, "error": error} for show, error in failures]
        print_json({"feeds": results, "failures": failed})
        return
    for result in results:
        pages = "" if result.pages == 1 else f" on {result.pages} pages"
        same = "" if result.changed else ", unchanged"
        gone = f", {len(result.removed)} old files removed" if result.removed else ""
        typer.echo(f"{result.path}: {_episodes(result.episodes)}{pages}{same}{gone}")


def print_decisions(
    shows: Sequence[tuple[str, Sequence[Decision]]],
    failures: Sequence[tuple[str, str]],
    *,
    as_json: bool,
) -> None:
    """A line for each episode: whether it stands in the feed, and why."""
    if as_json:
        failed = [{"show": show, "error": error} for show, error in failures]
        feeds = [{"show": name, "episodes": decisions} for name, decisions in shows]
        print_json({"feeds": feeds, "failures": failed})
        return
    for name, decisions in shows:
        number = sum(decision.chosen for decision in decisions)
        typer.secho(f"{name}: {number} of {_episodes(len(decisions))}", bold=True)
        for decision in decisions:
            typer.echo(
                f"{'in ' if decision.chosen else 'out'}  {cut(decision.title, 60)}: "
                f"{decision.reason}"
            )


def print_site(result: "Site", *, as_json: bool) -> None:
    """What stands where, and how much of it is new."""
    if as_json:
        print_json(result)
        return
    shows = f"{result.shows} show" + ("" if result.shows == 1 else "s")
    typer.echo(
        f"{result.path}: {shows}, {_episodes(result.episodes)}; {result.written} files written, "
        f"{result.unchanged} unchanged"
    )


def print_served(served: "Served") -> None:
    """Where it listens; for a phone as a code too, on a terminal."""
    typer.echo(f"On this machine:  {served.here}")
    if served.network is None:
        typer.echo("For a phone in the same network: --host 0.0.0.0")
    else:
        typer.echo(f"In your network:  {served.network}")
        if sys.stdout.isatty():
            from tts_pipeline import qr  # noqa: PLC0415

            typer.echo(qr.terminal(served.network))
    typer.echo("Ctrl-C ends it.")
    sys.stdout.flush()


def print_voices(voices: Sequence[VoiceLine], *, as_json: bool) -> None:
    """A line for each voice."""
    if as_json:
        print_json(voices)
        return
    width = max((len(voice.name) for voice in voices), default=0)
    for voice in voices:
        typer.echo(f"{voice.name:<{width}} {voice.engine:<10} {voice.language:<8} {voice.path}")


def print_offers(offers: Sequence[Offer], *, as_json: bool) -> None:
    """A line for each voice that can be installed: name, megabytes, speakers, language, quality."""
    if as_json:
        print_json(
            [
                {
                    "name": offer.name,
                    "language": offer.language,
                    "spoken": offer.spoken,
                    "quality": offer.quality,
                    "speakers": offer.speakers,
                    "bytes": offer.size,
                }
                for offer in offers
            ]
        )
        return
    for offer in offers:
        many = f", {offer.speakers} speakers" if offer.speakers > 1 else ""
        typer.echo(
            f"{offer.name:<32} {offer.size / 1e6:>4.0f} MB  {offer.quality:<7} {offer.spoken}{many}"
        )
    if not offers:
        typer.echo("no voice of that language or name")


def count(words: int, spoken: int, left_out: int, things: dict[str, int]) -> str:
    """2,326 words: 2,301 spoken, 25 left out: 3 images, 1 reference list."""
    listed = ", ".join(
        f"{number} {kind if number == 1 else _plural(kind)}" for kind, number in things.items()
    )
    told = f"{words:,} words: {spoken:,} spoken, {left_out:,} left out"
    return f"{told}: {listed}" if listed else told


def _bar(*, disable: bool) -> Progress:
    """With the time that is left; on standard error, only if that is a terminal."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
        disable=disable or not console.is_terminal,
        transient=True,
    )


def _plural(kind: str) -> str:
    return kind if kind in ("metadata", "boilerplate") else f"{kind}s"


def _episodes(number: int) -> str:
    return f"{number} episode" + ("" if number == 1 else "s")


def _size(source: Source) -> int:
    if source.path is None:
        return len(source.data or b"")
    try:
        return Path(source.path).stat().st_size
    except OSError:
        return 0


def print_json(value: object) -> None:
    """For scripts."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    typer.echo(encoded.decode())
