"""Addresses that lead to the same post."""

import re
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

_TRACKING = re.compile(
    r"utm_\w+|mc_[ce]id|fb\w*clid|g(?:ad_source|clid)|msclkid|yclid|igshid|ref(?:_?src)?|"
    r"triedRedirect|isFreemail|publication_id|commentId",
    re.I,
)
"""Parameters that tell where a reader came from, not what is read."""

_TRACKING_OF_A_NEWSLETTER = re.compile(r"s|share|post_id|r|view|source", re.I)
"""More of them, which elsewhere name the post: "view.php?post_id=2"."""

_NEWSLETTER_POST = re.compile(r"(?:/pub/[\w-]+)?/p/[^/]+/?")
"""A post's address on Substack, whatever the host."""

_FEED_OF_MEDIUM = re.compile(r"rss-.*")

_MIRRORS = {
    "greaterwrong.com": "lesswrong.com",
    "ea.greaterwrong.com": "forum.effectivealtruism.org",
    "lesserwrong.com": "lesswrong.com",
    "beta.lesswrong.com": "lesswrong.com",
    "lw2.issarice.com": "lesswrong.com",
    "ea.issarice.com": "forum.effectivealtruism.org",
    "effective-altruism.com": "forum.effectivealtruism.org",
    # One database: a post has the same identifier on both.
    "alignmentforum.org": "lesswrong.com",
}
"""Hosts that show another's posts, under the same path."""

_FORUM_POST = re.compile(r"/(?:posts|s/\w{17}/p|p)/(\w{17})(?:/|$)")
"""A post's address on a ForumMagnum site; what follows the identifier is for people."""


def same_post(url: str) -> str:
    """What is equal for two addresses of one post: without scheme, www, tracking and mirrors.

    >>> same_post("http://www.greaterwrong.com/posts/aaaaabbbbbcccccdd/a-title?utm_source=x#top")
    'lesswrong.com/posts/aaaaabbbbbcccccdd'
    >>> same_post("https://blog.example/2026/05/a-title/?p=2&ref=home")
    'blog.example/2026/05/a-title?p=2'
    """
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").removesuffix(".").removeprefix("www.")
    host = _MIRRORS.get(host, host)
    if port not in (None, 80, 443):
        host += f":{port}"
    if match := _FORUM_POST.match(parts.path):
        return f"{host}/posts/{match[1]}"
    path = re.sub(r"/(?:index\.html?|amp)?/*$", "", unquote(parts.path))
    query = sorted(pair for pair in parse_qsl(parts.query) if not _is_tracking(*pair, parts.path))
    return f"{host}{path}" + (f"?{urlencode(query)}" if query else "")


def aside(url: str) -> str:
    """What `same_post` leaves out of an address and may name what is read all the same.

    >>> aside("https://blog.example/02.html?utm_source=x#tides"), aside("https://blog.example/02.html")
    ('#tides', '')
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if _FORUM_POST.match(parts.path) or _NEWSLETTER_POST.fullmatch(parts.path):
        return ""
    fragment = f"#{parts.fragment}" if parts.fragment else ""
    return urlencode([pair for pair in parse_qsl(parts.query) if pair[0] == "ref"]) + fragment


def _is_tracking(name: str, value: str, path: str) -> bool:
    if _TRACKING.fullmatch(name):
        return True
    if _NEWSLETTER_POST.fullmatch(path):
        return _TRACKING_OF_A_NEWSLETTER.fullmatch(name) is not None
    return name == "source" and _FEED_OF_MEDIUM.fullmatch(value) is not None


def host(url: str | None) -> str:
    """The site that an address belongs to; empty without one."""
    return same_post(url).split("/")[0] if url else ""
