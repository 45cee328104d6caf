"""Which files were seen to be whole, and have not been touched since.

A ledger keeps a hash of their sizes and times, folder by folder, so that none is read again.
It may be deleted at any time; then all are read once more.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path

import msgspec

from tts_pipeline import ledger
from tts_pipeline.model import Noun


class _Seen(Noun, array_like=True):
    folder: str
    stamp: str
    """A hash of names, sizes and modification times."""


class Untouched:
    """Files in the folders below one."""

    def __init__(self, root: Path, path: Path) -> None:
        """What the ledger at `path` tells of folders in `root`."""
        self._root = root
        self._path = path
        self._seen = {seen.folder: seen.stamp for seen in ledger.read(path, _Seen)}
        self._changed = False

    def are(self, folder: str, names: Iterable[str]) -> bool:
        """Whether these files are as they were when they were noted."""
        known = self._seen.get(folder)
        return known is not None and known == self._stamp(folder, names)

    def note(self, folder: str, names: Iterable[str]) -> None:
        """These files are whole."""
        now = self._stamp(folder, names)
        if now is not None and self._seen.get(folder) != now:
            self._seen[folder] = now
            self._changed = True

    def save(self) -> None:
        """Remember what was noted, of folders that are still there.

        Raises:
            OutputError: it cannot be written.
        """
        if self._changed:
            seen = (
                _Seen(folder, self._seen[folder])
                for folder in sorted(self._seen)
                if (self._root / folder).is_dir()
            )
            ledger.write(self._path, map(msgspec.json.encode, seen))
            self._changed = False

    def _stamp(self, folder: str, names: Iterable[str]) -> str | None:
        digest = hashlib.sha256()
        try:
            for name in names:
                status = (self._root / folder / name).stat()
                digest.update(f"{name} {status.st_size} {status.st_mtime_ns}\n".encode())
        except OSError:
            return None
        return digest.hexdigest()[:32]
