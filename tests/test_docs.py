"""What the documents promise is there, and what is there is documented."""

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from typer.main import get_command

from tts_pipeline.cli import app
from tts_pipeline.model import source
from tts_pipeline.profile import sources, tables, voice
from tts_pipeline.speech import registry

ROOT = Path(__file__).parent.parent
CONFIGURATION = "\n".join(
    (ROOT / "docs" / name).read_text(encoding="utf-8")
    for name in ("configuration.md", "engines.md")
)
COMMANDS = set(get_command(app).commands)  # type: ignore[attr-defined]


def _tables(of: type[msgspec.Struct]) -> Iterator[tuple[str, type[msgspec.Struct]]]:
    for field in msgspec.structs.fields(of):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield field.name, field.type


def _keys() -> Iterator[tuple[str, str]]:
    """(heading of its section, key) of every key that a file may hold."""
    for name, table in _tables(tables.ShowFile):
        for key in table.__struct_fields__:
            yield f"### [{name}]", key
    common = source.WebSource.__struct_fields__
    for field in msgspec.structs.fields(source.WebSource):
        yield "### [sources.NAME]", field.encode_name
    for kind, table in sources.TYPES.items():
        for field in msgspec.structs.fields(table):
            if field.name not in common:
                yield f"#### `{kind}`", field.encode_name
    for name, table in _tables(voice.VoiceFile):
        for key in table.__struct_fields__:
            yield f"### [{name}]", key
    for engine in ("pyttsx3", "command", "openai", "piper"):
        for key in registry.engine(engine).Options.__struct_fields__:
            yield f"### [engine] for `{engine}`", key


@pytest.mark.parametrize(("heading", "key"), sorted(set(_keys())))
def test_every_key_is_documented(heading: str, key: str) -> None:
    assert heading in CONFIGURATION
    section = CONFIGURATION.split(heading + "\n", 1)[1].split("\n##", 1)[0]
    assert re.search(rf"^\| `{key}` \|", section, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(ROOT.glob("*.md")) + sorted(ROOT.glob("docs/*.md")))
def test_commands_and_links_of_a_document_exist(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for command in re.findall(r"(?:^|`|\s)tts-pipeline ([a-z]+)\b(?! of| turns| is)", text):
        if command not in COMMANDS:
            # Only a command line counts, not a sentence about the program.
            assert not re.search(rf"^\s+(?:\$ )?tts-pipeline {command}", text, re.MULTILINE), (
                command
            )
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for target in re.findall(r"`make ([a-z-]+)", text):
        assert target in targets
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (path.parent / link).exists(), link


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"tts-pipeline {command}" in readme


def test_every_promise_names_tests_that_exist() -> None:
    """A section of SECURITY.md without one is no promise."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    sections = text.split("\n## ")[1:]
    assert len(sections) > 6
    for section in sections:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", section)
        assert named or section.startswith("What is not promised"), section
        for file, name in named:
            source = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"^ *def {name}\(", source, re.MULTILINE), (file, name)
