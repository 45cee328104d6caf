"""Words worth a look, and lexicons that are checked and tried."""

from pathlib import Path

import pytest

from tests.conftest import Workspace
from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Break, Segment
from tts_pipeline.segment.lexicon import Lexicon, lines, load, problems
from tts_pipeline.segment.normalize import normalize, spoken
from tts_pipeline.segment.unknown import unknown


def segment(text: str) -> Segment:
    return Segment(text, text, 0, 0, "default", Break.SENTENCE)


def test_words_that_nothing_knows_are_counted_with_an_example() -> None:
    said = [
        segment("The Quorblax met Zvi."),
        segment("A quorblax’s tail; the Quorblax left for GPT-4."),
    ]
    found = unknown(said, "en-us", Lexicon([("Zvi", "Zvee")]))
    assert [(word.word, word.count) for word in found] == [("Quorblax", 2), ("quorblax", 1)]
    assert found[0].example == "The Quorblax met Zvi."


def test_without_a_dictionary_every_word_is_worth_a_look() -> None:
    assert {word.word for word in unknown([segment("foo bar")], "tlh", Lexicon([]))} == {
        "foo",
        "bar",
    }


def test_phonemes_reach_the_engine_from_a_lexicon_alone(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text("gnu\t[[n'u:]]\tthe animal\n")
    lexicon = Lexicon(load(path))
    said = spoken(normalize("A gnu, [[n'u:]] or \ue010n'u:\ue011.", "en", lexicon))
    assert said.count("[[") == 1
    assert said.startswith("A [[n'u:]],")


def test_what_a_lexicon_surely_does_not_mean(tmp_path: Path) -> None:
    path = tmp_path / "l.tsv"
    path.write_text("# words\nfoo\tbar\nbaz\tbaz\nfoo\tqux\n")
    told = list(problems(lines(path)))
    assert told == [
        "line 3: 'baz' is said as it is written",
        "line 4: 'foo' stands in line 2 already",
    ]


def test_the_command_line_checks_and_tries(workspace: Workspace) -> None:
    good = workspace.root / "good.tsv"
    good.write_text("quorblax\tkwor blax\n")
    assert workspace.run("lexicon", "check", good).stdout == f"{good}: 1 entry\n"
    bad = workspace.root / "bad.tsv"
    bad.write_text("word without a tab\n")
    assert "bad.tsv, line 1" in workspace.run("lexicon", "check", bad, check=2).stderr
    workspace.show(episode=f'lexicon = ["{good}"]')
    tried = workspace.run("lexicon", "try", "A Quorblax for $5", "--show", "feeds/show.toml").stdout
    assert "Quorblax -> kwor blax (lexicon)\n$5 -> five dollars (rule)\n" in tried
    workspace.post("one.md", "# One\n\nThe quorblax and the flimwit.\n")
    workspace.post("two.md", "# Two\n\nA flimwit again.\n")
    listed = workspace.run("script", "posts", "--unknown", "--show", "feeds/show.toml").stdout
    assert [line.split()[:2] for line in listed.splitlines()] == [["2", "flimwit"]]


def test_a_voice_that_takes_no_phonemes_says_so(workspace: Workspace) -> None:
    (workspace.root / "l.tsv").write_text("gnu\t[[n'u:]]\n")
    workspace.show(episode='lexicon = ["l.tsv"]')
    workspace.post("one.md", "# One\n\nA gnu.\n")
    told = workspace.run("episode", "posts", "--show", "feeds/show.toml", check=2).stderr
    assert "phonemes" in told
    assert "write them in letters" in told
    with pytest.raises(ProfileError):
        load(workspace.root / "missing.tsv")
