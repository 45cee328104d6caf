"""Typer: what a person types. One module a kind of thing that commands are about."""

from tts_pipeline.cli.program import app, main

__all__ = ["app", "main"]
