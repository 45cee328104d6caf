"""What is known of every post of a library, so that a new one finds its twins in milliseconds.

An SQLite file beside which stands its own hash: if the two do not agree, the file is damaged or a
run was killed while it wrote, and the index begins anew from the posts.
"""

import hashlib
import logging
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType

import msgspec

from tts_pipeline import files, lock
from tts_pipeline.errors import OutputError
from tts_pipeline.post.twins.relation import Entry, Link, relate
from tts_pipeline.post.twins.title import bare

log = logging.getLogger(__name__)

_VERSION = 5
"""Goes up when the same posts would give other links by a change of ours."""

_SCHEMA = """
CREATE TABLE post (id INTEGER PRIMARY KEY, name TEXT UNIQUE, stamp TEXT, entry BLOB);
CREATE TABLE key (key TEXT, post INTEGER, PRIMARY KEY (key, post)) WITHOUT ROWID;
CREATE TABLE mark (mark INTEGER, post INTEGER, PRIMARY KEY (mark, post)) WITHOUT ROWID;
CREATE TABLE link (one TEXT, other TEXT, link BLOB, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE INDEX link_other ON link (other);
CREATE INDEX key_post ON key (post);
"""

_MOST = 50
"""Candidates that are looked at for one post, most shared marks first."""

_encode = msgspec.msgpack.Encoder().encode
_entry = msgspec.msgpack.Decoder(Entry).decode
_link = msgspec.msgpack.Decoder(Link).decode


class Index:
    """Entries and the links between them, as one file; a context whose end writes what is new."""

    def __init__(self, path: Path, *, write: bool = True) -> None:
        """Open it, or begin it; without `write`, what is new is forgotten at the end."""
        self._path = path
        self._write = write
        self._seal = path.with_suffix(".sha256")
        self._lock = path.with_suffix(".lock")
        self._changed = False

    def __enter__(self) -> "Index":
        if not self._write:
            return self._copied()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Held until the end, by kernel and process: a kill frees it, and a second run waits.
            self._held = self._lock.open("ab")
            lock.take(self._held, wait=True)
        except OSError as error:
            raise self._refusal(error) from error
        try:
            return self._opened()
        except BaseException:
            self._held.close()
            raise

    def _copied(self) -> "Index":
        """In memory; nothing stands in its way, since a file that is being written is not whole."""
        self._base = sqlite3.connect(":memory:", isolation_level=None)
        if self._whole():
            self._base.deserialize(self._path.read_bytes())
        else:
            self._base.executescript(_SCHEMA)
        return self

    def _opened(self) -> "Index":
        if self._path.exists() and not self._whole():
            log.warning(
                "%s is damaged, unfinished or of another version; it is made anew from the posts",
                self._path,
            )
            self._remove()
        try:
            fresh = not self._path.exists()
            self._base = sqlite3.connect(self._path, isolation_level=None)
        except (sqlite3.Error, OSError) as error:
            raise self._refusal(error) from error
        try:
            # The seal beside the file is what proves it, so SQLite need not guard against kills.
            for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-65536"):
                self._base.execute(f"PRAGMA {pragma}")
            self._base.execute("PRAGMA temp_store=MEMORY")
            if fresh:
                self._base.executescript(_SCHEMA)
                self._touch()
        except (sqlite3.Error, OSError) as error:
            self._base.close()
            raise self._refusal(error) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if self._base.in_transaction:
                self._base.execute("COMMIT" if kind is None else "ROLLBACK")
            self._base.close()
            if self._changed and self._write and kind is None:
                files.write(self._seal, self._hash())
        except sqlite3.Error as wrong:
            if kind is None:
                raise self._refusal(wrong) from wrong
        finally:
            self._base.close()
            if self._write:
                self._held.close()

    def stamps(self) -> dict[str, str]:
        """Each post's stamp, by its name."""
        return dict(self._base.execute("SELECT name, stamp FROM post"))

    def entry(self, name: str) -> Entry | None:
        """What is known of one post."""
        row = self._base.execute("SELECT entry FROM post WHERE name = ?", (name,)).fetchone()
        return _entry(row[0]) if row else None

    def entries(self) -> Iterator[Entry]:
        """All, in order of their names."""
        for (entry,) in self._base.execute("SELECT entry FROM post ORDER BY name"):
            yield _entry(entry)

    def links(self) -> Iterator[Link]:
        """All, in order of their names."""
        for (link,) in self._base.execute("SELECT link FROM link ORDER BY one, other"):
            yield _link(link)

    def put(self, entry: Entry) -> list[Link]:
        """Remember a post, new or changed, and find its twins among those known."""
        try:
            self.forget([entry.name])
            links = [link for other in self._candidates(entry) if (link := relate(entry, other))]
            self._insert(entry)
            self._base.executemany(
                "INSERT OR REPLACE INTO link VALUES (?, ?, ?)",
                [(link.one, link.other, _encode(link)) for link in links],
            )
        except sqlite3.Error as error:
            raise self._refusal(error) from error
        return links

    def forget(self, names: Iterable[str]) -> None:
        """Posts that are there no more."""
        self._touch()
        for name in names:
            row = self._base.execute(
                "SELECT id, entry FROM post WHERE name = ?", (name,)
            ).fetchone()
            if row is None:
                continue
            number, data = row
            self._base.executemany(
                "DELETE FROM mark WHERE mark = ? AND post = ?",
                [(mark, number) for mark in _marks(_entry(data))],
            )
            self._base.execute("DELETE FROM key WHERE post = ?", (number,))
            self._base.execute("DELETE FROM link WHERE one = ? OR other = ?", (name, name))
            self._base.execute("DELETE FROM post WHERE id = ?", (number,))

    def _insert(self, entry: Entry) -> None:
        cursor = self._base.execute(
            "INSERT INTO post (name, stamp, entry) VALUES (?, ?, ?)",
            (entry.name, entry.stamp, _encode(entry)),
        )
        number = cursor.lastrowid
        self._base.executemany(
            "INSERT OR IGNORE INTO key VALUES (?, ?)", [(key, number) for key in _keys(entry)]
        )
        self._base.executemany(
            "INSERT OR IGNORE INTO mark VALUES (?, ?)", [(mark, number) for mark in _marks(entry)]
        )

    def _candidates(self, entry: Entry) -> list[Entry]:
        """Posts that share a key or a mark."""
        shared: dict[int, int] = {}
        for table, values in (("key", _keys(entry)), ("mark", _marks(entry))):
            for value in values:
                query = f"SELECT post FROM {table} WHERE {table} = ? LIMIT 500"  # noqa: S608
                for (number,) in self._base.execute(query, (value,)):
                    # What a post says of itself comes before what its words say.
                    shared[number] = shared.get(number, 0) + (1000 if table == "key" else 1)
        likely = sorted(shared, key=lambda number: (-shared[number], number))[:_MOST]
        return [
            _entry(
                self._base.execute("SELECT entry FROM post WHERE id = ?", (number,)).fetchone()[0]
            )
            for number in likely
        ]

    def _touch(self) -> None:
        """From here on the file is not what its seal says, until the end."""
        if not self._changed:
            self._changed = True
            if self._write:
                files.remove(self._seal)
        if not self._base.in_transaction:
            self._base.execute("BEGIN")

    def _whole(self) -> bool:
        try:
            return self._seal.read_bytes() == self._hash()
        except OSError:
            return False

    def _hash(self) -> bytes:
        with self._path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        return f"{_VERSION} {digest}\n".encode()

    def _remove(self) -> None:
        try:
            self._path.unlink(missing_ok=True)
            self._seal.unlink(missing_ok=True)
        except OSError as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> OutputError:
        return OutputError(
            f"the index {self._path} cannot be written: {error}. Free some space, or remove the "
            "file: it is made anew from the posts."
        )


def _keys(entry: Entry) -> tuple[str, ...]:
    return (*entry.keys, *entry.links)


def _marks(entry: Entry) -> tuple[int, ...]:
    """What finds its twins: its bands, its words as a whole, its title."""
    title = hashlib.blake2b(bare(entry.title).encode(), digest_size=8).digest()
    wholes = (entry.print.digest[:8], title)
    return (*entry.print.bands, *(int.from_bytes(each, "big", signed=True) for each in wholes))
