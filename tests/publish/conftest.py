"""Each kind of target on loopback, as a place to publish to and as a reader sees it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.publish import making, servers


class Place(NamedTuple):
    """A target."""

    kind: str
    to: str
    endpoint: str | None
    read: making.Read
    names: Any
    """() -> all names there."""


@pytest.fixture(params=["file", "s3", "sftp", "dav"])
def place(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    root = tmp_path / "served"

    def names() -> list[str]:
        return sorted(
            each.relative_to(root / "pod cast").as_posix()
            for each in (root / "pod cast").rglob("*")
            if each.is_file()
        )

    read = making.folder(root / "pod cast")
    if request.param == "file":
        yield Place("file", str(root / "pod cast"), None, read, names)
    elif request.param == "sftp":
        work = tmp_path / "sshd"
        work.mkdir()
        with servers.sshd(monkeypatch, work) as address:
            yield Place("sftp", f"{address}{root}/pod%20cast", None, read, names)
    elif request.param == "dav":
        with servers.webdav(monkeypatch, root) as address:
            yield Place("dav", f"{address}/pod%20cast/", None, read, names)
    else:
        with servers.s3(monkeypatch, tmp_path) as endpoint:
            bucket = _Bucket(endpoint)
            yield Place("s3", "s3://shows/pod%20cast", endpoint, bucket.read, bucket.names)
            bucket.client.close()


class _Bucket:
    """Reads by another library than the one that writes."""

    def __init__(self, endpoint: str) -> None:
        import boto3

        self.client = boto3.client("s3", endpoint_url=endpoint)

    def read(self, name: str) -> bytes | None:
        try:
            answer = self.client.get_object(Bucket="shows", Key=f"pod cast/{name}")
        except self.client.exceptions.NoSuchKey:
            return None
        data: bytes = answer["Body"].read()
        return data

    def names(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket="shows")
        keys = [each["Key"] for page in pages for each in page.get("Contents", ())]
        return sorted(key.removeprefix("pod cast/") for key in keys)
