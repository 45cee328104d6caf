"""Which MP3s were seen to be what their records say, so that an unchanged one is not read again.

OUT/library/verified.jsonl holds each one's name, size, modification time and SHA-256. It may be
deleted at any time; then every MP3 is read once more.
"""

from pathlib import Path

import msgspec

from tts_pipeline import ledger
from tts_pipeline.feed import library
from tts_pipeline.model import Episode, Noun


class _Seen(Noun, array_like=True):
    slug: str
    audio: str
    size: int
    mtime_ns: int
    sha256: str


class Verified:
    """The MP3s that were hashed before."""

    def __init__(self, out: Path) -> None:
        """Read what is known; what cannot be read is not known."""
        self._out = out
        self._path = out / "library" / "verified.jsonl"
        self._seen = {seen.slug: seen for seen in ledger.read(self._path, _Seen)}
        self._changed = False

    def verify(self, episode: Episode) -> None:
        """Check the episode's MP3, by its hash unless it has not been touched since.

        Raises:
            FeedError: it is missing, cannot be read, or differs in size or SHA-256.
        """
        try:
            status = library.audio_path(self._out, episode).stat()
        except OSError:
            library.verify(self._out, episode)
            return
        now = _Seen(episode.slug, episode.audio, status.st_size, status.st_mtime_ns, episode.sha256)
        if self._seen.get(episode.slug) == now and now.size == episode.bytes:
            return
        library.verify(self._out, episode)
        self._seen[episode.slug] = now
        self._changed = True

    def save(self) -> None:
        """Remember what was verified, of episodes that are still there.

        Raises:
            OutputError: it cannot be written.
        """
        if self._changed:
            there = set(library.slugs(self._out))
            kept = (self._seen[slug] for slug in sorted(self._seen) if slug in there)
            ledger.write(self._path, map(msgspec.json.encode, kept))
