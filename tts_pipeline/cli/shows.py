"""New shows."""

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
    typer.echo(f"\nNow: cd {folder} && make")
