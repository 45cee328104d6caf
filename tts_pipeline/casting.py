"""Who speaks a passage: the voice that was meant, or one that it falls back to; and at what cost.

All of it is decided here, before anything is sent: a voice that does not work at present is left
in peace for the rest of the run, and one that costs money is never asked for more than its file
allows.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache as once

from tts_pipeline import pipeline
from tts_pipeline.errors import OutputError, PipelineError, ProfileError, SpeechError, SpentError
from tts_pipeline.model import Cast, Noun, Passage, Voice
from tts_pipeline.speech import passage, registry
from tts_pipeline.speech.cache import Cache
from tts_pipeline.speech.calibration import CALIBRATION
from tts_pipeline.speech.cluster import Cluster
from tts_pipeline.speech.task import Answer, Calibration, Failure, Gain, Setup, Task
from tts_pipeline.speech.workers import Workers


class Choice(Noun):
    """A passage in the voice that is to speak it."""

    voice: Voice
    key: str
    """In the cache."""
    part: Passage
    reason: str | None = None
    """Why it is not the voice that was meant, if it is another."""


class Casting:
    """The voices of one run, what is wrong with them, and what they have been sent."""

    def __init__(self, cast: Cast) -> None:
        """Nothing is known yet about any of them."""
        self.voices = cast.voices
        self.gains: dict[str, float] = {}
        """In dB, by the voice's name."""
        self.unmeasured: set[str] = set()
        """Voices whose gain is not known, since they do not work."""
        self._down: dict[str, str] = {}
        self._sent: Counter[str] = Counter()
        self._most = {
            name: registry.facts(voice.engine, voice.options).characters
            for name, voice in self.voices.items()
        }

    @property
    def sent(self) -> dict[str, int]:
        """How many characters each voice was sent in this run."""
        return dict(self._sent)

    @property
    def characters(self) -> dict[str, int]:
        """How many characters each engine was sent in this run."""
        sent: Counter[str] = Counter()
        for name, count in self._sent.items():
            sent[self.voices[name].engine] += count
        return dict(sent)

    def recall(self, cache: Cache) -> None:
        """The gains that are remembered; a voice without one counts as being loud enough."""
        for voice in self.voices.values():
            known = known_gain(voice, cache)
            self.gains[voice.name] = 0.0 if known is None else known

    def measure(
        self,
        cast: Cast,
        cache: Cache,
        workers: Workers[str] | Cluster[str],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Find each voice's gain; one that does not work counts as being loud enough.

        `meanwhile` is done once while a voice speaks, if any has to.

        Raises:
            ProfileError: a voice does not work, nor does any that it falls back to.
        """
        meanwhile = once(meanwhile)
        for voice in self.voices.values():
            try:
                self.gains[voice.name], said = measured_gain(voice, cache, workers, meanwhile)
                self.send(voice, said)
            except OutputError:
                raise
            except PipelineError as error:
                self.gains[voice.name] = 0.0
                self.unmeasured.add(voice.name)
                self.down(voice, str(error))
        for voice in cast.meant:
            if all(one.name in self._down for one in voice.chain):
                raise ProfileError(self._down[voice.name])

    def down(self, voice: Voice, reason: str) -> None:
        """The voice does not work at present; it is not asked again in this run."""
        self._down.setdefault(voice.name, reason)

    def meant(self, name: str, key: str, part: Passage) -> Choice:
        """The passage in the voice that the script gives it."""
        return Choice(self.voices[name], key, part)

    def refusal(self, choice: Choice) -> str | None:
        """Why this voice is not to be asked for this passage, if it is not."""
        name = choice.voice.name
        if name in self._down:
            return self._down[name]
        most = self._most[name]
        if most is not None and self._sent[name] + length(choice.part) > most:
            return f"the voice {name!r} has spoken the {most:,} characters that one run may spend"
        return None

    def instead(self, choice: Choice, because: str) -> Choice | None:
        """The next voice for this passage; None if there is no more."""
        voice = choice.voice.fallback
        if voice is None:
            return None
        reason = f"{choice.reason}; {because}" if choice.reason else because
        part, key = pipeline.in_voice(choice.part, voice, self.gains[voice.name])
        return Choice(voice, key, part, reason)

    def send(self, voice: Voice, characters: int) -> None:
        """So many characters are on their way to this voice's engine."""
        self._sent[voice.name] += characters

    def is_limited(self, name: str) -> bool:
        """Whether one run may not have this voice speak as much as it likes."""
        return self._most[name] is not None and name not in self._down

    def see_affordable(self, needed: Mapping[str, int]) -> None:
        """See that a whole post can be spoken, before any of it is.

        Args:
            needed: characters by the voice's name.

        Raises:
            SpentError: it would cost more than what is left for this run.
            SpeechError: it would cost more than any run may.
        """
        for name, count in needed.items():
            most = self._most[name]
            if most is None or self._sent[name] + count <= most:
                continue
            left = most - self._sent[name]
            advice = "raise" if count > most else "run the same command again, or raise"
            raise (SpeechError if count > most else SpentError)(
                f"it needs {count:,} characters of the voice {name!r}, of which this run has "
                f"{left:,} left of {most:,}; {advice} `characters` in the voice"
            )


def length(part: Passage) -> int:
    """Characters that an engine gets."""
    return sum(len(utterance.text) for utterance in part.utterances)


def known_gain(voice: Voice, cache: Cache) -> float | None:
    """The gain in dB, if it has been measured."""
    identity = passage.identity(registry.facts(voice.engine, voice.options))
    return cache.gain(_heard(voice), identity)


def _heard(voice: Voice) -> Setup:
    return Setup(voice.engine, passage.audible(voice), voice.language)


def measured_gain(
    voice: Voice,
    cache: Cache,
    workers: Workers[str] | Cluster[str],
    meanwhile: Callable[[], None] = lambda: None,
) -> tuple[float, int]:
    """The gain in dB that brings the voice to the programme's loudness: measured once.

    `meanwhile` is done while it speaks, if it has to.

    Returns:
        The gain, and how many characters were spoken to measure it.

    Raises:
        ProfileError: the voice does not work.
    """
    known = known_gain(voice, cache)
    if known is not None:
        return known, 0
    facts = registry.facts(voice.engine, voice.options)

    def asked() -> Iterator[tuple[str, Setup, Task]]:
        yield "", passage.setup(voice), Calibration(facts.sample_rate)
        meanwhile()

    [(_, answer)] = workers.run(asked())
    if not isinstance(answer, Gain):
        raise ProfileError(f"the voice {voice.name!r} cannot be measured: {why(answer)}")
    cache.put_gain(_heard(voice), passage.identity(facts), answer.gain_db)
    return answer.gain_db, sum(len(utterance.text) for utterance in CALIBRATION)


def why(answer: Answer) -> str:
    """What went wrong."""
    return answer.message if isinstance(answer, Failure) else "the worker answered out of turn"
