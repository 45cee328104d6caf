"""What the program says, as sentences for people, and as lines of a log: text or JSON.

A record may carry facts beside its message, in `extra`: what happened (`event`), and of which
show, source and post. Secrets are taken out of each line.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from tts_pipeline.errors import OutputError
from tts_pipeline.redact import redacted

Form = Literal["text", "json"]

FACTS = ("event", "show", "source", "post", "path", "duration_ms", "tries", "next")
"""What a record may carry, in the order in which it is written."""

_said: list[logging.Handler] = []
"""What `say` has set up."""

IDLE = "idle"
"""The event of a record that says that there was nothing to do."""


class Sentences(logging.Handler):
    """News on standard output, all else on standard error."""

    def __init__(self, hidden: tuple[str, ...], *, news: bool, debug: bool) -> None:
        """Without `news` and `debug`, only what is wrong."""
        super().__init__(logging.DEBUG if debug else logging.INFO if news else logging.WARNING)
        self._hidden = hidden
        self._news = news

    def emit(self, record: logging.LogRecord) -> None:
        """One sentence."""
        told = redacted(_told(record), self._hidden)
        if record.levelno == logging.INFO and self._news:
            sys.stdout.write(f"{told}\n")
        else:
            sys.stderr.write(f"tts-pipeline: {told}\n")


class Lines(logging.Formatter):
    """A line a record, with its time in UTC and its facts."""

    def __init__(self, form: Form, hidden: tuple[str, ...]) -> None:
        """`hidden`: what must not stand there."""
        super().__init__()
        self._form = form
        self._hidden = hidden

    def format(self, record: logging.LogRecord) -> str:
        """As JSON, or as text with the facts that name things in brackets."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        given = [(name, getattr(record, name, None)) for name in FACTS]
        # Before anything is escaped or folded: a secret is found only as it is.
        facts = {name: self._clean(value) for name, value in given if value is not None}
        head = {"time": time.replace("+00:00", "Z"), "level": record.levelname.lower()}
        message = redacted(_told(record), self._hidden)
        if self._form == "json":
            return json.dumps({**head, **facts, "message": message}, ensure_ascii=False)
        named = " ".join(
            f"{name}={json.dumps(facts[name], ensure_ascii=False)}"
            for name in ("show", "source", "post")
            if name in facts
        )
        place = f" [{named}]" if named else ""
        return f"{head['time']} {head['level']}{place} {' '.join(message.split())}"

    def _clean(self, fact: object) -> object:
        """The fact as JSON has it, without secrets."""
        return fact if isinstance(fact, int | float) else redacted(str(fact), self._hidden)


def _told(record: logging.LogRecord) -> str:
    """The message, and where an error comes from, if that was asked for."""
    if not record.exc_info:
        return record.getMessage()
    return record.getMessage() + "\n" + logging.Formatter().formatException(record.exc_info)


def say(
    *,
    hidden: tuple[str, ...],
    news: bool = True,
    idle: bool = True,
    file: Path | None = None,
    form: Form = "text",
    debug: bool = False,
) -> None:
    """From here on what is logged is said.

    Args:
        hidden: secrets.
        news: whether what went well is said too.
        idle: whether it is said that there was nothing to do; a file is always told.
        file: where lines go besides; without one, JSON takes the place of sentences.
        form: of the lines.
        debug: whether everything is said.

    Raises:
        OutputError: `file` cannot be written.
    """
    handlers: list[logging.Handler] = []
    if file is None and form == "json":
        handlers.append(logging.StreamHandler(sys.stderr))
    else:
        handlers.append(Sentences(hidden, news=news, debug=debug))
    if not idle:
        handlers[0].addFilter(lambda record: getattr(record, "event", None) != IDLE)
    if file is not None:
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handlers.append(logging.FileHandler(file, encoding="utf-8"))
        except OSError as error:
            raise OutputError(
                f"the log {file} cannot be written: {error.strerror or error}"
            ) from error
    for handler in handlers:
        if not isinstance(handler, Sentences):
            handler.setFormatter(Lines(form, hidden))
    root = logging.getLogger()
    while _said:
        before = _said.pop()
        root.removeHandler(before)
        before.close()
    for handler in handlers:
        root.addHandler(handler)
        _said.append(handler)
    logging.getLogger("tts_pipeline").setLevel(logging.DEBUG if debug else logging.INFO)
