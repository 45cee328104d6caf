"""Engines of other packages: found when installed, and no trouble when broken."""

import json
from typing import Any, ClassVar

import pytest

from tests.conftest import Workspace
from tts_pipeline.errors import ProfileError
from tts_pipeline.speech import registry

from .conftest import ROOT, Install
from .contract import EngineContract

EXAMPLE = (ROOT / "docs" / "engines.md").read_text().split("```python\n")[1].split("```")[0]
"""The example of the documentation."""


@pytest.fixture
def beeper(install: Install) -> None:
    (install("beeper", "beeper:Beeper", "tts-pipeline-beeper") / "beeper.py").write_text(EXAMPLE)


@pytest.mark.usefixtures("beeper")
class TestBeeper(EngineContract):
    """The documented example, installed as a package of its own."""

    name = "beeper"
    options: ClassVar[dict[str, Any]] = {"pitch": 330}
    wrong: ClassVar[dict[str, Any]] = {"pitch": 5}

    def test_a_new_release_is_another_sound(self) -> None:
        assert registry.facts("beeper", {}).versions["package"] == "tts-pipeline-beeper 1.2"


@pytest.mark.usefixtures("beeper")
def test_a_voice_may_name_it(workspace: Workspace) -> None:
    (workspace.root / "voices" / "beeps.toml").write_text(
        '[voice]\nengine = "beeper"\n[engine]\npitch = 300\n'
    )
    workspace.show(voice="beeps")
    workspace.post("one.md", "# One\n\nSome words.\n")
    workspace.episode("posts")
    assert [record["voice"] for record in workspace.records()] == ["beeps"]
    (workspace.root / "voices" / "beeps.toml").write_text(
        '[voice]\nengine = "beeper"\n[engine]\npich = 300\n'
    )
    told = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=2).stderr
    assert "line 4: unknown key `pich` in [engine]; did you mean `pitch`?" in told
    listed = workspace.run("voices", "--json", check=1)
    assert "did you mean `pitch`?" in listed.stderr
    assert "beeper" in {line["engine"] for line in json.loads(listed.stdout)}


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (
            "raise RuntimeError('no licence')",
            "our-engines 1.2 cannot be loaded: RuntimeError: no lic",
        ),
        ("class Mine: ...", "is none: it has no Options, facts, speak"),
        ("", "cannot be loaded: AttributeError"),
    ],
)
def test_a_broken_package_is_a_sentence_that_names_it(
    install: Install, code: str, told: str, request: pytest.FixtureRequest
) -> None:
    module = f"broken_{abs(hash(code))}"
    (install("mine", f"{module}:Mine") / f"{module}.py").write_text(code)
    with pytest.raises(ProfileError, match=told):
        registry.engine("mine")


def test_what_a_package_raises_is_told_with_its_name(install: Install) -> None:
    (install("mine", "raising:Mine") / "raising.py").write_text(
        "from tts_pipeline.speech.engines.tone import Tone\n"
        "class Mine(Tone):\n"
        "    def __init__(self, options, language):\n"
        "        raise OSError('no device')\n"
    )
    with pytest.raises(ProfileError, match=r"package our-engines 1\.2 failed: OSError: no device"):
        registry.open_engine("mine", {}, "en")


def test_no_package_takes_over_a_name(install: Install) -> None:
    (install("tone", "takeover:Mine") / "takeover.py").write_text("raise RuntimeError")
    assert registry.engine("tone").__module__ == "tts_pipeline.speech.engines.tone"


def test_two_packages_with_one_name(install: Install) -> None:
    install("mine", "one:Mine", "package-one")
    install("mine", "two:Mine", "package-two")
    with pytest.raises(ProfileError, match="package-one and package-two both bring"):
        registry.engine("mine")


def test_an_engine_that_is_not_there_names_those_that_are(install: Install) -> None:
    install("mine", "one:Mine")
    with pytest.raises(ProfileError, match=r"no engine called 'yours'; there are pyttsx3, .*mine"):
        registry.engine("yours")
