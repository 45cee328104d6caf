"""A voice from a mirror into a folder of voices, whole or not at all."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tts_pipeline import files
from tts_pipeline.errors import OutputError
from tts_pipeline.voice.collection import (
    CATALOGUE,
    CATALOGUE_LIMIT,
    Collection,
    Offer,
    Remote,
    licence,
    printable,
)
from tts_pipeline.voice.mirror import Mirror, md5, part_of

_SPARE = 10_000_000
"""Bytes that a disk shall have left."""


def catalogue(mirror: Mirror) -> Collection:
    """What the mirror offers."""
    return Collection(mirror.read(CATALOGUE, CATALOGUE_LIMIT), mirror.address(CATALOGUE))


def card(mirror: Mirror, offer: Offer) -> str:
    """The voice's model card; empty if it has none."""
    return mirror.small(offer.card).decode(errors="replace") if offer.card else ""


def install(
    mirror: Mirror, offer: Offer, card: str, folder: Path, advance: Callable[[int], None]
) -> Path:
    """Put NAME.onnx, NAME.onnx.json, the card and, last, NAME.toml into `folder`.

    Without NAME.toml it is not a voice, so it appears whole. A model that is there already is not
    fetched again, and a NAME.toml that is there is left as it is.

    Args:
        mirror: where the files come from.
        offer: which voice.
        card: its model card.
        folder: made if need be.
        advance: told of bytes gained, of `offer.model.size`.

    Raises:
        VoiceError: a file cannot be had, or is another than it should be.
        OutputError: a file cannot be written.
    """
    files.see_writable(folder)
    model, description = (folder / f"{offer.name}{end}" for end in (".onnx", ".onnx.json"))
    if _is_there(model, offer.model):
        advance(offer.model.size)
    else:
        _see_room(folder, offer.model, part_of(model, offer.model))
        mirror.bring(offer.model, model, advance)
    files.write(description, mirror.small(offer.description))
    if card:
        files.write(folder / f"{offer.name}.MODEL_CARD", card.encode())
    voice = folder / f"{offer.name}.toml"
    if not voice.exists():
        files.write(voice, _voice(offer, mirror.url, card).encode())
    return voice


def _voice(offer: Offer, url: str, card: str) -> str:
    """NAME.toml."""
    terms = licence(card) or "not said"
    # What the program's lexicon changes, it changes for the phonemes of espeak-ng's English, which
    # are those of Piper's English voices.
    lexicon = '["lexicons/en.tsv"]' if offer.language.startswith("en") else "[]"
    speakers = (
        f"# speaker = 0     # of {offer.speakers}: a number, or a name in {offer.name}.onnx.json\n"
        if offer.speakers > 1
        else ""
    )
    return (
        f"# {offer.name}: {offer.spoken}, {offer.quality}.\n"
        f"# From {printable(url)}; licence: {terms}\n"
        "[voice]\n"
        'engine = "piper"\n'
        f'language = "{offer.language}"\n'
        f"lexicon = {lexicon}\n"
        "\n"
        "[engine]\n"
        f'model = "{offer.name}.onnx"\n'
        f"{speakers}"
    )


def _is_there(model: Path, file: Remote) -> bool:
    return model.is_file() and model.stat().st_size == file.size and md5(model) == file.md5


def _see_room(folder: Path, file: Remote, part: Path) -> None:
    """Find out before a long download that the disk cannot hold it."""
    held = part.stat().st_size if part.exists() else 0
    needed, free = file.size - held + _SPARE, shutil.disk_usage(folder).free
    if free < needed:
        raise OutputError(
            f"{folder} has {free / 1e6:,.0f} MB left, and the voice needs {needed / 1e6:,.0f}. "
            "Free some space or choose another folder with --to."
        )
