"""Lines and tables of what is known: scripts, words, feeds, pages, voices."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
import typer

from tts_pipeline.episode.record import report, things
from tts_pipeline.feed.build import Result
from tts_pipeline.feed.selection import Decision
from tts_pipeline.model import Post, Role, Script
from tts_pipeline.profiles import VoiceLine
from tts_pipeline.segment.chapters import cut
from tts_pipeline.segment.unknown import Unknown
from tts_pipeline.voice.collection import Offer
from tts_pipeline.words import many

if TYPE_CHECKING:  # what one command needs is not loaded for the others
    from tts_pipeline.pipeline import Tried
    from tts_pipeline.serve.run import Served
    from tts_pipeline.site.build import Result as Site


def print_scripts(scripts: Sequence[tuple[Post, Script]], *, alone: bool, as_json: bool) -> None:
    """What will be spoken, chapter by chapter, then what will not; as JSON a list, if not alone."""
    if not as_json:
        for post, script in scripts:
            _print_script(post, script)
        return
    listed = [
        {"post": msgspec.structs.replace(post, body=""), "script": script, "report": report(script)}
        for post, script in scripts
    ]
    print_json(listed[0] if alone else listed)


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


def print_tried(tried: Sequence["Tried"], said: str, *, as_json: bool) -> None:
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
        typer.echo(f"{result.path}: {many(result.episodes, 'episode')}{pages}{same}{gone}")


def print_selection(
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
        typer.secho(f"{name}: {number:,} of {many(len(decisions), 'episode')}", bold=True)
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
    typer.echo(
        f"{result.path}: {many(result.shows, 'show')}, {many(result.episodes, 'episode')}; "
        f"{result.written} files written, {result.unchanged} unchanged"
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
    """A line for each voice; what is wrong with one is told apart."""
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
        more = f", {many(offer.speakers, 'speaker')}" if offer.speakers > 1 else ""
        typer.echo(
            f"{offer.name:<32} {offer.size / 1e6:>4.0f} MB  {offer.quality:<7} {offer.spoken}{more}"
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


def _plural(kind: str) -> str:
    return kind if kind in ("metadata", "boilerplate") else f"{kind}s"


def print_json(value: object) -> None:
    """For scripts."""
    encoded = msgspec.json.format(msgspec.json.encode(value), indent=2)
    typer.echo(encoded.decode())
