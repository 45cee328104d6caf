"""Music files -> PCM at the episode's rate: `python -m tts_pipeline.audio.tune FILE RATE TARGET`.

libsndfile reads WAV of any kind, FLAC, OGG and MP3; what it does not know, ffmpeg may. A file is
decoded once, into the cache, by a process of its own: a decoder's memory is gone when it ends,
and a file that crashes one is an error like any other.
"""

import hashlib
import logging
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, cast

from tts_pipeline import files
from tts_pipeline.errors import OutputError, PipelineError, ProfileError
from tts_pipeline.model import Music, MusicUse

log = logging.getLogger(__name__)

_MOST_BYTES = 1 << 29
_MOST_SECONDS = 600
"""What is decoded of a file: no slate or outro lasts as long."""

_MOST_STING_SECONDS = 15

_SECONDS = 120
"""How long decoding may take."""

_BLOCK = 1 << 16

_UNWRITTEN = 3
"""The decoder's exit status when it is the disk that failed, not the music."""


def music(path: Path, use: MusicUse, rate: int, folder: Path) -> Music:
    """A music file, decoded to `folder` unless it is there already.

    Args:
        path: the file.
        use: what it is for.
        rate: samples a second of the episode.
        folder: where decoded music is kept.

    Raises:
        ProfileError: the file is missing, damaged, silent, too large, or nothing here can read it.
        OutputError: it cannot be kept.
    """
    try:
        if (size := path.stat().st_size) > _MOST_BYTES:
            raise ProfileError(
                f"the music {path} has {size >> 20} MB; at most {_MOST_BYTES >> 20} are read, so "
                "save it as FLAC or OGG, or cut it"
            )
        sha256 = files.sha256(path)
    except OSError as error:
        raise ProfileError(
            f"the music {path} cannot be read: {error.strerror or error}; correct its name in the "
            "show, or leave it out"
        ) from error
    target = folder / f"{sha256[:32]}-{rate}.pcm"
    if not _is_whole(target):
        _decode_apart(path, rate, target)
    seconds = target.stat().st_size / 2 / rate
    if use is MusicUse.STING and seconds > _MOST_STING_SECONDS:
        raise ProfileError(
            f"the sting {path} lasts {seconds:.0f} s; it sounds before each chapter, so cut it to "
            f"{_MOST_STING_SECONDS} s or less"
        )
    return Music(str(target), sha256, use)


def _is_whole(target: Path) -> bool:
    """Whether decoded music is there, and is what its seal says."""
    try:
        if _seal(target).read_bytes() == files.sha256(target).encode():
            return True
        log.warning("the decoded music %s is damaged; it is decoded again", target)
    except OSError:
        pass
    return False


def _seal(target: Path) -> Path:
    return target.with_suffix(".sha256")


def _decode_apart(path: Path, rate: int, target: Path) -> None:
    command = [sys.executable, "-m", __name__, str(path), str(rate), str(target)]
    try:
        done = subprocess.run(
            command, capture_output=True, check=False, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired as error:
        raise ProfileError(
            f"the music {path} could not be decoded within {_SECONDS} s; convert it to WAV or FLAC"
        ) from error
    if done.returncode == _UNWRITTEN:
        raise OutputError(done.stdout.decode(errors="replace"))
    if done.returncode:
        told = done.stdout.decode(errors="replace").strip()
        ended = f"the music {path} is damaged: its decoder ended with status {done.returncode}"
        raise ProfileError(told or f"{ended}; convert it to WAV or FLAC")


def main() -> int:
    """Decode one file; what is wrong with it goes to standard output."""
    path, rate, target = sys.argv[1:]
    try:
        decode(Path(path), int(rate), Path(target))
    except PipelineError as error:
        sys.stdout.write(str(error))
        return _UNWRITTEN if isinstance(error, OutputError) else 1
    return 0


def decode(path: Path, rate: int, target: Path) -> None:
    """Write the first ten minutes, mixed to one channel at `rate`, as PCM; whole or not at all.

    Raises:
        ProfileError: see `music`.
    """
    heard, digest = False, hashlib.sha256()
    with files.replacing(target, durable=False) as file:
        for block in _blocks(path, rate):
            heard = heard or any(block)
            file.write(block)
            digest.update(block)
        if not heard:
            raise ProfileError(f"the music {path} is silent; leave it out to have none")
    files.write(_seal(target), digest.hexdigest().encode())


def _blocks(path: Path, rate: int) -> Iterator[bytes]:
    import soundfile  # noqa: PLC0415  which only the process that decodes needs

    try:
        sound = soundfile.SoundFile(path)
    except soundfile.LibsndfileError as error:
        yield from _by_ffmpeg(path, rate, str(error.error_string).rstrip("."))
        return
    with sound:
        try:
            yield from _resampled(sound, rate)
        except soundfile.LibsndfileError as error:
            raise ProfileError(
                f"the music {path} is damaged: {error.error_string} Convert it to WAV or FLAC anew"
            ) from error


def _resampled(sound: Any, rate: int) -> Iterator[bytes]:
    import numpy as np  # noqa: PLC0415
    import soxr  # noqa: PLC0415

    stream = soxr.ResampleStream(sound.samplerate, rate, 1, dtype="float32")
    left = int(_MOST_SECONDS * sound.samplerate)
    more = True
    while more:
        block = sound.read(min(_BLOCK, left), dtype="float32", always_2d=True)
        left -= len(block)
        more = left > 0 and len(block) > 0
        mixed = np.nan_to_num(block.mean(axis=1, dtype=np.float32), posinf=1, neginf=-1)
        if sound.samplerate != rate:
            mixed = stream.resample_chunk(mixed, last=not more)
        yield np.clip(np.rint(mixed * 32768), -32768, 32767).astype("<i2").tobytes()


def _by_ffmpeg(path: Path, rate: int, why: str) -> Iterator[bytes]:
    """What libsndfile refused, saying `why`."""
    command = [
        _ffmpeg(path, why), "-v", "error", "-nostdin", "-protocol_whitelist", "file",
        "-i", f"file:{path}", "-map", "0:a:0", "-t", str(_MOST_SECONDS),
        "-ac", "1", "-ar", str(rate), "-f", "s16le", "pipe:1",
    ]  # fmt: skip
    # Into a file: nobody reads a second pipe while the first is read.
    with tempfile.TemporaryFile() as told:
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=told) as process:
            while block := cast("IO[bytes]", process.stdout).read(_BLOCK):
                yield block
        told.seek(0)
        lines = told.read().decode(errors="replace").strip().splitlines()
    if process.returncode or lines:
        said = f": {lines[-1][:200]}" if lines else ""
        raise ProfileError(
            f"the music {path} cannot be read by libsndfile ({why}) nor by ffmpeg{said}; convert "
            "it to WAV, FLAC, OGG or MP3"
        )


def _ffmpeg(path: Path, why: str) -> str:
    if found := shutil.which("ffmpeg"):
        return found
    with suppress(ImportError, RuntimeError):
        import imageio_ffmpeg  # noqa: PLC0415  an extra

        return str(imageio_ffmpeg.get_ffmpeg_exe())
    raise ProfileError(
        f"the music {path} is not WAV, FLAC, OGG or MP3 ({why}); convert it, or let ffmpeg read "
        "it: pip install 'tts-pipeline[ffmpeg]'"
    )


if __name__ == "__main__":
    sys.exit(main())
