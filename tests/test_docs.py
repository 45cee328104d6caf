"""What the documents promise is there, and what is there is documented."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec
import pytest
from msgspec import structs
from typer.main import get_command

from tests import reference
from tts_pipeline import profiles
from tts_pipeline.cli import app
from tts_pipeline.model import source
from tts_pipeline.profile import show as profile_show
from tts_pipeline.profile import sources, tables, voice
from tts_pipeline.speech import registry

ROOT = Path(__file__).parent.parent
CONFIGURATION = "\n".join(
    (ROOT / "docs" / name).read_text(encoding="utf-8")
    for name in ("configuration.md", "engines.md")
)
OTHER = "beeper"
"""An engine of another package."""
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
    for name, option in _options(text):
        assert option in _OPTIONS[name], (name, option)
    for target, place in links(path):
        assert target.exists(), target
        assert not place or place in anchors(target), (target, place)


def links(path: Path) -> Iterator[tuple[Path, str]]:
    """(file, place in it) of each link of a document to another, or to itself."""
    text = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    found = re.findall(r"\]\(\s*(?!https?:)([^)\s]+)|src=\"([^\"]+)\"", text)
    for link in ("".join(each) for each in found):
        file, _, place = link.partition("#")
        yield (path.parent / file).resolve() if file else path, place


@cache
def anchors(path: Path) -> frozenset[str]:
    """The places in a document that can be linked to, as forges name them by its headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(
        re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings
    )


_OPTIONS = {
    name: {option for each in command.params for option in (*each.opts, *each.secondary_opts)}
    for name, command in reference.commands()
}


def _options(text: str) -> Iterator[tuple[str, str]]:
    """(command, option) of each command line in a block for the shell."""
    for block in re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        for line in re.findall(r"^(?:\$ )?tts-pipeline ([a-z].*)$", block, re.MULTILINE):
            words = re.sub(r"\s#.*|[|>].*", "", line).split()
            name = max(
                (name for name in _OPTIONS if f"{' '.join(words)} ".startswith(f"{name} ")), key=len
            )
            yield from ((name, word) for word in words if word.startswith("--"))


def test_every_document_is_reached_from_the_index() -> None:
    """docs/README.md leads to all, at once or by what it leads to, and README.md to it."""
    index = ROOT / "docs" / "README.md"
    assert index in {target for target, _ in links(ROOT / "README.md")}
    reached: set[Path] = set()
    ahead = [index]
    while ahead:
        path = ahead.pop()
        if path not in reached:
            reached.add(path)
            ahead += [target for target, _ in links(path)] if path.suffix == ".md" else []
    there = {path for path in (ROOT / "docs").rglob("*") if path.is_file()}
    readme = {target for target, _ in links(ROOT / "README.md")}
    assert there - reached - readme == set()
    assert {ROOT / "ARCHITECTURE.md", ROOT / "SECURITY.md"} <= reached


def test_the_reference_of_commands_is_what_the_program_says() -> None:
    written = reference.PATH.read_text(encoding="utf-8")
    assert written == reference.text(), "write it anew: make docs"


def test_the_voices_that_documents_show_are_voices(tmp_path: Path) -> None:
    blocks = re.findall(
        r"^```toml\n# voices/(\S+)\.toml.*?\n(.*?)^```$",
        (ROOT / "docs" / "voices.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
    assert len(blocks) > 6
    (tmp_path / "voices").mkdir()
    show = structs.replace(profiles.plain_show(), root=str(tmp_path))
    for name, text in blocks:
        (tmp_path / "voices" / f"{name}.toml").write_text(text)
        if f'"{OTHER}"' not in text:
            assert profiles.load_voice(name, show).name == name


def test_every_command_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in COMMANDS:
        assert f"tts-pipeline {command}" in readme


def test_the_sources_that_documents_show_are_sources(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "sources.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(?:# (\S+)\n)?(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    told = "".join(block for name, block in blocks if name != "feeds/sources.toml")
    (tmp_path / "feeds").mkdir()
    head = '[show]\ntitle = "T"\ndescription = "D"\nbase_url = "https://example.org"\n'
    shared = next(block for name, block in blocks if name == "feeds/sources.toml")
    (tmp_path / "feeds" / "sources.toml").write_text(shared)
    # The first block's [show] and its notes stand again further on.
    _, _, own = told.partition("[sources.notes]")
    _, _, own = own.partition("[sources.notes]")
    own = own.replace("[sources.forum]", "[sources.other]")
    path = tmp_path / "feeds" / "show.toml"
    path.write_text(f'{head}sources = ["forum"]\n[sources.notes]{own}')
    types = {type(named.source) for named in profile_show.load_sources(path)}
    assert types == set(sources.TYPES.values())


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
