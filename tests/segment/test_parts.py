"""The same name has the same voice in every episode, as far as that is possible."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from tts_pipeline.segment.parts import assign

VOICES = ("alto", "bass", "soprano", "tenor")
NAMES = st.lists(st.text(min_size=1, max_size=8), unique_by=str.casefold, max_size=8)


@given(NAMES, st.randoms())
def test_who_speaks_first_does_not_count(names: list[str], random: Random) -> None:
    shuffled = list(names)
    random.shuffle(shuffled)
    assert assign(names, VOICES, {}) == assign(shuffled, VOICES, {})


@given(NAMES)
def test_two_share_a_voice_only_when_there_are_too_few(names: list[str]) -> None:
    parts = assign(names, VOICES, {})
    assert len(parts) == len(names)
    assert len(set(parts.values())) == min(len(names), len(VOICES))


def test_alone_everybody_has_the_voice_that_is_first_for_the_name() -> None:
    names = [f"Speaker {number}" for number in range(400)]
    alone = {name: assign([name], VOICES, {})[name.casefold()] for name in names}
    # All voices are used about equally, and most pairs do not want the same one.
    assert all(70 < list(alone.values()).count(voice) < 130 for voice in VOICES)
    kept = 0
    for one, two in zip(names[::2], names[1::2], strict=True):
        parts = assign([one, two], VOICES, {})
        kept += (parts[one.casefold()] == alone[one]) + (parts[two.casefold()] == alone[two])
    assert kept > 330


def test_a_new_voice_moves_only_those_who_want_it() -> None:
    for number in range(100):
        name = f"speaker {number}"
        before, after = (assign([name], voices, {})[name] for voices in (VOICES[:3], VOICES))
        assert after in (before, VOICES[3])


def test_named_voices_are_kept_for_those_named() -> None:
    parts = assign(["ADA", "Bo", "Cy", "Di"], VOICES, {"ada": "bass", "nobody here": "alto"})
    assert parts["ada"] == "bass"
    assert {parts[name] for name in ("bo", "cy", "di")} == {"alto", "soprano", "tenor"}
    assert assign(["Ada", "Bo"], [], {"ada": "bass"}) == {"ada": "bass"}
