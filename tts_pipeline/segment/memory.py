"""How blocks were cut and spoken before, so that an edit costs its own block alone."""

import hashlib

import msgspec

from tts_pipeline.model import Block, Break, Change, Noun


class Cut(Noun, array_like=True):
    """A sentence or clause of a block's text."""

    start: int
    end: int
    said: str
    """Empty where nothing can be said."""
    aligned: tuple[tuple[int, int, int, int], ...]
    changes: tuple[Change, ...]
    after: Break


class _Kept(Noun, array_like=True):
    conditions: str
    cuts: dict[bytes, tuple[Cut, ...]]


_encode = msgspec.msgpack.Encoder().encode


class Memory:
    """The cuts of one script, by what they were made from."""

    def __init__(self, conditions: str, kept: bytes | None = None) -> None:
        """Recall what `dump` gave, if it was made under the same conditions.

        `conditions` is a hash of all that shapes a cut besides the block, its language and the
        voice's name. What cannot be read is forgotten.
        """
        self._conditions = conditions
        self._known: dict[bytes, tuple[Cut, ...]] = {}
        self._used: dict[bytes, tuple[Cut, ...]] = {}
        try:
            found = msgspec.msgpack.decode(kept, type=_Kept) if kept else None
        except msgspec.MsgspecError:
            return
        if found and found.conditions == conditions:
            self._known = found.cuts

    def key(self, block: Block, language: str, voice: str) -> bytes:
        """Under what the cuts of a block are remembered."""
        shaping = _encode((block.kind, block.spans, language, voice))
        return hashlib.blake2b(shaping, digest_size=16).digest()

    def get(self, key: bytes) -> tuple[Cut, ...] | None:
        """The cuts of this key, if they are known."""
        cuts = self._known.get(key)
        if cuts is not None:
            self._used[key] = cuts
        return cuts

    def put(self, key: bytes, cuts: tuple[Cut, ...]) -> None:
        """Remember."""
        self._known[key] = self._used[key] = cuts

    def dump(self) -> bytes:
        """What was used or added, to be recalled."""
        return _encode(_Kept(self._conditions, self._used))
