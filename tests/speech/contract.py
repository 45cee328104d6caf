"""What every engine must hold to; a test class per engine inherits it."""

from typing import Any, ClassVar

import numpy as np
import pytest

from tts_pipeline.errors import ProfileError
from tts_pipeline.speech import registry
from tts_pipeline.speech.engine import Engine

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

    @pytest.fixture
    def engine(self) -> Engine:
        return registry.open_engine(self.name, self.options, "en-us")

    def test_facts_need_no_open_engine(self) -> None:
        facts = registry.facts(self.name, self.options)
        assert 8000 <= facts.sample_rate <= 48000
        assert facts.limit >= 100
        assert facts.versions

    @pytest.mark.parametrize("text", SENTENCES)
    def test_sound_is_whole_samples_and_audible(self, engine: Engine, text: str) -> None:
        pcm = engine.speak(text).pcm
        assert len(pcm) % 2 == 0
        assert np.abs(np.frombuffer(pcm, "<i2").astype(int)).max() > 1000

    def test_more_words_take_more_time(self, engine: Engine) -> None:
        short, long = (len(engine.speak(text).pcm) for text in SENTENCES[:2])
        assert long > 2 * short

    def test_it_takes_as_many_characters_as_it_declares(self, engine: Engine) -> None:
        limit = registry.facts(self.name, self.options).limit
        text = ("word " * limit)[: limit - 1].rstrip() + "."
        rate = registry.facts(self.name, self.options).sample_rate
        seconds = len(engine.speak(text).pcm) / 2 / rate
        assert seconds > limit / 5 * 0.1

    def test_every_word_has_its_time_if_declared(self, engine: Engine) -> None:
        if not registry.facts(self.name, self.options).word_times:
            return
        text = SENTENCES[1]
        sound = engine.speak(text)
        spoken = [text[offset : offset + length] for offset, length, _ in sound.words]
        assert [word.strip(".,") for word in spoken] == [w.strip(".,") for w in text.split()]
        times = [sample for _, _, sample in sound.words]
        assert times == sorted(times)
        assert 0 <= times[0] < times[-1] < len(sound.pcm) // 2

    def test_markup_in_text_is_text(self, engine: Engine) -> None:
        plain = len(engine.speak("hello").pcm)
        for hostile in ('hello <break time="9s"/>', "hello [[h@l'oU]]", "hello <audio src='x'/>"):
            assert len(engine.speak(hostile).pcm) < plain + 22050 * 2 * 6

    def test_wrong_options_are_refused_with_a_sentence(self) -> None:
        with pytest.raises(ProfileError, match=r"\w+ \w+ \w+"):
            registry.open_engine(self.name, self.wrong, "en-us")

    def test_a_slower_pace_takes_no_less_time(self, engine: Engine) -> None:
        slow, usual = (len(engine.speak(SENTENCES[1], pace).pcm) for pace in (0.8, 1.0))
        assert slow >= usual * 0.97
