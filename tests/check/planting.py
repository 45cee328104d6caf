"""Faults, planted in a copy of a real episode."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from mutagen.id3 import ID3

from tts_pipeline import profiles
from tts_pipeline.audio import decode, frames, lame
from tts_pipeline.check import episode
from tts_pipeline.check.checked import Checked
from tts_pipeline.episode.tags import _InOrder
from tts_pipeline.model import AudioFormat, Episode

AUDIO = AudioFormat()
FRAME = 576

SPEAKING = episode.Speaking(voice=lambda name: profiles.load_voice(name, None), jobs=2)


class Copy:
    """An episode's folder that may be spoilt."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.record: dict[str, Any] = json.loads((folder / "episode.json").read_text())
        self.timing: dict[str, Any] = json.loads((folder / "timing.json").read_text())
        self.path = folder / self.record["audio"]
        self._checked: dict[tuple[bytes, str, bool], Checked] = {}

    def check(self, *, words: bool = False) -> Checked:
        """What is found, once for each state of the file."""
        state = (self.path.read_bytes(), str(self.record), words)
        if state not in self._checked:
            self._checked[state] = episode.check(self.path, SPEAKING if words else None)
        return self._checked[state]

    def rules(self, *, words: bool = False) -> set[str]:
        """The rules that are broken, but for the hashes that every fault breaks."""
        found = {finding.rule for finding in self.check(words=words).findings}
        return found - {"record.file", "record.beside"}

    def tags(self) -> set[str]:
        """The same of tags and chapters alone, which takes no listening."""
        found = episode.read_tags(self.path, self.episode(), self.record["duration_ms"])
        return {finding.rule for finding in found}

    def episode(self) -> Episode:
        """The record as it now is."""
        return msgspec.convert(self.record, Episode)

    # ---- the audio

    def parts(self) -> tuple[bytes, list[bytes]]:
        """The tag, and the frames after the Info frame."""
        data = self.path.read_bytes()
        start = 10 + sum(byte << 7 * (3 - place) for place, byte in enumerate(data[6:10]))
        _, *places = frames.iterate(data, start)
        return data[:start], [data[at : at + size] for at, size, _ in places]

    def put(self, sound: list[bytes], *, header: bytes | None = None) -> None:
        """The same tag, these frames, and a header that is true of them."""
        tag, _ = self.parts()
        self.path.write_bytes(tag + (header or self.header(sound)) + b"".join(sound))

    @staticmethod
    def header(sound: list[bytes]) -> bytes:
        extra, _ = frames.gapless(FRAME, AUDIO.rate)
        return frames.info_frame(
            sound[0],
            frames=len(sound),
            padding=(extra + 1) * FRAME - frames.ENCODER_DELAY - FRAME,
            places=((0, 0), (len(sound), sum(map(len, sound)))),
        )

    def passage(self, words: str) -> slice:
        """Which frames hold the passage that begins with these words, and the silence after it."""
        number = next(
            s["passage"] for s in self.record["segments"] if s["written"].startswith(words)
        )
        starts = [passage["start"] // FRAME for passage in self.timing["passages"]]
        return slice(starts[number], starts[number + 1])

    def encode(self, change: Callable[[Any], Any]) -> None:
        """The sound anew, after a change of its samples, -1 to 1."""
        [whole] = decode.stream(self.path, rate=AUDIO.rate, channels=1, samples=10**8)
        changed = np.clip(np.rint(change(whole[0] / 32768) * 32768), -32768, 32767)
        pcm = changed.astype("<i2").tobytes()
        body = lame.encode(pcm, AUDIO)
        _, before = self.parts()
        extra = len(before) - len(whole[0]) // FRAME
        found = [body[at : at + size] for at, size, _ in frames.iterate(body)]
        self.put([*found, *[lame.silence(1, AUDIO)] * extra])

    # ---- what is said of it

    def tag(self, change: Callable[[ID3], None], version: int = 3) -> None:
        """A change of the ID3 tag, whose frames stay in order."""
        id3 = _InOrder(self.path, translate=False)
        change(id3)
        id3.save(self.path, v1=0, v2_version=version)

    def write(self) -> None:
        """The record and the timing as they now are."""
        (self.folder / "episode.json").write_text(json.dumps(self.record))
        (self.folder / "timing.json").write_text(json.dumps(self.timing))

    def messages(self, rule: str, *, words: bool = False) -> list[str]:
        """What is said of one rule, with the place in front."""
        return [
            f"{finding.where} {finding.message}"
            for finding in self.check(words=words).findings
            if finding.rule == rule
        ]
