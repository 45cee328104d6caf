"""The tutorial, typed as a reader types it: real commands, the real voice, in one folder."""

import os
import re
import subprocess
import sys
from pathlib import Path

import feedparser
import httpx
import pytest

from .post.sources.serving import serve
from .serve.serving import serving

TUTORIAL = (Path(__file__).parent.parent / "docs" / "tutorial.md").read_text(encoding="utf-8")
INSTALLING = ("python3 -m venv venv", ". venv/bin/activate", "pip install ./tts-pipeline")
"""What `.ci/run` does with a wheel; here the program is installed already."""

BLOG = """<rss version="2.0"><channel><title>Harbour Blog</title><item><title>Ebb</title>
<link>https://blog.example.org/ebb</link><description><![CDATA[<p>%s</p>]]></description>
</item></channel></rss>""" % ("The water goes out. " * 40)


def steps() -> list[tuple[str, str]]:
    """(kind, text) of each block, in order."""
    return re.findall(r"^```(sh|toml)\n(.*?)^```$", TUTORIAL, re.MULTILINE | re.DOTALL)


def test_every_command_of_the_tutorial_works(tmp_path: Path) -> None:
    folder, printed = tmp_path, ""
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TTS_PIPELINE_CACHE": str(tmp_path / "cache"),
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "NO_COLOR": "1",
    }
    with serve() as blog:
        blog.put("/feed.xml", BLOG, "application/rss+xml")
        here = f'{blog.url}/feed.xml"\npause = 0\nallow_private = true\n'
        for kind, text in steps():
            if kind == "toml":
                (folder / text.splitlines()[0].removeprefix("# ")).write_text(text)
                continue
            if text == "tts-pipeline serve\n":
                with serving(folder / "build") as address:
                    assert httpx.get(address + "/show/").status_code == 200
                continue
            typed = [line for line in text.splitlines() if line not in INSTALLING]
            script = "\n".join([*typed, "pwd"]).replace(
                'https://blog.example.org/feed.xml"\n', here
            )
            done = subprocess.run(
                ["bash", "-euo", "pipefail", "-c", script],
                cwd=folder,
                env=environment,
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, (script, done.stdout, done.stderr)
            folder = Path(done.stdout.splitlines()[-1])
            printed += done.stdout
    for promised in (
        "one point five million dollars",
        "Footnote",
        "1 made, 1 unchanged",
        "1 new",
        "right",
    ):
        assert promised in printed, printed
    public = {path.name for path in (folder.parent / "public").iterdir()}
    assert public >= {"episodes", "feeds", "show", "index.html"}
    assert not public & {"posts", "library"}
    feed = feedparser.parse((folder.parent / "public" / "feeds" / "show.xml").read_bytes())
    assert feed.feed.title == "Harbour Notes"
    assert {entry.title for entry in feed.entries} == {
        "The first episode",
        "What the tide leaves behind",
        "Ebb",
    }
    [own] = [link.href for link in feed.feed.links if link.rel == "self"]
    assert f"`{own}`" in TUTORIAL


@pytest.mark.parametrize("line", INSTALLING)
def test_what_is_left_out_here_stands_there(line: str) -> None:
    assert f"\n{line}\n" in TUTORIAL
