"""What is said, to whom, and what is never said."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tts_pipeline import logs, redact
from tts_pipeline.batch import Outcome
from tts_pipeline.display.sync import SyncDisplay
from tts_pipeline.errors import OutputError

log = logging.getLogger("tts_pipeline.tests")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    """A run in this process, as some tests have it, leaves its own way of saying behind."""
    root, ours = logging.getLogger(), logging.getLogger("tts_pipeline")
    level = ours.level
    others = [each for each in root.handlers if not isinstance(each, logs.Sentences)]
    root.handlers[:] = others
    yield
    ours.setLevel(level)
    root.handlers[:] = others


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ("key=s3cret-value!", "key=[secret]"),
        ("http://ann:pass@host.example/a and b@c", "http://[secret]@host.example/a and b@c"),
        ("https://h.example/?a=1&api_key=abc&b=2", "https://h.example/?a=1&api_key=[secret]&b=2"),
        ("https://h.example/?X-Amz-Signature=ab12", "https://h.example/?X-Amz-Signature=[secret]"),
        ("Authorization: Bearer abc.def-123456", "Authorization: Bearer [secret]"),
        ("a basic thing, https://h.example/a@b", "a basic thing, https://h.example/a@b"),
        ("the key to everything: patience", "the key to everything: patience"),
    ],
)
def test_secrets_are_taken_out(told: str, left: str) -> None:
    hidden = redact.secrets(
        {
            "SOME_API_KEY": "s3cret-value!",
            "SHORT_KEY": "to",
            "KEYBOARD": "everything",
            "PATH": "patience",
        }
    )
    assert redact.redacted(told, hidden) == left


def test_news_and_faults_go_their_ways(capsys: pytest.CaptureFixture[str]) -> None:
    logs.say(hidden=("hush",))
    log.info("made %s", "hush")
    log.warning("hush is wrong")
    log.debug("not told")
    logging.getLogger("httpx").info("GET https://example.org/?token=x")
    seen = capsys.readouterr()
    assert (seen.out, seen.err) == ("made [secret]\n", "tts-pipeline: [secret] is wrong\n")
    logs.say(hidden=(), news=False)
    log.info("made")
    log.error("wrong")
    seen = capsys.readouterr()
    assert (seen.out, seen.err) == ("", "tts-pipeline: wrong\n")
    logs.say(hidden=(), news=False, debug=True)
    log.debug("it failed", exc_info=ValueError("why"))
    assert "it failed\nValueError: why" in capsys.readouterr().err


def test_lines_hold_the_facts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    facts = {"event": "made", "show": "show", "post": 'posts/a "b".md', "other": "no"}
    logs.say(hidden=("hush",), file=tmp_path / "log.json", form="json")
    log.info("made\nhush\u2028é", extra=facts)
    [line] = (tmp_path / "log.json").read_text().split("\n")[:-1]
    read = json.loads(line)
    assert list(read) == ["time", "level", "event", "show", "post", "message"]
    assert read["message"] == "made\n[secret]\u2028é"
    assert read["time"].endswith("Z")
    logs.say(hidden=(), file=tmp_path / "log.txt")
    log.error("made\nhush", extra=facts)
    line = (tmp_path / "log.txt").read_text()
    assert line.endswith('Z error [show="show" post="posts/a \\"b\\".md"] made hush\n')
    logs.say(hidden=(), form="json", idle=False)
    log.info("nothing", extra={"event": logs.IDLE})
    log.info("something")
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["message"] == "something"


@pytest.mark.parametrize(
    "secret", ['quo"ted-pass', "back\\slash-pass", "two  blanks", "a\nline-pass"]
)
@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_is_hidden_by_how_it_is_written(
    tmp_path: Path, secret: str, form: logs.Form
) -> None:
    logs.say(hidden=(secret,), file=tmp_path / "log", form=form)
    facts = {"post": f"posts/{secret}.md", "path": Path(secret, "a"), "tries": 2}
    log.error("%s is refused", secret, extra=facts)
    line = (tmp_path / "log").read_text()
    assert line.count("[secret]") == (3 if form == "json" else 2)
    assert not any(part in line for part in ("pass", "blanks"))


def test_a_copy_is_told_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    logs.say(hidden=())
    copy = Outcome("b.md", "copy", copy_of="a.md", reason="their words are equal")
    SyncDisplay(as_json=False).copied("show", copy)
    told = "b.md: not made, the same post as a.md: their words are equal\n"
    assert capsys.readouterr().out == told


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"the log .* cannot be written"):
        logs.say(hidden=(), file=tmp_path / "file" / "log")
