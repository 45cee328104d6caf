"""Two forums and a blog on this machine, for the ten shows of feeds/examples/ to fetch from.

    python examples/library/serve.py                    # until Ctrl-C
    python examples/library/serve.py -- COMMAND...      # while COMMAND runs; ends as it ends

The port is the one in feeds/examples/sources.toml, so that it is written in one place. Below it:

    /mossbarrow/graphql, /pebblewick/graphql     as ForumMagnum answers: `posts` and `post`
    /mossbarrow/feed.xml, /pebblewick/feed.xml   the same forums' RSS, the ten newest posts
    /wrenfold/feed.xml                           the blog's RSS, with the text in full

The posts are the files beside this one. They say that they stand at mossbarrow.example and so on,
names that no site can have (RFC 2606), as a real forum's posts would say where it stands.
"""

import contextlib
import hashlib
import json
import re
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator, Sequence
from datetime import datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import yaml

HERE = Path(__file__).resolve().parent
SOURCES = HERE.parents[1] / "feeds" / "examples" / "sources.toml"
NAMES = {
    "mossbarrow": "Mossbarrow Forum",
    "pebblewick": "Pebblewick Forum",
    "wrenfold": "The Wrenfold Diary",
}
FORUMS = ("mossbarrow", "pebblewick")

_FRONT = re.compile(r"---\n(.*?\n)---\n(.*)", re.S)

Facts = dict[str, Any]


def read(folder: Path) -> dict[str, Facts]:
    """Every post by its path, such as wrenfold/the-slow-loaf, as ForumMagnum tells of one."""
    written = {}
    for path in sorted(folder.glob("*/*.html")):
        match = _FRONT.fullmatch(path.read_text(encoding="utf-8"))
        if match is None:
            raise SystemExit(f"{path} has no front matter")
        name = f"{path.parent.name}/{path.stem}"
        written[name] = (yaml.safe_load(match[1]), match[2])
    return {name: _facts(name, *written[name], written) for name in written}


def _facts(name: str, front: Facts, body: str, written: dict[str, tuple[Facts, str]]) -> Facts:
    copy_of, hosted_by = front.get("copy_of"), front.get("hosted_by")
    if copy_of:
        body = written[copy_of][1]
    here = _id(name)
    people = [{"displayName": who} for who in (front["author"], *front.get("coauthors", ()))]
    posted = front["date"].isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "_id": here,
        "slug": name.partition("/")[2],
        "title": front["title"],
        "postedAt": posted,
        "pageUrl": _address(name),
        "url": None,
        "linkUrl": None,
        "htmlBody": body,
        "baseScore": front.get("score"),
        "contents_latest": hashlib.sha256(body.encode()).hexdigest()[:17],
        "canonicalSource": _address(copy_of) if copy_of else None,
        "draft": False,
        "deletedDraft": False,
        "rejected": False,
        "isEvent": False,
        "shortform": False,
        "author": front["author"],
        "user": people[0],
        "coauthors": people[1:],
        "tags": [{"name": tag} for tag in front["tags"]],
        "canonicalSequence": None,
        "fmCrosspost": {
            "isCrosspost": bool(hosted_by),
            "hostedHere": not hosted_by,
            "foreignPostId": _id(hosted_by) if hosted_by else None,
        },
    }


def _id(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:17]


def _address(name: str) -> str:
    site, _, slug = name.partition("/")
    where = f"posts/{_id(name)}/{slug}" if site in FORUMS else slug
    return f"https://{site}.example/{where}"


# ---- what the sites answer -----------------------------------------------------------------------


def answer(posts: Sequence[Facts], question: Facts) -> Facts:
    """What a forum's GraphQL says: of each post what is asked for, and nothing else."""
    given, [(asked, fields)] = question["variables"], selection(question["query"]).items()
    selector = given["selector"]
    if asked == "post":
        found = next((post for post in posts if post["_id"] == selector["_id"]), None)
        return {"data": {asked: {"result": found and _only(found, fields["result"])}}}
    if asked != "posts":
        return {"errors": [{"message": "this small forum answers `post` and `posts` alone"}]}
    [(view, terms)] = selector.items()
    wanted = terms.get("exactPostIds")
    listed = [
        post
        for post in posts
        if (wanted is None or post["_id"] in wanted)
        and (terms.get("after") or "") <= post["postedAt"] < (terms.get("before") or "9")
        and post["baseScore"] >= (terms.get("karmaThreshold") or 0)
    ]
    listed.sort(key=lambda post: -post["baseScore"] if view == "top" else post["postedAt"])
    start = given.get("offset") or 0
    page = listed[start : start + (given.get("limit") or 10)]
    return {"data": {asked: {"results": [_only(post, fields["results"]) for post in page]}}}


def selection(query: str) -> Facts:
    """The names that a GraphQL query asks for, each with those below it."""
    root: Facts = {}
    last, inside = root, [root]
    for mark in re.findall(r"[{}]|\w+", re.sub(r"\([^()]*\)", "", query.partition("{")[2])):
        if mark == "{":
            inside.append(last)
        elif mark == "}":
            inside.pop()
        else:
            last = inside[-1][mark] = {}
    return root


def _only(known: Any, fields: Facts) -> Any:
    if isinstance(known, list):
        return [_only(one, fields) for one in known]
    if not fields or known is None:
        return known
    return {name: _only(known[name], below) for name, below in fields.items()}


def rss(site: str, posts: Sequence[Facts], score: float = 0) -> str:
    """The ten newest posts of a site; a forum has the text as description, the blog as content."""
    text = "description" if site in FORUMS else "content:encoded"
    newest = sorted(posts, key=lambda post: str(post["postedAt"]), reverse=True)
    items = [
        f"<item><title>{escape(post['title'])}</title><link>{post['pageUrl']}</link>"
        f'<guid isPermaLink="false">{post["_id"]}</guid>'
        f"<dc:creator>{escape(post['author'])}</dc:creator>"
        f"<pubDate>{_rfc2822(post['postedAt'])}</pubDate>"
        f"<{text}><![CDATA[{post['htmlBody']}]]></{text}></item>"
        for post in newest
        if (post["baseScore"] or 0) >= score
    ]
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        f"<title>{NAMES[site]}</title><link>https://{site}.example/</link>"
        f"<description>{NAMES[site]}</description>\n" + "\n".join(items[:10]) + "\n</channel></rss>"
    )


def _rfc2822(posted: str) -> str:
    return format_datetime(datetime.fromisoformat(posted))


# ---- the server ----------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(port: int, posts: dict[str, Facts]) -> Iterator[int]:
    """The three sites on loopback; gives the port, which is any free one for 0.

    Raises:
        OSError: the port is taken.
    """
    by_site = {
        site: [post for name, post in posts.items() if name.startswith(f"{site}/")]
        for site in NAMES
    }

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            site, _, page = parts.path.strip("/").partition("/")
            if site in by_site and page == "feed.xml":
                least = parse_qs(parts.query).get("karmaThreshold", ["0"])[0]
                score = float(least) if least.isdigit() else 0
                self._say(200, "application/rss+xml", rss(site, by_site[site], score))
            else:
                self._say(404, "text/plain", f"nothing at {parts.path}\n")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            site, _, page = self.path.strip("/").partition("/")
            if site not in FORUMS or page != "graphql":
                self._say(404, "text/plain", f"nothing at {self.path}\n")
                return
            told = answer(by_site[site], json.loads(body))
            self._say(400 if "errors" in told else 200, "application/json", json.dumps(told))

        def _say(self, status: int, type_: str, text: str) -> None:
            data = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", f"{type_}; charset=utf-8")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """No line for each request."""

    with ThreadingHTTPServer(("127.0.0.1", port), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def port_of(sources: Path) -> int:
    """The port that the addresses in a sources.toml name."""
    written = tomllib.loads(sources.read_text(encoding="utf-8"))["sources"]
    [port] = {urlsplit(source["url"]).port for source in written.values()}
    return 80 if port is None else port


def main(arguments: Sequence[str]) -> int:
    """Serve while a command runs, or until Ctrl-C."""
    command = arguments[1:] if arguments[:1] == ["--"] else None
    if arguments and not command:
        sys.stderr.write((__doc__ or "").split("\n\n")[1] + "\n")
        return 2
    port = port_of(SOURCES)
    with contextlib.ExitStack() as stack:
        try:
            port = stack.enter_context(serving(port, read(HERE)))
        except OSError as error:
            sys.stderr.write(
                f"The port {port} of this machine cannot be had ({error.strerror}). End what uses "
                "it, or write another number in feeds/examples/sources.toml, in all four places.\n"
            )
            return 1
        if command:
            return _while(command)
        for site, name in NAMES.items():
            sys.stdout.write(f"{name}: http://127.0.0.1:{port}/{site}\n")
        sys.stdout.write("Ctrl-C ends it.\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


def _while(command: Sequence[str]) -> int:
    """Run a command to its end; Ctrl-C reaches it too, and ends it in its own way."""
    with subprocess.Popen(command) as running:
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            code = running.wait()
        finally:
            signal.signal(signal.SIGINT, before)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
