"""The kinds of places that files are sent to, each by its fsspec file system.

Where a store does not put a file into place in one step, it is sent beside its place under a name
that begins with a dot, and renamed. What the libraries raise becomes `PublishError`, a sentence.
Credentials come from where each kind of store has them by custom, and are never seen here.
"""

import hashlib
import os
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from tts_pipeline import files
from tts_pipeline.errors import PublishError
from tts_pipeline.model import Noun
from tts_pipeline.publish.target import Target

_ROOT = PurePosixPath()


class Held(Noun):
    """A file that the target has."""

    size: int
    etag: str | None = None


class Store(ABC):
    """One target, connected to when it is made."""

    def __init__(self, target: Target, fs: Any) -> None:
        """`fs` is its file system."""
        self._target = target
        self._fs = fs

    def put(
        self, source: Path, name: str, headers: Mapping[str, str], whole: Callable[[], None]
    ) -> None:
        """Send a file; readers see the old one or the new one.

        Args:
            source: here.
            name: there, with slashes.
            headers: what HTTP shall say of it, where the store can keep that.
            whole: called when all is there, before it is seen if that can be; may raise.

        Raises:
            PublishError: it cannot be sent.
        """
        with told(f"{name} cannot be sent to {self._target.address}"):
            self._put(source, name, headers, whole)

    def remove(self, name: str) -> None:
        """Delete a file that may be gone already.

        Raises:
            PublishError: it is there and cannot be deleted.
        """
        with told(f"{name} cannot be deleted from {self._target.address}"):
            try:
                self._fs.rm_file(self._at(name))
            except FileNotFoundError:
                return

    def clear(self, name: str) -> None:  # noqa: B027  a store may leave nothing
        """Delete what a run that was killed may have left of sending a file."""

    def holds(self, names: Collection[str]) -> dict[str, Held]:
        """Those of these files that are there.

        Raises:
            PublishError: the target cannot be asked.
        """
        with told(f"{self._target.address} cannot be listed"):
            return self._holds(names)

    def same(self, name: str, held: Held, source: Path) -> bool:
        """Whether the file there is known to be the one here, of the same size; False if not known.

        Raises:
            PublishError: it cannot be read.
        """
        return False

    def _at(self, name: str) -> str:
        return f"{self._target.root}/{name}"

    @abstractmethod
    def _put(
        self, source: Path, name: str, headers: Mapping[str, str], whole: Callable[[], None]
    ) -> None: ...

    def _holds(self, names: Collection[str]) -> dict[str, Held]:
        """Folder by folder, none of which is asked for if the one above does not have it."""
        found: dict[str, Held] = {}
        there = {""}
        for folder in sorted(_folders(names), key=lambda each: (each.count("/"), each)):
            if folder not in there:
                continue
            try:
                listed = self._fs.ls(self._at(folder).rstrip("/"), detail=True)
            except FileNotFoundError:
                continue
            for each in listed:
                name = f"{folder}/{PurePosixPath(each['name']).name}".lstrip("/")
                if each["type"] == "directory":
                    there.add(name)
                else:
                    found[name] = Held(int(each["size"] or 0), _etag(each))
        return {name: found[name] for name in names if name in found}


class _Renaming(Store):
    """A store in which a name can be given to a file that is whole."""

    def __init__(self, target: Target, fs: Any) -> None:
        super().__init__(target, fs)
        self._made: set[PurePosixPath] = set()

    def clear(self, name: str) -> None:
        self.remove(_part(name))

    def _put(
        self, source: Path, name: str, headers: Mapping[str, str], whole: Callable[[], None]
    ) -> None:
        part = _part(name)
        self._see_folder(PurePosixPath(name).parent)
        try:
            self._write(source, part, headers)
            whole()
            self._rename(part, name)
        except BaseException:
            self.clear(name)
            raise

    def _see_folder(self, folder: PurePosixPath) -> None:
        """Make a folder and those above, each once; two threads may make the same one."""
        for each in (*reversed(folder.parents), folder):
            if each not in self._made:
                self._fs.makedirs(self._at("" if each == _ROOT else str(each)), exist_ok=True)
                self._made.add(each)

    @abstractmethod
    def _write(self, source: Path, name: str, headers: Mapping[str, str]) -> None: ...

    @abstractmethod
    def _rename(self, old: str, new: str) -> None: ...


class FolderStore(_Renaming):
    """A folder of this machine."""

    def _write(self, source: Path, name: str, headers: Mapping[str, str]) -> None:
        self._fs.put_file(str(source), self._at(name))
        with Path(self._at(name)).open("rb") as file:
            os.fsync(file.fileno())  # the data is on the disk before the name is

    def _rename(self, old: str, new: str) -> None:
        Path(self._at(old)).replace(self._at(new))

    def same(self, name: str, held: Held, source: Path) -> bool:
        with told(f"{self._at(name)} cannot be read"):
            return files.sha256(Path(self._at(name))) == files.sha256(source)


class SftpStore(_Renaming):
    """A folder of another machine, over SSH."""

    def _write(self, source: Path, name: str, headers: Mapping[str, str]) -> None:
        self._fs.put_file(str(source), self._at(name))

    def _rename(self, old: str, new: str) -> None:
        self._fs.mv(self._at(old), self._at(new))


class DavStore(_Renaming):
    """A folder over WebDAV (RFC 4918)."""

    def _at(self, name: str) -> str:
        return name

    def _write(self, source: Path, name: str, headers: Mapping[str, str]) -> None:
        size = source.stat().st_size
        with source.open("rb") as file:
            # By the client, since the file system makes the folders each time anew.
            self._fs.client.upload_fileobj(
                file, name, overwrite=True, size=size, headers=dict(headers)
            )

    def _rename(self, old: str, new: str) -> None:
        self._fs.client.move(old, new, overwrite=True)


class S3Store(Store):
    """A bucket, in which a file appears when it is whole."""

    def _put(
        self, source: Path, name: str, headers: Mapping[str, str], whole: Callable[[], None]
    ) -> None:
        self._fs.put_file(
            str(source),
            self._at(name),
            ContentType=headers["Content-Type"],
            CacheControl=headers["Cache-Control"],
        )
        whole()

    def _holds(self, names: Collection[str]) -> dict[str, Held]:
        root = self._target.root
        found = self._fs.find(root, detail=True)
        there = {each["Key"].removeprefix(f"{root}/"): each for each in found.values()}
        return {
            name: Held(int(there[name]["size"]), _etag(there[name]))
            for name in names
            if name in there
        }

    def same(self, name: str, held: Held, source: Path) -> bool:
        # Of a file that went in one part, the ETag is the MD5, unless a key of its own encrypts it.
        with source.open("rb") as file:
            return held.etag == hashlib.file_digest(file, "md5").hexdigest()


@contextmanager
def told(what: str) -> Iterator[None]:
    """Whatever a library raises, as a sentence: each has its own errors, with no common base."""
    try:
        yield
    except PublishError:
        raise
    except Exception as error:
        why = getattr(error, "strerror", None) or str(error) or type(error).__name__
        raise PublishError(f"{what}: {' '.join(str(why).split())}") from error


def _part(name: str) -> str:
    """The name under which a file is sent before it is whole."""
    path = PurePosixPath(name)
    return str(path.with_name(f".{path.name}.part"))


def _folders(names: Collection[str]) -> set[str]:
    """Each folder that holds one of the names, and those above."""
    found = {""}
    for name in names:
        found |= {str(parent) for parent in PurePosixPath(name).parents if str(parent) != "."}
    return found


def _etag(listed: Mapping[str, Any]) -> str | None:
    etag = listed.get("ETag") or listed.get("etag")
    return str(etag).strip('"') if etag else None
