"""New shows."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new show's folder.")],
) -> None:
    """Lay out a new show that works as it stands: feeds/, voices/, posts/ and a Makefile."""
    from tts_pipeline.starter import lay_out  # noqa: PLC0415

    for path in lay_out(folder):
        typer.echo(path)
    typer.echo(f"\nNow: cd {folder} && make{_program()}")


def _program() -> str:
    """What make must be told where the shell does not find the program by its name."""
    if shutil.which("tts-pipeline"):
        return ""
    beside = Path(sys.executable).with_name("tts-pipeline")
    return f" TTS={beside}" if beside.is_file() else f" TTS='{sys.executable} -m tts_pipeline'"
