"""Transcripts hold every word of the record, in time, and real readers read them as meant."""

import io
import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from mutagen.id3 import ID3
from selectolax.lexbor import LexborHTMLParser

from tests.conftest import Workspace
from tts_pipeline.episode import captions, companions, transcript
from tts_pipeline.episode.cues import cues
from tts_pipeline.episode.record import existing, intact
from tts_pipeline.episode.transcript import Paragraph, Transcript
from tts_pipeline.model import WordTime
from tts_pipeline.untouched import Untouched
from tts_pipeline.words import printable

LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp", "Cn", "Co"))
WORDS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=12),
    st.text(LETTERS, min_size=1, max_size=200),
    st.sampled_from(
        [
            "and",
            "ends,",
            "ends.",
            "-->",
            "<b>",
            "<v",
            "a&b",
            "&lt;",
            "שלום",
            "👩\u200d🚀",
            "7",
            "NOTE",
            "日本語のとても長い文章は、空白なしで続きます。" * 5,
            "https://example.org/a/b?c=d&e=f" * 5,
        ]
    ),
)
SAID = st.lists(
    st.tuples(
        st.sampled_from([None, "Ann", "A <name> & more", "N" * 90]),
        st.lists(st.tuples(WORDS, st.integers(0, 900), st.booleans()), min_size=1, max_size=40),
    ),
    max_size=5,
)


RATE = 1000
"""Samples a second, so that they are milliseconds."""


def paragraphs(drawn: Iterable[tuple[str | None, list[tuple[str, int, bool]]]]) -> list[Paragraph]:
    """Words as a timing gives them, one after the other, some without any length."""
    found, now = [], 0
    for speaker, given_ in drawn:
        sentences: list[list[WordTime]] = [[]]
        for text, length, ends in given_:
            sentences[-1].append(WordTime(text, now, now + length))
            now += length + 3
            if ends:
                sentences.append([])
        found.append(paragraph(*sentences, speaker=speaker))
    return found


def paragraph(*sentences: Iterable[WordTime], speaker: str | None = None) -> Paragraph:
    """Those that hold a word."""
    return Paragraph(speaker, heading=False, sentences=tuple(s for s in map(tuple, sentences) if s))


def spoken(text: str, start: int = 0, pace: int = 300) -> list[Paragraph]:
    """One sentence, each word as long as the other."""
    starts = range(start, 10**9, pace)
    words = [WordTime(word, at, at + pace - 50) for word, at in zip(text.split(), starts)]  # noqa: B905
    return [paragraph(words)]


def told(said: list[Paragraph], duration: int = 99_000) -> Transcript:
    """As it stands in an episode of that many milliseconds."""
    return Transcript(tuple(said), RATE, duration)


def words_of(said: Iterable[Paragraph]) -> list[WordTime]:
    """All of them."""
    return [word for each in said for sentence in each.sentences for word in sentence]


def bare(text: str) -> str:
    """Without white space: a word longer than a line goes on in the next."""
    return "".join(text.split())


def length(said: list[Paragraph]) -> int:
    return max((word.end for word in words_of(said)), default=0) + 500


@given(SAID, st.sampled_from([32, 65]), st.booleans())
def test_cues_hold_every_word_in_order_and_fit(drawn: Any, width: int, named: bool) -> None:
    said = paragraphs(drawn)
    # As many milliseconds as cues there are: a word may be said in none.
    duration = length(said) + 1000
    found = cues(told(said, duration), width=width, named=named)
    for cue in found:
        assert 1 <= len(cue.lines) <= 2
        assert all(0 < len(line) <= width for line in cue.lines)
        assert 0 <= cue.start < cue.end <= duration
    for one, two in pairwise(found):
        assert one.end <= two.start
    written = "".join(word.text for word in words_of(said))
    shown = bare("".join(line for cue in found for line in cue.lines))
    if named:
        names = {f"{bare(paragraph.speaker)}:" for paragraph in said if paragraph.speaker}
        for name in names:
            shown, written = shown.replace(name, ""), written.replace(name, "")
    assert shown == bare(written)


@given(SAID)
def test_words_that_fit_into_a_line_stay_whole(drawn: Any) -> None:
    said = [
        paragraph(*([w for w in s if len(w.text) <= 65] for s in p.sentences), speaker=p.speaker)
        for p in paragraphs(drawn)
    ]
    said = [each for each in said if each.sentences]
    found = cues(told(said, length(said) + 1000), width=65)
    shown = " ".join(line for cue in found for line in cue.lines)
    assert shown == " ".join(word.text for word in words_of(said))


def test_a_cue_begins_and_ends_with_its_words() -> None:
    said = spoken("one two three four five six seven eight nine ten eleven twelve " * 4, start=700)
    words = words_of(said)
    at = 0
    for cue in cues(told(said), width=32):
        count = len(" ".join(cue.lines).split())
        assert cue.start == words[at].start
        assert cue.end == words[at + count - 1].end
        at += count


def test_a_long_sentence_is_cut_where_its_clauses_end() -> None:
    text = (
        "When the lamps along the quay are lit one after the other by somebody whom nobody sees, "
        "the boats in the harbour lie still, and those who could not sleep come down to the water."
    )
    found = cues(told(spoken(text)), width=65)
    assert [" ".join(cue.lines) for cue in found] == [
        "When the lamps along the quay are lit one after the other by somebody whom nobody sees,",
        "the boats in the harbour lie still, and those who could not sleep come down to the water.",
    ]


def test_short_sentences_share_a_cue_and_others_do_not() -> None:
    said = [
        paragraph(*(spoken(sentence + ".", start=start)[0].sentences[0]
            for start, sentence in enumerate(
                ("Yes", "No", "This is a sentence of a length that fills a line well",
                 "And another")
            )))
    ]  # fmt: skip
    assert [" ".join(cue.lines) for cue in cues(told(said), width=65)] == [
        "Yes. No. This is a sentence of a length that fills a line well.",
        "And another.",
    ]


@pytest.mark.parametrize("letter", ["e\u0301", "👩\u200d🚀", "🇩🇪", "👍🏽", "न\u0940"])
def test_a_letter_of_several_characters_is_not_cut(letter: str) -> None:
    for before in range(4):
        word = "x" * before + letter * 60
        lines = [line for cue in cues(told(spoken(word)), width=32) for line in cue.lines]
        assert "".join(lines) == word
        for line in lines[:-1]:
            assert line.removeprefix("x" * before).replace(letter, "") == "", line


def read_vtt(data: bytes) -> list[tuple[str | None, str]]:
    """Speaker and text of each cue; webvtt-py leaves WebVTT's three references as they are."""
    found = webvtt.from_buffer(io.StringIO(data.decode()))
    return [(cue.voice and unescape(cue.voice), unescape(cue.text)) for cue in found.captions]


def read_srt(data: bytes) -> str:
    """Its text, cue after cue."""
    blocks = data.decode().strip().split("\n\n")
    return printable(" ".join(line for block in blocks for line in block.split("\n")[2:]))


ODD = 'A --> b, 5 < 6 & <b>bold</b> &amp; {\\an8} "quoted" <v Nobody> NOTE 7 שלום 👩\u200d🚀 end.'


def test_signs_of_the_format_are_text() -> None:
    said = [*spoken(ODD), paragraph([WordTime("Hello.", 9000, 9500)], speaker="A <name> & Co")]
    data = b"".join(captions.to_vtt(told(said, 10_000)))
    assert all("-->" not in line or re.match(r"\d\d:", line) for line in data.decode().split("\n"))
    found = read_vtt(data)
    assert " ".join(" ".join(text.split("\n")) for _, text in found) == f"{ODD} Hello."
    assert found[-1] == ("A <name> & Co", "Hello.")


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="needs ffmpeg")
@pytest.mark.parametrize("kind", ["vtt", "srt"])
def test_ffmpeg_reads_the_same_words_and_times(tmp_path: Path, kind: str) -> None:
    said = spoken(ODD)
    render = {"vtt": captions.to_vtt, "srt": captions.to_srt}[kind]
    (tmp_path / f"a.{kind}").write_bytes(b"".join(render(told(said))))
    other = "srt" if kind == "vtt" else "webvtt"
    command = ["ffmpeg", "-v", "error", "-i", str(tmp_path / f"a.{kind}"), "-f", other, "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert not done.stderr
    read = done.stdout.decode()
    width = {"vtt": 65, "srt": 32}[kind]
    assert len(re.findall(r"\d -->", read)) == len(cues(told(said), width=width))
    text = re.sub(r"(?m)^WEBVTT$|^\d+$|^.*\d --> .*$", "", read)
    # On its way ffmpeg writes a brace as ASS does.
    assert printable(" ".join(text.split())).replace("\\{", "{") == ODD


def test_json_is_podcasting_2s() -> None:
    schema = {
        "type": "object",
        "required": ["version", "segments"],
        "properties": {
            "version": {"const": "1.0.0"},
            "segments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["startTime", "endTime", "body"],
                    "additionalProperties": False,
                    "properties": {
                        "speaker": {"type": "string"},
                        "startTime": {"type": "number", "minimum": 0},
                        "endTime": {"type": "number"},
                        "body": {"type": "string", "minLength": 1},
                    },
                },
            },
        },
    }
    said = [*spoken("One two."), paragraph([WordTime("Three.", 1234, 1567)], speaker="Ann")]
    made = json.loads(b"".join(transcript.to_json(told(said))))
    jsonschema.validate(made, schema)
    assert made["segments"] == [
        {"startTime": 0.0, "endTime": 0.25, "body": "One"},
        {"startTime": 0.3, "endTime": 0.55, "body": "two.\n"},
        {"speaker": "Ann", "startTime": 1.234, "endTime": 1.567, "body": "Three.\n"},
    ]


# ---- whole episodes -----------------------------------------------------------------------------

POST = """<html><head><title>A talk &amp; more</title>
<link rel="canonical" href="https://example.org/p"></head><body><article><h1>A talk</h1>
<p>Before it &lt;began&gt; --&gt; a long wait, with Dr. Fenn and 3 km of rope; שלום עולם.</p>
<h2 id="boats">Boats &amp; ferries</h2>
<p><img src="https://example.org/a.png" alt="A boat at sea"> Most of them are small.</p>
<h2>Talk</h2>
<section class="dialogue-message"><section class="dialogue-message-header"><b>Ann</b></section>
<p>Hello Ben, how are you?</p></section>
<section class="dialogue-message"><section class="dialogue-message-header"><b>Ben</b></section>
<p>Fine. <img src="http://example.org/b.png" alt="A chart"></p></section>
<blockquote><p>The river is high.</p></blockquote></article></body></html>
"""


@pytest.fixture(scope="module")
def made(make_workspace: Callable[[], Workspace]) -> Workspace:
    workspace = make_workspace()
    (workspace.root / "voices" / "other.toml").write_text('[voice]\nengine = "tone"\n')
    path = workspace.show()
    path.write_text(
        path.read_text() + '[reading]\nquotes = "voice"\n[voices]\nquote = "other"\n'
        'speakers = ["tone"]\n'
    )
    workspace.post("talk.html", POST)
    workspace.episode("posts")
    return workspace


@pytest.fixture(scope="module")
def record(made: Workspace) -> dict[str, Any]:
    return made.records()[0]


def beside(record: dict[str, Any], suffix: str) -> bytes:
    path = record["folder"] / record["audio"]
    return bytes(path.with_suffix(suffix).read_bytes())


def written(record: dict[str, Any]) -> list[str]:
    return " ".join(segment["written"] for segment in record["segments"]).split()


def test_all_transcripts_have_the_words_of_the_record(record: dict[str, Any]) -> None:
    words = written(record)
    assert {"Dr.", "3", "km", "-->", "<began>", "&", "שלום"} <= set(words)
    vtt = read_vtt(beside(record, ".vtt"))
    assert " ".join(text for _, text in vtt).split() == words
    page = LexborHTMLParser(beside(record, ".html").decode())
    assert " ".join(p.text() for p in page.css("p")).split() == words
    told = json.loads(beside(record, ".json"))
    assert " ".join(segment["body"] for segment in told["segments"]).split() == words
    srt = read_srt(beside(record, ".srt"))
    assert re.sub(r"\b(?:Narrator|Ann|Ben|other): ", "", srt).split() == words


def test_speakers_are_named(record: dict[str, Any]) -> None:
    voices = {text: voice for voice, text in read_vtt(beside(record, ".vtt"))}
    assert voices["Hello Ben, how are you?"] == "Ann"
    assert voices["Fine. A chart"] == "Ben"
    assert voices["The river is high."] == "other"
    assert voices["Boats & ferries"] == "Narrator"
    page = LexborHTMLParser(beside(record, ".html").decode())
    assert [cite.text() for cite in page.css("cite")] == ["Narrator:", "Ann:", "Ben:", "other:", "Narrator:"]  # fmt: skip
    assert b"\nAnn: Ann\n" in beside(record, ".srt")


def test_words_in_json_lie_where_timing_says(made: Workspace, record: dict[str, Any]) -> None:
    timing = made.timing()
    words = [word for segment in timing["segments"] for word in segment["words"]]
    told = json.loads(beside(record, ".json"))["segments"]
    for (text, start, end), segment in zip(words, told, strict=True):
        assert segment["body"].rstrip("\n") == text
        assert segment["startTime"] == pytest.approx(start / timing["sample_rate"], abs=0.0006)
        assert segment["endTime"] == pytest.approx(end / timing["sample_rate"], abs=0.0006)


def test_the_page_is_readable_by_ear(record: dict[str, Any]) -> None:
    page = LexborHTMLParser(beside(record, ".html").decode())
    root = page.css_first("html")
    assert root is not None
    assert root.attributes["lang"] == "en-us"
    headings = [p.text() for p in page.css("p[role=heading]")]
    assert headings == ["Boats & ferries", "Talk"]
    assert not page.css("script, link, img, iframe")
    times = [node.text() for node in page.css("time")]
    assert len(times) == len(page.css("p"))


def test_chapters_agree_in_record_tags_and_json(record: dict[str, Any]) -> None:
    told = json.loads(beside(record, ".chapters.json"))
    assert told["version"] == "1.2.0"
    assert told["fileName"] == record["audio"]
    tagged = sorted(
        ID3(record["folder"] / record["audio"]).getall("CHAP"), key=lambda c: c.start_time
    )
    for chapter, frame, kept in zip(told["chapters"], tagged, record["chapters"], strict=True):
        assert chapter["title"] == str(frame.sub_frames["TIT2"]) == kept["title"]
        for key, ours, theirs in (
            ("startTime", "start_ms", frame.start_time),
            ("endTime", "end_ms", frame.end_time),
        ):
            assert round(chapter[key] * 1000) == kept[ours] == theirs
            assert json.dumps(chapter[key]) == json.dumps(kept[ours] / 1000)
        assert chapter.get("url") == kept["link"]
    assert told["chapters"][2]["url"] == "https://example.org/p#boats"
    assert told["chapters"][2]["img"] == "https://example.org/a.png"
    # Apps refuse a picture that is not encrypted.
    assert record["chapters"][3]["image"] == "http://example.org/b.png"
    assert "img" not in told["chapters"][3]


@pytest.mark.parametrize("suffix", companions.SUFFIXES)
def test_a_file_that_is_missing_or_empty_is_noticed(record: dict[str, Any], suffix: str) -> None:
    known = existing(record["folder"])
    assert known is not None
    out = record["folder"].parents[1]
    untouched = Untouched(out / "episodes", out / "library" / "episodes.jsonl")
    assert intact(out, known, untouched)
    path = companions.path(record["folder"], known, suffix)
    data = path.read_bytes()
    path.write_bytes(b"")
    assert not intact(out, known, untouched)
    path.unlink()
    assert not intact(out, known, untouched)
    path.write_bytes(data)


def test_a_missing_file_is_made_again_without_speech(
    made: Workspace, record: dict[str, Any]
) -> None:
    before = made.tree()
    for suffix in companions.SUFFIXES:
        (record["folder"] / record["audio"]).with_suffix(suffix).unlink()
    spoken_before = {p: p.stat().st_mtime_ns for p in made.cache.rglob("*.speech")}
    assert made.episode("posts")["episodes"][0]["status"] == "made"
    assert made.tree() == before
    assert {p: p.stat().st_mtime_ns for p in made.cache.rglob("*.speech")} == spoken_before


def test_with_one_speaker_nobody_is_named(workspace: Workspace) -> None:
    workspace.post("a.md", "# Low water\n\nNothing came.\n")
    workspace.episode("posts")
    [record] = workspace.records()
    assert b"<v" not in beside(record, ".vtt")
    assert b"<cite>" not in beside(record, ".html")
    assert b"speaker" not in beside(record, ".json")


def test_cues_of_an_empty_episode() -> None:
    assert b"".join(captions.to_vtt(told([], 0))) == b"WEBVTT\n"
    assert b"".join(captions.to_srt(told([], 0))) == b""
    assert json.loads(b"".join(transcript.to_json(told([], 0))))["segments"] == []
    assert cues(told([], 0), width=65) == ()
