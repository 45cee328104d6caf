"""Where to publish, read from what a person wrote."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from tts_pipeline.errors import ProfileError
from tts_pipeline.model import Noun, Show

KNOWN = (
    "a folder, s3://BUCKET/FOLDER, sftp://USER@HOST/FOLDER, or davs://HOST/FOLDER (dav:// without "
    "TLS)"
)
_DAV = {"dav": "http", "davs": "https", "webdav": "http", "webdavs": "https"}


class Target(Noun):
    """A place that files are sent to."""

    kind: str
    """`file`, `s3`, `sftp` or `dav`."""
    address: str
    """As people know it, without a slash at the end: what the ledger is kept under."""
    root: str
    """A folder's path; bucket and prefix; of WebDAV nothing, since its address is the root."""
    host: str | None = None
    port: int | None = None
    user: str | None = None
    endpoint: str | None = None
    """S3: the service's address. WebDAV: the root's."""


def targets(shows: Iterable[Show], to: str | None = None) -> list[tuple[Target, list[Show]]]:
    """The shows by target; `to` overrules what their files say.

    Raises:
        ProfileError: a show has none, or it is not one.
    """
    grouped: dict[Target, list[Show]] = {}
    for show in shows:
        written = to or show.publish.to
        if not written:
            raise ProfileError(
                f"the show {show.name!r} does not say where it is published; give --to, or write "
                f'`to = "..."` below [publish] in its file. It is {KNOWN}'
            )
        # What a person types is below the folder where they are, a show's file names one beside it.
        base = Path() if to else Path(show.root)
        grouped.setdefault(parse(written, base, show.publish.endpoint), []).append(show)
    return list(grouped.items())


def parse(written: str, base: Path, endpoint: str | None = None) -> Target:
    """One target.

    Args:
        written: the folder or the address.
        base: the folder from which a relative path counts.
        endpoint: of S3.

    Raises:
        ProfileError: it is none, or holds a password.
    """
    if "://" not in written:
        return _folder(base / Path(written).expanduser())
    try:
        parts = urlsplit(written)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ProfileError(f"the target is not an address: {error}; it is {KNOWN}") from error
    if parts.password is not None:
        raise ProfileError(
            f"the target {parts.scheme}://.../ holds a password, which would be seen by others and "
            "kept in logs. Leave it out: WebDAV takes WEBDAV_USERNAME and WEBDAV_PASSWORD or "
            "~/.netrc, S3 what AWS's tools take, and SFTP a key of SSH"
        )
    if parts.query or parts.fragment:
        raise ProfileError(f"the target {written} goes on after its path; {KNOWN}")
    path = unquote(parts.path).rstrip("/")
    if ".." in path.split("/"):
        raise ProfileError(f"the target {written} leads upwards; write the folder itself")
    if parts.scheme == "file" and not host:
        return _folder(Path(path or "/"))
    if not host:
        raise ProfileError(f"the target {written} names no host or bucket; it is {KNOWN}")
    if parts.scheme == "s3":
        root = f"{parts.netloc}{path}"
        if "@" in root:
            raise ProfileError(f"the target {written} names a user, and a bucket has none")
        return Target("s3", f"s3://{root}", root, endpoint=endpoint)
    user = unquote(parts.username) if parts.username else None
    if parts.scheme == "sftp":
        if not path:
            raise ProfileError(f"the target {written} names no folder on the host")
        return Target("sftp", written.rstrip("/"), path, host, port, user)
    if parts.scheme in _DAV:
        place = f"{host}:{port}" if port else host
        web = f"{_DAV[parts.scheme]}://{place}{parts.path.rstrip('/')}"
        return Target("dav", written.rstrip("/"), "", host, port, user, endpoint=web)
    raise ProfileError(f"the target {written} is of no kind that is known; it is {KNOWN}")


def _folder(path: Path) -> Target:
    root = str(path.resolve())
    return Target("file", root, root)
