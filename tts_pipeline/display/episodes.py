"""What is seen of a batch: a bar, a line a post, sentences for failures, a last line."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import typer

from tts_pipeline.batch import Outcome, Share
from tts_pipeline.display.bars import SpeakingBar
from tts_pipeline.display.tables import count, print_json
from tts_pipeline.pipeline import Source
from tts_pipeline.units import clock
from tts_pipeline.words import many


class Display:
    """Watches a batch: a bar on a terminal, a line a post, sentences for failures."""

    def __init__(self, sources: Sequence[Source], *, as_json: bool) -> None:
        """The bar is drawn on standard error, only if that is a terminal."""
        self.failed = 0
        self._as_json = as_json
        self._outcomes: list[tuple[int, Outcome]] = []
        self._bar = SpeakingBar(sources, hidden=as_json)

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._bar.__exit__(*error)

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
            typer.echo(describe_copy(outcome))
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
        copied = f", {many(statuses['copy'], 'copy')}" if statuses["copy"] else ""
        if not statuses["made"] and not statuses["failed"]:
            unchanged = many(statuses["unchanged"], "episode")
            typer.echo(f"nothing to do: {unchanged} unchanged{copied} in {out}")
            return
        audio = sum(outcome.duration_ms for _, outcome in self._outcomes)
        typer.echo(
            f"{statuses['made']} made, {statuses['unchanged']} unchanged{copied}, "
            f"{statuses['failed']} failed; {clock(audio)} of audio in {out}"
        )


def describe(outcome: Outcome) -> str:
    """One line for one episode."""
    told = count(outcome.words, outcome.spoken, outcome.left_out, outcome.things)
    line = f"{outcome.title} ({clock(outcome.duration_ms)}, {outcome.chapters} chapters; {told})"
    return line + "".join(f"\n  {sentence}" for sentence in _fallbacks(outcome))


def describe_copy(outcome: Outcome) -> str:
    """One line for a post that is heard in another's episode."""
    return f"{outcome.source}: not made, the same post as {outcome.copy_of}: {outcome.reason}"


def _fallbacks(outcome: Outcome) -> Iterator[str]:
    """A sentence for each voice that another spoke for."""
    for one in outcome.fallbacks:
        yield (
            f"{many(len(one.segments), 'sentence')} spoken by {one.instead!r} instead of "
            f"{one.voice!r}, which the next run tries again: {one.reason}"
        )
