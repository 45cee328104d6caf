"""A new show that works as it stands."""

from collections.abc import Iterator
from importlib.resources import files as resources
from pathlib import Path

from tts_pipeline import files
from tts_pipeline.errors import ProfileError
from tts_pipeline.profile.voice import shipped

_FILES = ("feeds/show.toml", "posts/welcome.md", "Makefile")


def lay_out(folder: Path) -> Iterator[Path]:
    """Write the starter's files and the shipped voices into `folder`.

    Raises:
        ProfileError: all of the files are there already, or one of another content; then none is
            written.
    """
    here = resources("tts_pipeline.starter")
    voices = shipped()
    contents = {name: here.joinpath(name).read_bytes() for name in _FILES}
    contents |= {
        f"voices/{path.relative_to(voices).as_posix()}": path.read_bytes()
        for path in sorted(voices.rglob("*"))
        if path.is_file()
    }
    taken = [name for name in contents if (folder / name).exists()]
    # A layout that was broken off is completed.
    begun = all((folder / name).read_bytes() == contents[name] for name in taken)
    if taken and not (begun and len(taken) < len(contents)):
        raise ProfileError(
            f"{folder} already holds {', '.join(taken)}; choose a new folder, nothing was written"
        )
    for name, data in contents.items():
        files.write(folder / name, data)
        yield folder / name
