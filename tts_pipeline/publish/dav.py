"""WebDAV by httpx: name and password from the environment, else from ~/.netrc."""

import netrc
import os
from pathlib import Path

import httpx
from webdav4.fsspec import WebdavFileSystem

from tts_pipeline.errors import PublishError
from tts_pipeline.publish.target import Target

USER, PASSWORD = "WEBDAV_USERNAME", "WEBDAV_PASSWORD"


def file_system(target: Target) -> WebdavFileSystem:
    """Not connected yet."""
    return WebdavFileSystem(
        target.endpoint or "", auth=_auth(target), timeout=httpx.Timeout(60.0, connect=30.0)
    )


def _auth(target: Target) -> tuple[str, str] | None:
    user, password = target.user or os.environ.get(USER), os.environ.get(PASSWORD)
    if user and password:
        return user, password
    host = target.host or ""
    path = Path(os.environ.get("NETRC") or Path.home() / ".netrc")
    try:
        found = netrc.netrc(path).authenticators(host)
    except FileNotFoundError:
        return None
    except (OSError, netrc.NetrcParseError) as error:
        # Its own words would show the line, which may hold a password.
        raise PublishError(f"{path} cannot be read; `man netrc` says what it holds") from error
    if found is None or (target.user and found[0] != target.user):
        return None
    return found[0], found[2] or ""
