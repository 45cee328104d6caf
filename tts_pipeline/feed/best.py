"""The memory of what was chosen as the best of each closed day or week: OUT/library/best-NAME.json.

If it is lost, the best are chosen again by the scores of the day, and a few may differ.
"""

from pathlib import Path

import msgspec
from msgspec import structs

from tts_pipeline import ledger
from tts_pipeline.feed.selection import Chosen
from tts_pipeline.model import Noun, Select, Show


class _Memory(Noun):
    rules: Select
    chosen: Chosen


def remembered(show: Show, out: Path) -> Chosen:
    """What was chosen by the same rules; nothing after they were changed."""
    memory = next(ledger.read(_path(show, out), _Memory), None)
    return memory.chosen if memory and memory.rules == _rules(show.select) else {}


def remember(show: Show, out: Path, chosen: Chosen) -> None:
    """Keep what was chosen.

    Raises:
        OutputError: it cannot be written.
    """
    if show.select.best is not None:
        memory = _Memory(_rules(show.select), chosen)
        ledger.write(_path(show, out), [msgspec.json.encode(memory, order="deterministic")])


def _rules(select: Select) -> Select:
    """What a choice depends on; an author who is removed must not shuffle the rest."""
    return structs.replace(
        select, removed_authors=(), removed_authors_file=None, title=None, guid_suffix="",
        newest=None,
    )  # fmt: skip


def _path(show: Show, out: Path) -> Path:
    return out / "library" / f"best-{show.name}.json"
