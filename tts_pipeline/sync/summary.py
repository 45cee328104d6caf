"""What one run did, in numbers and one by one."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from tts_pipeline.batch import Outcome
from tts_pipeline.feed.build import Result as Feed
from tts_pipeline.model import Noun, Published, Voice
from tts_pipeline.post.sources import Fetched
from tts_pipeline.site.build import Result as Site
from tts_pipeline.units import clock
from tts_pipeline.words import many

What = Literal["source", "post", "show", "feed", "site", "publish"]


class Failure(Noun, kw_only=True):
    """Something that was not done, and why; the rest went on."""

    what: What
    name: str
    """Of the source or the show; the post's path; the target."""
    show: str | None = None
    error: str
    tries: int | None = None
    """How often the post has failed as it is now."""
    next: datetime | None = None
    """When the post is tried again; until then it is left alone."""


class Summary(Noun, kw_only=True):
    """What `sync --json` prints."""

    out: str
    dry_run: bool = False
    """Whether all this is what would be done."""
    fetched: tuple[Fetched, ...] = ()
    """Posts that are new or have changed."""
    made: tuple[Outcome, ...] = ()
    """Episodes that are new or have changed; in a dry run those that are due."""
    unchanged: int = 0
    copies: tuple[Outcome, ...] = ()
    """Posts that are heard in another's episode."""
    left: int = 0
    """Posts that were not looked at, since the limit was reached or the show failed."""
    failures: tuple[Failure, ...] = ()
    audio_s: float = 0.0
    """The length of what was made."""
    characters: dict[str, int] = msgspec.field(default_factory=dict)
    """How many each engine was sent."""
    cost: dict[str, float] = msgspec.field(default_factory=dict)
    """By currency, at the prices that voices state."""
    feeds: tuple[Feed, ...] = ()
    """Those that were written or were right already."""
    site: Site | None = None
    published: tuple[Published, ...] = ()

    @property
    def changed(self) -> bool:
        """Whether anything was done, or would be."""
        return bool(
            self.fetched
            or self.made
            or any(feed.changed for feed in self.feeds)
            or (self.site and (self.site.written or self.site.removed))
            or any(each.sent or each.deleted for each in self.published)
        )

    @property
    def right(self) -> bool:
        """Whether nothing failed."""
        return not self.failures

    @property
    def idle(self) -> bool:
        """Whether there is nothing to say."""
        return not self.changed and self.right and not self.left

    @property
    def sentence(self) -> str:
        """The last line."""
        if self.idle:
            unchanged = f"{many(self.unchanged, 'episode')} unchanged{self._copied}"
            return f"nothing to do: {unchanged} in {self.out}"
        would = "would be " if self.dry_run else ""
        told = [f"{len(self.fetched)} {would}fetched"] if self.fetched else []
        told += [f"{len(self.made)} {would}made", f"{self.unchanged} unchanged{self._copied}"]
        told += [f"{len(self.failures)} failed"]
        if self.left:
            told.append(f"{many(self.left, 'post')} left for the next sync")
        line = ", ".join(told)
        if self.made and not self.dry_run:
            line += f"; {clock(round(self.audio_s * 1000))} of audio"
        if self.characters:
            line += "; " + ", ".join(
                f"{number:,} characters {'would go ' if self.dry_run else ''}to {engine}"
                for engine, number in self.characters.items()
            )
        if self.cost:
            line += f" ({_money(self.cost)})"
        return f"{self.out}: {line}"

    @property
    def _copied(self) -> str:
        return f", {many(len(self.copies), 'copy')}" if self.copies else ""


class Tally:
    """Characters and their price, over several shows."""

    def __init__(self) -> None:
        self.characters: Counter[str] = Counter()
        self._sent: Counter[tuple[float, str]] = Counter()

    def add(self, sent: Mapping[str, int], voices: Mapping[str, Voice]) -> None:
        """What each voice was sent."""
        for name, number in sent.items():
            if not number:
                continue
            voice = voices[name]
            self.characters[voice.engine] += number
            if voice.price:
                self._sent[voice.price] += number

    @property
    def cost(self) -> dict[str, float]:
        """By currency, to a millionth of it."""
        cost: dict[str, float] = {}
        for (price, currency), number in sorted(self._sent.items()):
            cost[currency] = round(cost.get(currency, 0.0) + price * number / 1_000_000, 6)
        return cost


def schema() -> dict[str, Any]:
    """JSON Schema of a summary."""
    return msgspec.json.schema(Summary)


def _money(cost: Mapping[str, float]) -> str:
    """0.42 USD; what is less than a cent is not nothing."""
    return ", ".join(
        f"{amount:.2f} {currency}" if amount >= 0.005 or not amount else f"under 0.01 {currency}"
        for currency, amount in cost.items()
    )
