"""What the public sees: whether each sound is served as apps need it, and the word to the hub."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx

from tts_pipeline.model import Finding, Severity
from tts_pipeline.publish.contents import Enclosure

_AT_ONCE = 8
_TIMEOUT = 30.0


class _Unreachable:
    """The hosts that did not answer, which are asked no more."""

    def __init__(self) -> None:
        self.hosts: dict[str, Finding] = {}

    def say(self, url: str, error: httpx.HTTPError) -> None:
        host = urlsplit(url).netloc
        self.hosts.setdefault(
            host,
            Finding(
                "publish.unreachable", Severity.WARNING, url,
                f"{host} cannot be reached ({error or type(error).__name__}), so nobody knows "
                "whether its files are served; `base_url` in the show is its address",
            ),
        )  # fmt: skip


def verify(enclosures: Sequence[Enclosure], agent: str) -> tuple[set[str], list[Finding]]:
    """Ask for each sound as apps do, with HEAD and for a range (RFC 9110, section 14).

    Returns:
        The names of those that are right, and what is wrong with others. A host that cannot be
        reached is one finding.
    """
    silent = _Unreachable()
    with (
        httpx.Client(
            headers={"User-Agent": agent, "Accept-Encoding": "identity"},
            timeout=_TIMEOUT,
            follow_redirects=True,
        ) as client,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):

        def ask(each: Enclosure) -> list[Finding] | None:
            if urlsplit(each.url).netloc in silent.hosts:
                return None
            try:
                return list(_problems(client, each))
            except httpx.HTTPError as error:
                silent.say(each.url, error)
                return None

        answers = list(pool.map(ask, enclosures))
    right = {each.name for each, found in zip(enclosures, answers, strict=True) if found == []}
    told = [finding for found in answers for finding in found or ()]
    return right, [*silent.hosts.values(), *told]


def _problems(client: httpx.Client, each: Enclosure) -> Iterator[Finding]:
    head = client.head(each.url)
    if head.status_code != httpx.codes.OK:
        yield _wrong(
            "publish.absent", each,
            f"is not served: the answer to HEAD is {head.status_code} {head.reason_phrase}. See "
            "that `base_url` in the show is the address of the folder that was published to",
        )  # fmt: skip
        return
    length = head.headers.get("content-length")
    if length != str(each.length):
        yield _wrong(
            "publish.length", each,
            f"is served with a length of {length or 'unknown'} bytes, and has {each.length}; a "
            "cache may hold an older file",
        )  # fmt: skip
    kind = head.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind.startswith("audio/"):
        yield Finding(
            "publish.type", Severity.WARNING, each.url,
            f"it is served as {kind or 'nothing'}; apps expect audio/mpeg, which the server's "
            "table of types has to say",
        )  # fmt: skip
    with client.stream("GET", each.url, headers={"Range": "bytes=0-1"}) as part:
        spanned = part.headers.get("content-range", "")
        if part.status_code != httpx.codes.PARTIAL_CONTENT or not spanned.startswith("bytes 0-1/"):
            yield _wrong(
                "publish.range", each,
                f"cannot be had in parts: the answer to a range is {part.status_code}. Apps need "
                "that to seek, and Apple requires it; use a server that knows byte ranges",
            )  # fmt: skip


def _wrong(rule: str, each: Enclosure, message: str) -> Finding:
    return Finding(rule, Severity.ERROR, each.url, f"it {message}")


def announce(hub: str, feed: str, agent: str) -> Finding | None:
    """Tell a hub that a feed has changed (https://www.w3.org/TR/websub/, section 6).

    The Recommendation leaves the form open; this is the one that public hubs take.
    """
    form = {"hub.mode": "publish", "hub.topic": feed, "hub.url": feed}
    try:
        answer = httpx.post(hub, data=form, headers={"User-Agent": agent}, timeout=_TIMEOUT)
    except httpx.HTTPError as error:
        why = f"it cannot be reached ({error or type(error).__name__})"
    else:
        if answer.is_success:
            return None
        why = f"it answers {answer.status_code} {answer.reason_phrase}"
    return Finding(
        "publish.hub", Severity.WARNING, hub,
        f"the hub was not told that {feed} has changed: {why}. The next run tells it",
    )  # fmt: skip
