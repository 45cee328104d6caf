"""Who speaks a passage, and what it may cost: decided without anything being spoken."""

import pytest

from tts_pipeline.casting import Casting, Choice, length
from tts_pipeline.errors import SpeechError
from tts_pipeline.model import AudioFormat, Cast, Passage, Voice
from tts_pipeline.speech import passage

PAID = {"base_url": "http://localhost/v1", "model": "m", "voice": "v", "characters": 1000}


@pytest.fixture
def casting() -> Casting:
    last = Voice("last", "tone", "en", {"pitch": 7})
    free = Voice("free", "tone", "en", {}, fallback=last)
    cast = Cast(Voice("paid", "openai", "en", PAID, fallback=free), notes=free)
    casting = Casting(cast)
    casting.gains = {"paid": 1.0, "free": 2.0, "last": 3.0}
    return casting


def part(casting: Casting, text: str) -> Passage:
    return passage.alone(text, casting.voices["paid"], gain_db=1.0, audio=AudioFormat())


def meant(casting: Casting, text: str = "words") -> Choice:
    return casting.meant("paid", "key", part(casting, text))


def test_the_chain_is_followed_with_each_reason(casting: Casting) -> None:
    first = casting.instead(meant(casting), "closed")
    assert first is not None
    assert (first.voice.name, first.part.gain_db, first.reason) == ("free", 2.0, "closed")
    second = casting.instead(first, "crashed")
    assert second is not None
    assert (second.voice.name, second.part.options) == ("last", {"pitch": 7})
    assert second.reason == "closed; crashed"
    assert second.key != first.key
    assert [utterance.text for utterance in second.part.utterances] == ["words"]
    assert casting.instead(second, "gone") is None


def test_a_voice_that_is_down_is_not_asked_again(casting: Casting) -> None:
    assert casting.refusal(meant(casting)) is None
    casting.down(casting.voices["paid"], "closed")
    casting.down(casting.voices["paid"], "closed again")
    assert casting.refusal(meant(casting)) == "closed"
    assert not casting.is_limited("paid")


def test_what_is_sent_is_counted_and_limited(casting: Casting) -> None:
    assert casting.is_limited("paid")
    assert not casting.is_limited("free")
    casting.see_affordable({"paid": 1000, "free": 10**9})
    casting.send(casting.voices["paid"], 600)
    casting.send(casting.voices["free"], 5)
    casting.send(casting.voices["last"], 7)
    assert casting.characters == {"openai": 600, "tone": 12}
    casting.see_affordable({"paid": 400})
    with pytest.raises(
        SpeechError, match=r"needs 401 characters .* 400 left of 1,000; run the same"
    ):
        casting.see_affordable({"paid": 401})
    with pytest.raises(SpeechError, match=r"needs 1,001 characters .*; raise `characters`"):
        casting.see_affordable({"paid": 1001})
    assert casting.refusal(meant(casting, "x" * 400)) is None
    assert "has spoken the 1,000" in (casting.refusal(meant(casting, "x" * 401)) or "")


def test_options_that_do_not_change_the_sound_do_not_change_the_passage(casting: Casting) -> None:
    said = part(casting, "words")
    assert said.options == {"base_url": "http://localhost/v1", "model": "m", "voice": "v"}
    assert length(said) == 5
