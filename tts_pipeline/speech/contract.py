"""What every engine must hold to: a test class that inherits this one, and names its engine.

For pytest alone; nothing of the program imports it. Another package's engine is tested by the
name of its entry point, installed:

    from tts_pipeline.speech.contract import EngineContract

    class TestMyEngine(EngineContract):
        name = "myengine"
        wrong = {"rate": -1}
"""

from typing import Any, ClassVar

import numpy as np
import pytest

from tts_pipeline.errors import ProfileError, SpeechError
from tts_pipeline.model import AudioFormat, Passage, Utterance
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Engine, Facts
from tts_pipeline.speech.speaker import Said, Speaker, say
from tts_pipeline.speech.task import Setup, Spoken, Synthesis
from tts_pipeline.speech.workers import Workers

SENTENCES = (
    "Yes.",
    "The tide comes in twice a day, and nobody has ever stopped it.",
    "Numbers such as 12 and 1999; signs such as & and %; and a name: Zoë.",
)


class EngineContract:
    """Inherit, and name the engine."""

    name: ClassVar[str]
    options: ClassVar[dict[str, Any]] = {}
    wrong: ClassVar[dict[str, Any]]
    """Options that the engine must refuse with a sentence."""
    failing: ClassVar[dict[str, Any] | None] = None
    """Options with which it opens and then cannot speak, if there are any."""
    hanging: ClassVar[dict[str, Any] | None] = None
    """Options with which it never comes back by itself before `seconds`, if there are any."""

    @pytest.fixture
    def engine(self) -> Engine:
        return registry.open_engine(self.name, self.options, "en-us")

    @pytest.fixture
    def declared(self) -> Facts:
        return registry.facts(self.name, self.options)

    def said_afresh(self, *texts: str) -> Said:
        """As workers say it: in a process of its own if the engine carries state."""
        utterances = tuple(map(Utterance, texts))
        if not registry.facts(self.name, self.options).carries_state:
            return say(registry.open_engine(self.name, self.options, "en-us"), utterances)
        speaker = Speaker(lambda: registry.open_engine(self.name, self.options, "en-us"))
        assert speaker.refusal() is None
        try:
            return speaker.say(utterances, 60)
        finally:
            speaker.close()

    # ---- what it declares --------------------------------------------------------------------

    def test_facts_need_no_open_engine(self, declared: Facts) -> None:
        assert 8000 <= declared.sample_rate <= 48000
        assert declared.limit >= 100
        assert declared.versions
        assert all(isinstance(version, str) for version in declared.versions.values())
        assert declared.concurrency is None or declared.concurrency >= 1
        assert declared.seconds is None or declared.seconds >= 1
        # A server is not there to be forked.
        assert not (declared.concurrency and declared.carries_state)

    def test_inaudible_options_are_options_that_may_be_left_out(self, declared: Facts) -> None:
        fields = registry.engine(self.name).Options.__struct_fields__
        assert set(declared.inaudible) <= set(fields)
        heard = {k: v for k, v in self.options.items() if k not in declared.inaudible}
        assert registry.facts(self.name, heard).sample_rate == declared.sample_rate

    def test_it_speaks_at_the_rate_that_it_declares(self, engine: Engine, declared: Facts) -> None:
        """People speak 5 to 35 characters a second, whatever they say."""
        seconds = len(engine.speak(SENTENCES[1]).pcm) / 2 / declared.sample_rate
        assert 5 < len(SENTENCES[1]) / seconds < 35

    def test_the_same_text_gives_the_same_sound_if_declared(self, declared: Facts) -> None:
        first, second = (self.said_afresh(*SENTENCES) for _ in range(2))
        assert isinstance(first, list)
        assert isinstance(second, list)
        assert not declared.deterministic or first == second

    def test_no_utterance_changes_the_next_unless_declared(self, declared: Facts) -> None:
        alone, after = self.said_afresh(SENTENCES[1]), self.said_afresh(*SENTENCES[:2])
        assert isinstance(alone, list)
        assert isinstance(after, list)
        if declared.deterministic and not declared.carries_state:
            assert alone[-1] == after[-1]

    def test_every_word_has_its_time_if_declared(self, engine: Engine, declared: Facts) -> None:
        text = SENTENCES[1]
        sound = engine.speak(text)
        if not declared.word_times:
            assert sound.words == ()
            return
        spoken = [text[offset : offset + length] for offset, length, _ in sound.words]
        assert [word.strip(".,") for word in spoken] == [w.strip(".,") for w in text.split()]
        times = [sample for _, _, sample in sound.words]
        assert times == sorted(times)
        assert 0 <= times[0] < times[-1] < len(sound.pcm) // 2

    # ---- what it says ------------------------------------------------------------------------

    @pytest.mark.parametrize("text", SENTENCES)
    def test_sound_is_whole_samples_and_audible(self, engine: Engine, text: str) -> None:
        pcm = engine.speak(text).pcm
        assert len(pcm) % 2 == 0
        assert np.abs(np.frombuffer(pcm, "<i2").astype(int)).max() > 1000

    def test_no_word_is_lost(self, engine: Engine) -> None:
        """Each word more takes more time, and no two texts give one sound."""
        words = SENTENCES[1].split()
        sounds = [engine.speak(" ".join(words[:count])).pcm for count in (3, 6, 9, len(words))]
        lengths = [len(pcm) for pcm in sounds]
        assert lengths == sorted(set(lengths))
        assert lengths[-1] > 2 * lengths[0]

    def test_it_takes_as_many_characters_as_it_declares(
        self, engine: Engine, declared: Facts
    ) -> None:
        """To the last word: the end is as long as it is alone."""
        text = ("word " * declared.limit)[: declared.limit - 1].rstrip() + "."
        half = text[: len(text) // 10 * 5].rstrip() + "."
        whole, part = len(engine.speak(text).pcm), len(engine.speak(half).pcm)
        assert whole / 2 / declared.sample_rate > declared.limit / 5 * 0.1
        assert 1.7 < whole / part < 2.3

    def test_markup_in_text_is_text(self, engine: Engine, declared: Facts) -> None:
        plain = len(engine.speak("hello").pcm)
        for hostile in ('hello <break time="9s"/>', "hello [[h@l'oU]]", "hello <audio src='x'/>"):
            assert len(engine.speak(hostile).pcm) < plain + declared.sample_rate * 2 * 6

    def test_a_slower_pace_takes_no_less_time(self, engine: Engine) -> None:
        slow, usual = (len(engine.speak(SENTENCES[1], pace).pcm) for pace in (0.8, 1.0))
        assert slow >= usual * 0.97

    # ---- what goes wrong ---------------------------------------------------------------------

    def test_wrong_options_are_refused_with_a_sentence(self) -> None:
        with pytest.raises(ProfileError, match=r"\w+ \w+ \w+"):
            registry.open_engine(self.name, self.wrong, "en-us")

    def test_what_cannot_be_spoken_is_a_speech_error(self) -> None:
        if self.failing is None:
            pytest.skip("no options are known with which it fails")
        with pytest.raises(SpeechError, match=r"\w+ \w+ \w+"):
            registry.open_engine(self.name, self.failing, "en-us").speak(SENTENCES[1])

    def test_it_comes_back_in_the_time_that_it_declares(self) -> None:
        if self.hanging is None:
            pytest.skip("no options are known with which it hangs")
        assert registry.facts(self.name, self.hanging).seconds is not None
        with pytest.raises(SpeechError, match="within"):
            registry.open_engine(self.name, self.hanging, "en-us").speak(SENTENCES[1])

    def test_workers_speak_with_it_and_can_be_stopped_at_any_moment(self) -> None:
        setup = Setup(self.name, self.options, "en-us")
        tasks = [(number, setup, Synthesis(self._passage(number))) for number in range(9)]
        with Workers[int](2) as workers:
            key, answer = next(workers.run(iter(tasks)))
            assert isinstance(answer, Spoken), answer
            processes = [worker.process for worker in workers._workers]
        assert key in range(9)
        assert processes
        assert all(process.poll() is not None for process in processes)

    def _passage(self, number: int) -> Passage:
        return Passage(
            engine=self.name,
            options=self.options,
            language="en-us",
            gain_db=0,
            audio=AudioFormat(),
            utterances=(Utterance(f"This is sentence number {number}."),),
            identity={},
        )
