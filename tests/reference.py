"""Writes docs/commands.md and the schema of a sync's summary from the program itself: `make docs`."""

import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.main import get_command

from tts_pipeline.cli import app
from tts_pipeline.sync.summary import schema

PATH = Path(__file__).parent.parent / "docs" / "commands.md"
SCHEMA = PATH.with_name("sync.schema.json")

OPENING = """\
# Commands

Written by `make docs` from the program itself, which says the same with `--help`. What stands in the
files of shows and voices is in [shows and voices](configuration.md).

A POST is a file, a folder, `-` for standard input, or for `episode` an address. A SHOW is the file of one, such as
`feeds/show.toml`. Lists may be given one after the other: `feeds/one.toml feeds/two.toml`.

## Exit codes

| code | meaning |
|---|---|
| 0 | all done |
| 1 | some posts, feeds or checks failed, each told in a sentence on standard error, and the others were made; or the disk is full. What is finished is kept |
| 2 | wrong usage; a show, a voice, a folder or a port that cannot be used |
| 75 | `sync`: another sync is at work in the same output folder |
| 130 | stopped by Ctrl-C; what is finished is kept, and the same command goes on from there |
| 143 | `sync`: the same, by SIGTERM |

## The environment

| variable | meaning |
|---|---|
| `TTS_PIPELINE_CACHE` | where speech is remembered, as `--cache` |
| `TTS_PIPELINE_VOICES_URL` | where `voices install` finds voices, as `--from` |
| `TTS_PIPELINE_DEBUG` | if set, faults of the program show where they are, and what is retried is told |
| `SOURCE_DATE_EPOCH` | the present, in seconds since 1970, for output that is the same at any time |
| `NO_COLOR` | if set, nothing is coloured |
| `OPENAI_API_KEY` | the key of a server's voice, unless the voice names [another variable](engines.md#engine-for-openai) |

Progress bars are drawn on standard error, and only on a terminal. `--install-completion` sets up
completion for your shell, and `--show-completion` prints it.
"""


def commands() -> Iterator[tuple[str, Any]]:
    """Each command that can be typed, by its whole name."""

    def below(name: str, command: Any) -> Iterator[tuple[str, Any]]:
        if name:
            yield name, command
        for part, inner in getattr(command, "commands", {}).items():
            yield from below(f"{name} {part}".strip(), inner)

    return below("", get_command(app))


def _words(text: str | None) -> str:
    return inspect.cleandoc(text or "")


def _default(parameter: Any) -> str:
    default = parameter.default
    if parameter.required:
        return "required"
    if default in (None, False, ()) or callable(default):
        return "none" if parameter.type.name != "boolean" else "no"
    return f"`{default}`"


_KINDS = {
    "<directory>": "FOLDER",
    "<path>": "FILE",
    "<int range>": "NUMBER",
    "<float range>": "NUMBER",
    "<int>": "NUMBER",
    "<str>": "NAME",
}


def _is_argument(parameter: Any) -> bool:
    return bool(parameter.param_type_name == "argument")


def _metavar(parameter: Any, command: Any) -> str:
    """What stands for its value: our own word, or one for the type."""
    told = str(parameter.make_metavar(ctx=command.context_class(command)))
    for kind, word in _KINDS.items():
        told = told.replace(kind, word)
    optional = _is_argument(parameter) and not parameter.required and not told.startswith("[")
    return f"[{told}]" if optional else told


def _usage(name: str, command: Any) -> str:
    words = [f"tts-pipeline {name}"]
    if getattr(command, "commands", None):
        words.append("[COMMAND]" if command.invoke_without_command else "COMMAND")
    elif not all(map(_is_argument, command.params)):
        words.append("[OPTIONS]")
    words += [_metavar(each, command) for each in command.params if _is_argument(each)]
    return " ".join(words)


def _row(parameter: Any, command: Any) -> str:
    if _is_argument(parameter):
        named = _metavar(parameter, command)
    else:
        named = ", ".join(parameter.opts)
        if not parameter.is_flag:
            named += f" {_metavar(parameter, command)}"
    meaning = " ".join(_words(parameter.help).split())
    if parameter.envvar:
        meaning += f" In the environment: `{parameter.envvar}`."
    cells = (f"`{named}`", _default(parameter), meaning)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _section(name: str, command: Any) -> str:
    lines = [f"## `{name}`", "", _words(command.help), "", f"    {_usage(name, command)}", ""]
    rows = [_row(each, command) for each in command.params if each.name != "help"]
    if rows:
        lines += ["| argument or option | default | meaning |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def text() -> str:
    """The whole document."""
    return "\n".join([OPENING, *(_section(name, command) for name, command in commands())])


if __name__ == "__main__":
    PATH.write_text(text().rstrip("\n") + "\n", encoding="utf-8")
    SCHEMA.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
