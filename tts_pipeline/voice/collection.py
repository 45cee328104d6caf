"""What a collection of Piper voices offers, by its `voices.json`.

The file comes from elsewhere: a name that could be a path, a file outside the collection and a size
beyond reason are refused, and what is shown of it holds no control characters.
"""

import difflib
import re
from collections.abc import Iterator
from urllib.parse import quote

import msgspec

from tts_pipeline.errors import ProfileError, VoiceError
from tts_pipeline.model import Noun

PIPER = "https://huggingface.co/rhasspy/piper-voices/resolve/main"
"""Where the public collection of Piper's voices is."""

CATALOGUE = "voices.json"
CATALOGUE_LIMIT = 20_000_000

_SMALL = 1_000_000
_LARGE = 2_000_000_000
"""Bytes that a card or a description may have, and a model."""

_NAME = re.compile(r"\w[\w-]{0,99}")
_PART = re.compile(r"\w[\w.+-]{0,199}")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_LICENCE = re.compile(r"^\W*licen[cs]e\W*:\s*(\S.*)$", re.IGNORECASE | re.MULTILINE)


class Remote(Noun):
    """A file of a collection."""

    path: str
    """Below the collection's address."""
    size: int
    """Bytes."""
    md5: str

    @property
    def quoted(self) -> str:
        """The path as a part of an address."""
        return quote(self.path)


class Offer(Noun):
    """A voice that can be installed."""

    name: str
    language: str
    """A tag such as en-us."""
    spoken: str
    """The language in words."""
    quality: str
    speakers: int
    model: Remote
    description: Remote
    """NAME.onnx.json."""
    card: Remote | None
    """Where the voice comes from, and under which licence."""

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(file.size for file in (self.model, self.description, self.card) if file)


class _File(msgspec.Struct, frozen=True):
    size_bytes: int
    md5_digest: str


class _Language(msgspec.Struct, frozen=True):
    code: str
    name_english: str = ""
    country_english: str = ""


class _Entry(msgspec.Struct, frozen=True):
    language: _Language
    quality: str
    files: dict[str, _File]
    num_speakers: int = 1
    aliases: tuple[str, ...] = ()


class Collection:
    """The voices of a `voices.json`."""

    def __init__(self, data: bytes, source: str) -> None:
        """`source` is the address that `data` came from.

        Raises:
            VoiceError: it is not a catalogue.
        """
        try:
            self._entries = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise VoiceError(
                f"{source} is not a catalogue of Piper voices ({error}); the address must be that "
                "of a folder with voices.json in it"
            ) from error
        self._source = source

    def offers(self, prefix: str = "") -> Iterator[Offer]:
        """Those that can be installed and whose language or name begins so, by name."""
        wanted = _folded(prefix)
        for name in sorted(self._entries):
            try:
                offer = self._offer(name)
            except VoiceError:
                continue
            if _folded(name).startswith(wanted) or _folded(offer.spoken).startswith(wanted):
                yield offer

    def find(self, name: str) -> Offer:
        """The voice of this name, or of which it is an alias.

        Raises:
            ProfileError: there is none; says which are near.
            VoiceError: there is one that cannot be trusted.
        """
        if name in self._entries:
            return self._offer(name)
        for known, raw in self._entries.items():
            try:
                entry = msgspec.json.decode(raw, type=_Entry)
            except msgspec.DecodeError:
                continue
            if name in entry.aliases:
                return self._offer(known)
        folded = {_folded(known): known for known in self._entries if _NAME.fullmatch(known)}
        near = difflib.get_close_matches(_folded(name), folded, n=4, cutoff=0.5)
        hint = f"did you mean {' or '.join(folded[each] for each in near)}?" if near else ""
        raise ProfileError(
            f"{self._source} has no voice called {printable(name)!r}; "
            f"{hint or 'see what there is with `tts-pipeline voices install --list`'}"
        )

    def _offer(self, name: str) -> Offer:
        def wrong(what: str) -> VoiceError:
            shown = printable(name)
            return VoiceError(f"the voice {shown!r} in {self._source} is not used: {what}")

        if not _NAME.fullmatch(name):
            raise wrong("its name could not be that of a file")
        try:
            entry = msgspec.json.decode(self._entries[name], type=_Entry)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise wrong(f"its entry is incomplete ({printable(str(error))})") from error
        language = entry.language.code.lower().replace("_", "-")
        if not _LANGUAGE.fullmatch(language):
            raise wrong(f"{printable(entry.language.code)!r} is not a language")

        def remote(suffix: str, limit: int) -> Remote | None:
            found = [path for path in entry.files if path.endswith(suffix)]
            if len(found) > 1:
                raise wrong(f"it has {len(found)} files {suffix}")
            for path in found:
                file = entry.files[path]
                if not all(map(_PART.fullmatch, path.split("/"))):
                    raise wrong(f"its file {printable(path)!r} would lie outside the collection")
                if not 0 < file.size_bytes <= limit:
                    raise wrong(f"its file {path} cannot have {file.size_bytes} bytes")
                if not re.fullmatch(r"[0-9a-f]{32}", file.md5_digest):
                    raise wrong(f"its file {path} has no checksum")
                return Remote(path, file.size_bytes, file.md5_digest)
            return None

        model, description = remote(".onnx", _LARGE), remote(".onnx.json", _SMALL)
        if model is None or description is None:
            raise wrong("it lacks a model or its description")
        spoken = [entry.language.name_english, entry.language.country_english]
        return Offer(
            name=name,
            language=language,
            spoken=printable(", ".join(filter(None, spoken))),
            quality=printable(entry.quality),
            speakers=entry.num_speakers,
            model=model,
            description=description,
            card=remote("MODEL_CARD", _SMALL),
        )


def licence(card: str) -> str | None:
    """What a model card says of the licence."""
    found = _LICENCE.search(card)
    return printable(found[1]).strip()[:300] if found else None


def printable(text: str) -> str:
    """Without what could steer a terminal."""
    return "".join(character for character in text if character.isprintable())[:300]


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")
