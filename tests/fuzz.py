"""Coverage-guided fuzzing of what reads untrusted text: python -m tests.fuzz SECONDS.

Each target must end in seconds, crash with nothing but its own errors, and lose no word. What
libFuzzer finds is kept beside the corpus, in build/fuzz/.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from tests.feed import making
from tts_pipeline.check.feed.asker import Folder
from tts_pipeline.check.feed.judge import Asked, Feed
from tts_pipeline.document import compose
from tts_pipeline.document.latex import speak
from tts_pipeline.errors import DocumentError, PostError
from tts_pipeline.model import Medium, Post, Reading
from tts_pipeline.post import read_bytes
from tts_pipeline.segment import sentences
from tts_pipeline.segment.normalize import normalize

SLOWEST = 5.0
"""Seconds that any input may take; libFuzzer's inputs are small."""


def _read(medium: Medium, text: str) -> None:
    post = Post(source="post", name="post", medium=medium, body=text, title="Title")
    try:
        compose(post, Reading(), language="en", title_is_spoken=True)
    except DocumentError as error:
        if "went missing" in str(error):
            raise


def html(text: str) -> None:
    _read(Medium.HTML, text)


def markdown(text: str) -> None:
    _read(Medium.MARKDOWN, text)


def post(text: str) -> None:
    try:
        read_bytes(text.encode(errors="surrogatepass"), source="p", name="p", suffix=None, sites={})
    except PostError:
        return


def spoken(text: str) -> None:
    assert "".join(piece.written for piece in normalize(text, "en")) == text
    joined = "".join("".join(sentences.split(text)).split())
    assert joined == "".join(text.split())


def formula(text: str) -> None:
    speak(text)


def feed(text: str) -> None:
    judge = Feed(Folder(making.show(), Path("/nowhere")), Asked(), datetime.now(UTC))
    judge.judge(text.encode(errors="surrogatepass"), "https://example.org/f", ("",), ())
    judge.checked("feed")


TARGETS: dict[str, Callable[[str], None]] = {
    target.__name__: target for target in (html, markdown, post, spoken, formula, feed)
}


def _fuzz(name: str, arguments: list[str]) -> None:
    import atheris

    target = TARGETS[name]

    def once(data: bytes) -> None:
        started = time.monotonic()
        target(atheris.FuzzedDataProvider(data).ConsumeUnicode(len(data)))
        if (taken := time.monotonic() - started) > SLOWEST:
            raise TimeoutError(f"{taken:.1f} s for {len(data)} bytes")

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments], once)
    atheris.Fuzz()


def main() -> None:
    """Fuzz each target for its share of the seconds, each in a process of its own."""
    if len(sys.argv) > 2:
        _fuzz(sys.argv[1], sys.argv[2:])
        return
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    failed = []
    for name in TARGETS:
        corpus = Path("build", "fuzz", name)
        corpus.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable, "-m", "tests.fuzz", name, str(corpus), f"-artifact_prefix={corpus}-",
            f"-max_total_time={max(1, seconds // len(TARGETS))}", "-max_len=4000", "-verbosity=0",
            "-print_final_stats=1",
        ]  # fmt: skip
        sys.stderr.write(f"== {name}\n")
        if subprocess.run(command, check=False, env=os.environ).returncode:
            failed.append(name)
    if failed:
        sys.exit(f"fuzzing found faults in {', '.join(failed)}; see build/fuzz/")


if __name__ == "__main__":
    main()
