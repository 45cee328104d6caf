"""Voices: found by name, nearest first; their options checked by their engine."""

from pathlib import Path

import pytest
from msgspec import structs

from tts_pipeline import profiles
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Show
from tts_pipeline.profile import voice


def _show_in(root: Path) -> Show:
    return structs.replace(profiles.plain_show(), root=str(root))


def test_the_shipped_voice_loads() -> None:
    loaded = profiles.load_voice("default", None)
    assert loaded.engine == "pyttsx3"
    assert loaded.options == {"voice": "en-us", "rate": 175, "pitch": 50}
    assert len(loaded.lexicon) >= 300


def test_the_nearest_voice_of_a_name_counts(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    near = tmp_path / "voices" / "default.toml"
    near.write_text('[voice]\nengine = "tone"\n')
    assert voice.find("default", voice.folders(str(tmp_path))) == near
    assert profiles.load_voice("default", _show_in(tmp_path)).engine == "tone"


def test_a_missing_voice_names_those_there_are() -> None:
    with pytest.raises(ProfileError, match=r"no voice called 'defualt'; there are default"):
        profiles.load_voice("defualt", None)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[voice]\nengine = "tone"\n[engine]\npitch = "x"\n', "line 4: `engine.pitch`"),
        ('[voice]\nengine = "tone"\n[engine]\nptich = 1\n', "line 4: unknown key `ptich`"),
        ('[voice]\nengine = "pyttsx3"\n[engine]\nrate = 1\n', "80 to 450"),
        ('[voice]\nengien = "tone"\n', "line 2: unknown key `engien` in [voice]; did you mean"),
        ('[voice]\nlanguage = "en"\n', "line 1: `engine` is missing in [voice]"),
        ('[voice]\nengine = "espeak"\n', "line 2: `voice.engine` is wrong"),
        ('[voice]\nengine = "tone"\nlexicon = ["x.tsv"]\n', "line 3: `voice.lexicon` names x.tsv"),
    ],
)
def test_errors_name_file_key_and_line(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "voices").mkdir()
    path = tmp_path / "voices" / "bad.toml"
    path.write_text(text)
    with pytest.raises(ProfileError) as caught:
        profiles.load_voice("bad", _show_in(tmp_path))
    assert str(caught.value).startswith(str(path))
    assert words in str(caught.value), caught.value


def test_a_price_is_a_number_and_a_currency(tmp_path: Path) -> None:
    (tmp_path / "voices").mkdir()
    file = tmp_path / "voices" / "dear.toml"
    file.write_text('[voice]\nengine = "tone"\nprice = "15.5 USD"\n')
    assert profiles.load_voice("dear", _show_in(tmp_path)).price == (15.5, "USD")
    for wrong in ("15", "15 dollars", "-1 USD", "USD 15", ""):
        file.write_text(f'[voice]\nengine = "tone"\nprice = "{wrong}"\n')
        with pytest.raises(ProfileError, match=r'dear.toml, line 3: .*such as "15.00 USD"'):
            profiles.load_voice("dear", _show_in(tmp_path))
