"""Fetching from sites that mean harm: what the program asked, wrote and let out, as it was."""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

import pytest

from tests.conftest import Workspace
from tests.post.sources.serving import Handler, Site, serve
from tests.security import hostile
from tests.security.watching import Watch
from tts_pipeline.post.sources import guard

SECRET = "hunter2"  # noqa: S105
TOKEN = "t0ken-of-the-feed"  # noqa: S105
"""In the feed's own address: for the server alone."""


class Web(NamedTuple):
    """A site that the source names, and one at a private address that nobody named."""

    site: Site
    inside: Site

    @property
    def port(self) -> str:
        """Of what must not be asked."""
        return self.inside.url.rpartition(":")[2]

    def private(self, path: str) -> list[str]:
        """The private site, in the ways of writing that get past simple checks."""
        hosts = ("localhost", "127.1", "0x7f.1", "2130706433", "0", "[::1]", "[::ffff:7f00:1]",
                 "127.0.0.2", "0.0.0.0")  # fmt: skip
        return [f"http://{host}:{self.port}{path}/{n}" for n, host in enumerate(hosts)]


@pytest.fixture
def web() -> Iterator[Web]:
    with serve() as site, serve() as inside:
        yield Web(site, inside)


def moved(target: str) -> Handler:
    return lambda request: request.answer(status=302, Location=target)


def entries(web: Web) -> str:
    """An RSS feed: each link leads inside, at once or by a redirect; names want out."""
    items = []
    for number, target in enumerate(web.private("/straight")):
        items.append(f"<item><title>S{number}</title><link>{target}</link></item>")
    for number, target in enumerate(web.private("/moved")):
        web.site.pages[f"/moved/{number}"] = moved(target)
        items.append(f"<item><title>M{number}</title><link>/moved/{number}</link></item>")
    items.append("<item><title>Type</title><link>/typed</link></item>")
    web.site.pages["/typed"] = lambda request: request.answer("x", "text/\x1b]0;owned\x07\x9b31m")
    for number, place in enumerate(hostile.PLACES):
        text = place.replace("\0", "").replace("&", "&amp;").replace("<", "&lt;")
        items.append(
            f"<item><title>../../{text}\x1b]0;owned\x07</title><guid>{text}/{number}</guid>"
            f"<link>/page/{number}?named={quote(text)}</link><author>{text}</author></item>"
        )
        web.site.put(
            f"/page/{number}",
            f"<html><head><title>x</title><link rel=canonical href='/{text}'></head><body>"
            f"<article><p>Words of number {number}.</p><img src='{web.private('/drawn')[0]}'>"
            f"<iframe src='{web.private('/framed')[1]}'></iframe></article></body></html>",
        )
    return f"<rss version='2.0'><channel><title>Evil</title>{''.join(items)}</channel></rss>"


def source(web: Web, address: str) -> str:
    return (
        f'\n[sources.evil]\ntype = "feed"\nurl = "{address}"\nfull = "page"\npause = 0\n'
        "allow_private = true\n"
    )


def test_nothing_inside_is_asked_nothing_outside_written_and_no_secret_kept(
    workspace: Workspace, web: Web, tmp_path_factory: pytest.TempPathFactory
) -> None:
    web.site.put("/feed", entries(web), "application/rss+xml")
    host = web.site.url.removeprefix("http://")
    show = workspace.show()
    address = f"http://ann:{SECRET}@{host}/feed?token={TOKEN}"
    show.write_text(show.read_text() + source(web, address))
    watch = Watch(tmp_path_factory.mktemp("watch"))
    done = workspace.run("fetch", show, check=1, **watch.environment)
    printed = done.stdout + done.stderr
    files = sorted((workspace.out / "posts" / "evil").iterdir())
    assert len(files) == len(hostile.PLACES), printed
    assert all(re.fullmatch(r"[a-z0-9-]+\.html", path.name) for path in files)
    for command in ("episode", "build/posts/evil", "--show", show), ("site", show), ("feed", show):
        done = workspace.run(*command, **watch.environment)
        printed += done.stdout + done.stderr

    assert web.inside.asked == []
    connected = {tuple(line.split("\t")) for line in watch.told("connect")}
    assert connected == {tuple(host.split(":"))}
    written = watch.told("write")
    assert any("/posts/evil/" in path for path in written)
    allowed = (str(workspace.out), str(workspace.cache), "/dev/null")
    assert {path for path in written if not path.startswith(allowed)} == set()
    assert watch.ran() == set()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", printed)

    for secret in (SECRET, TOKEN):
        assert secret not in printed
        for folder in (workspace.out, workspace.cache):
            for path in folder.rglob("*"):
                assert secret not in path.name
                assert path.is_dir() or secret.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("kind", ["page", "sitemap", "feed", "forum"])
def test_an_allowed_host_is_allowed_at_its_own_port_alone(
    workspace: Workspace, web: Web, kind: str
) -> None:
    """Another port of a host is another server, such as a database."""
    inside = web.inside.url
    web.site.pages["/"] = moved(inside + "/database")
    for path in ("/graphql", "/feed.xml"):
        web.site.pages[path] = web.site.pages["/"]
    keys = f'urls = ["{web.site.url}/"]' if kind == "page" else f'url = "{web.site.url}/"'
    show = workspace.show()
    show.write_text(
        show.read_text()
        + f'\n[sources.evil]\ntype = "{kind}"\n{keys}\npause = 0\nallow_private = true\n'
    )
    done = workspace.run("fetch", show, check=1)
    assert "private address 127.0.0.1" in done.stderr
    assert web.inside.asked == []


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1",
        "192.0.0.1", "192.0.2.1", "192.168.1.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::7f00:1",
        "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "100::1", "2001::1", "2001:db8::1",
        "2002:7f00:1::1", "fc00::1", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
        "::ffff:0:127.0.0.1", "5f00::1",
    ],
)  # fmt: skip
def test_no_address_of_the_special_registries_is_public(address: str) -> None:
    """IANA's IPv4 and IPv6 Special-Purpose Address Registries, and what wraps one in another."""
    assert not guard.is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1", "64:ff9b::5db8:d822"])
def test_public_addresses_are_public(address: str) -> None:
    assert guard.is_public(address)


def test_one_address_is_fetched_without_telling_its_password(
    workspace: Workspace, web: Web
) -> None:
    host = web.site.url.removeprefix("http://")
    workspace.run("episode", f"http://ann:{SECRET}@{host}/x", "--show", "feeds/show.toml", check=1)
    done = workspace.run(
        "episode", f"http://ann:{SECRET}@{host}/x", "--show", "feeds/show.toml", "--json", check=1
    )
    assert SECRET not in done.stdout + done.stderr
    assert json.loads(done.stdout)["failures"]
    assert not list(workspace.out.rglob("*.html"))
