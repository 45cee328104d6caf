"""Findings by rule, the first few of each: ten thousand episodes may share one fault."""

from collections import Counter
from collections.abc import Iterable

from msgspec import structs

from tts_pipeline.check.rules import RULES, found
from tts_pipeline.model import Finding

_LONGEST = 1500
"""Characters of a sentence: an address may be a book."""

MOST = 10
"""Findings of one rule that are told one by one."""


class Gathered:
    """What was found so far."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Finding]] = {}
        self._counts: Counter[str] = Counter()

    def add(self, findings: Iterable[Finding]) -> None:
        """Keep these, or count them."""
        for finding in findings:
            self._counts[finding.rule] += 1
            kept = self._kept.setdefault(finding.rule, [])
            if len(kept) < MOST:
                kept.append(
                    structs.replace(
                        finding,
                        where=_plain(finding.where),
                        message=_plain(finding.message),
                    )
                )

    def all(self) -> tuple[Finding, ...]:
        """In order of rules; what was counted alone is one finding more."""
        told: list[Finding] = []
        for rule in RULES:
            kept = self._kept.get(rule, [])
            told += kept
            if more := self._counts[rule] - len(kept):
                told.append(
                    found(rule, f"and {more:,} more of the same", severity=kept[-1].severity)
                )
        return tuple(told)


def _plain(said: str) -> str:
    """On one line, and without what would steer a terminal or turn the text around."""
    cut = said if len(said) <= _LONGEST else said[:_LONGEST] + "..."
    if cut.isprintable():
        return cut
    return "".join(
        sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in cut
    )
