"""A post's site and tag by the show's sites: by host, else by name."""

import pytest

from tts_pipeline import post
from tts_pipeline.model import Site

SITES = {
    "forum.example.org": Site("The Forum", "TF"),
    "www.Letters.example.com": Site("Letters", "L"),
    "plain.example.net": Site("Plain"),
}


def site_and_tag(front: str, sites: dict[str, Site] = SITES) -> tuple[str | None, str | None]:
    data = f"---\n{front}\n---\n# Title\n".encode()
    read = post.read_bytes(data, source="-", name="-", suffix=".md", sites=sites)
    return read.site, read.tag


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        ("url: https://forum.example.org/p/1", ("The Forum", "TF")),
        ("url: https://www.forum.example.org/p/1", ("The Forum", "TF")),
        ("url: https://FORUM.example.ORG:8443/p/1", ("The Forum", "TF")),
        ("url: https://letters.example.com/", ("Letters", "L")),
        ("url: https://www.letters.example.com/", ("Letters", "L")),
        ("url: https://plain.example.net/", ("Plain", None)),
        ("url: https://plain.example.net/\ntag: P", ("Plain", "P")),
        ("url: https://forum.example.org/\ntag: X", ("The Forum", "X")),
        ("url: https://forum.example.org/\nsite: Another name", ("Another name", "TF")),
        ("site: the forum", ("the forum", "TF")),
        ("site: Nobody's", ("Nobody's", None)),
        ("url: https://other.example.org/\nsite: The Forum", ("The Forum", "TF")),
        ("url: https://other.example.org/", (None, None)),
        ("url: https://forum.example.org.evil.example/", (None, None)),
        ("url: https://evil.example/forum.example.org", (None, None)),
        ("url: https://forum.example.org@evil.example/", (None, None)),
        ("id: x", (None, None)),
    ],
)
def test_site_and_tag(front: str, expected: tuple[str | None, str | None]) -> None:
    assert site_and_tag(front) == expected


def test_a_show_without_sites() -> None:
    assert site_and_tag("url: https://forum.example.org/", {}) == (None, None)


def test_a_post_without_a_site_is_not_on_a_site_without_a_name() -> None:
    assert site_and_tag("id: x", {"blank.example.org": Site("", "B")}) == (None, None)
