"""`command`: any program that takes text and gives sound, such as flite, festival or Piper's.

The program is run once an utterance, without a shell. The text goes to its standard input, or
into a file or an argument where `argv` says `{file}` or `{text}`; the sound comes from its
standard output, or from the file that `argv` names as `{out}`.
"""

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import ClassVar, Literal

from msgspec import field

from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import Noun
from tts_pipeline.speech import soundfile
from tts_pipeline.speech.engine import Facts, Sound


class CommandOptions(Noun, kw_only=True):
    """[engine] of a command voice."""

    argv: list[str] = field(default_factory=list)
    """The program and its arguments."""
    rate: int
    """Samples a second of what it gives."""
    format: Literal["wav", "pcm"] = "wav"
    """PCM is signed 16-bit little-endian, one channel."""
    limit: int = 1000
    """Characters that it takes at once."""
    seconds: int = 60
    """How long one utterance may take."""
    deterministic: bool = True
    """Whether it gives the same sound for the same text."""


class Command:
    """A program of the user's."""

    Options: ClassVar[type[Noun]] = CommandOptions

    @classmethod
    def facts(cls, options: CommandOptions) -> Facts:
        """What the voice file says of the program; another build of it is another voice."""
        if not options.argv:
            raise ProfileError("`argv` is empty; it names the program that speaks")
        if not 8000 <= options.rate <= 48000:
            raise ProfileError(f"`rate` is {options.rate}; it must be 8000 to 48000")
        if options.limit < 100 or options.seconds < 1:
            raise ProfileError("`limit` must be at least 100 and `seconds` at least 1")
        path = shutil.which(options.argv[0])
        build = ""
        if path is not None:
            facts = Path(path).resolve().stat()
            build = f"{facts.st_size} {facts.st_mtime_ns}"
        return Facts(
            sample_rate=options.rate,
            limit=options.limit,
            deterministic=options.deterministic,
            carries_state=False,
            word_times=False,
            phonemes=False,
            versions={"command": build or "not installed"},
            seconds=options.seconds,
            inaudible=("limit", "seconds", "deterministic"),
        )

    def __init__(self, options: CommandOptions, language: str) -> None:
        """See that the program is there."""
        self.facts(options)
        if shutil.which(options.argv[0]) is None:
            raise ProfileError(
                f"the program {options.argv[0]!r} is not installed, or not on the PATH; install it "
                "or correct `argv` in the voice"
            )
        self._options = options

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        """Run the program once; it has one pace."""
        options = self._options
        # An argument that begins with a dash would be an option.
        safe = f" {text}" if text.startswith("-") else text
        with tempfile.TemporaryDirectory(prefix="tts-pipeline-") as folder:
            source, target = Path(folder, "text"), Path(folder, "sound")
            source.write_text(text, encoding="utf-8")
            values = {"{text}": safe, "{file}": str(source), "{out}": str(target)}
            argv = [_filled(argument, values) for argument in options.argv]
            given = "{text}" in "".join(options.argv) or "{file}" in "".join(options.argv)
            output = self._run(argv, None if given else text)
            data = target.read_bytes() if target.exists() else output
        if options.format == "wav":
            return Sound(soundfile.wav(data, options.rate, "the program"))
        return Sound(soundfile.whole(data))

    def _run(self, argv: list[str], text: str | None) -> bytes:
        name, seconds = argv[0], self._options.seconds
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL if text is None else subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            output, told = process.communicate(text.encode() if text else None, timeout=seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            process.communicate()
            raise SpeechError(f"{name} did not finish within {seconds} s") from error
        if process.returncode:
            said = told.decode(errors="replace").strip().splitlines()
            reason = f": {said[-1][:200]}" if said else ""
            raise SpeechError(f"{name} failed with exit status {process.returncode}{reason}")
        return output


def _filled(argument: str, values: dict[str, str]) -> str:
    for placeholder, value in values.items():
        if placeholder in argument:
            # One only: what a text holds is never a placeholder.
            return argument.replace(placeholder, value)
    return argument
