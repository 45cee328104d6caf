"""What is seen of a check: a bar, a line a finding, a line a file."""

from collections.abc import Sequence

import typer

from tts_pipeline.check.checked import Checked
from tts_pipeline.display.bars import Barred, shared
from tts_pipeline.display.tables import print_json
from tts_pipeline.model import Severity
from tts_pipeline.units import clock
from tts_pipeline.words import many


class Checks(Barred):
    """Watches a check: a bar on a terminal, a line a finding, a line a file."""

    def __init__(self, things: Sequence[object], *, as_json: bool) -> None:
        """The bar is drawn on standard error, only if that is a terminal."""
        self.wrong = 0
        self._as_json = as_json
        self._checked: list[Checked] = []
        self._bar = shared(hidden=as_json)
        self._task = self._bar.add_task("checking", total=len(things) or 1, note="")

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
            typer.echo(describe(checked))

    def summarize(self, failures: Sequence[tuple[str, str]]) -> None:
        """All of it as JSON, if that is asked for."""
        if self._as_json:
            failed = [{"path": path, "error": error} for path, error in failures]
            print_json({"checked": self._checked, "failures": failed})


def describe(checked: Checked) -> str:
    """412 segments, 25:38, -16.0 LUFS, -1.6 dBTP: right."""
    told = [f"{checked.segments} segments"] if checked.segments else []
    if checked.episodes is not None:
        told.append(many(checked.episodes, "episode"))
    if checked.duration_ms is not None:
        told.append(clock(checked.duration_ms))
    for level, unit in ((checked.lufs, "LUFS"), (checked.true_peak, "dBTP")):
        told += [] if level is None else [f"{level:.1f} {unit}"]
    errors = sum(finding.severity is Severity.ERROR for finding in checked.findings)
    warnings = len(checked.findings) - errors
    verdict = "right" if checked.right else f"wrong, {many(errors, 'error')}"
    if warnings:
        verdict += f", {many(warnings, 'warning')}"
    unchecked = (
        f" (words not checked: {checked.words_unchecked})" if checked.words_unchecked else ""
    )
    if checked.unasked:
        unchecked = f" (not asked for: {checked.unasked})"
    return f"{checked.path}: checked: {', '.join(told)}: {verdict}{unchecked}"
