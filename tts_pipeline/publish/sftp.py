"""SFTP by asyncssh: keys and agent as ssh has them, and known hosts alone."""

from contextlib import suppress
from typing import Any

import asyncssh
from asyncssh.sftp import SFTPOpUnsupported
from sshfs import SSHFileSystem

from tts_pipeline.errors import PublishError
from tts_pipeline.publish.target import Target

_PATIENCE = 30
"""Seconds for connecting."""


class _FileSystem(SSHFileSystem):  # type: ignore[misc]
    """Which replaces a file by rename; the one that it extends copies where that cannot be."""

    async def _mv(self, lpath: str, rpath: str, **_: Any) -> None:
        async with self._pool.get() as channel:
            try:
                await channel.posix_rename(lpath, rpath)
            except SFTPOpUnsupported:
                # Plain SFTP renames to free names alone: for a moment there is no file at all.
                with suppress(asyncssh.SFTPNoSuchFile):
                    await channel.remove(rpath)
                await channel.rename(lpath, rpath)


def file_system(target: Target) -> _FileSystem:
    """Connected.

    Raises:
        PublishError: the host is not known, or does not let us in.
    """
    # Without `known_hosts`, the file system would trust any host.
    given: dict[str, Any] = {"known_hosts": (), "skip_instance_cache": True}
    if target.user:
        given["username"] = target.user
    if target.port:
        given["port"] = target.port
    host = target.host or ""
    try:
        return _FileSystem(host, timeout=_PATIENCE, **given)
    except asyncssh.HostKeyNotVerifiable as error:
        raise PublishError(
            f"the host {host} is not known: {error}. Connect once with `ssh {host}`, compare the "
            "key that it shows, and accept it"
        ) from error
    except (asyncssh.PermissionDenied, PermissionError) as error:
        raise PublishError(
            f"the host {host} lets nobody in with the keys that there are: {error}. Try "
            f"`ssh {host}`, which must work without a password"
        ) from error
