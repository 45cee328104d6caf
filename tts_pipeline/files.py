"""Files that appear whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tts_pipeline.errors import OutputError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file beside `path` that takes its name when the block ends without an error.

    The data is on the disk before the name is: a kill or a power cut shows the old file or the
    new one. The temporary name holds the process, so that two processes never share it.

    Raises:
        OutputError: the disk is full, the folder cannot be written, and the like.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written: {error.strerror or error}. Free some space or choose "
            "another folder, then run the same command again: finished work is kept."
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def write(path: Path, data: bytes) -> bool:
    """Put `data` at `path`, whole or not at all; say whether anything had to be written."""
    try:
        if path.read_bytes() == data:
            return False
    except OSError:
        pass
    with replacing(path) as file:
        file.write(data)
    return True
