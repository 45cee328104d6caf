"""The store of a target: what speaks to it is loaded when a target of its kind is asked for."""

from typing import Any

from tts_pipeline.errors import PublishError
from tts_pipeline.publish.stores import DavStore, FolderStore, S3Store, SftpStore, Store, told
from tts_pipeline.publish.target import Target


def connect(target: Target) -> Store:
    """The store of a target.

    Raises:
        PublishError: it cannot be reached, or what speaks to it is not installed.
    """
    with told(f"{target.address} cannot be reached"):
        if target.kind == "s3":
            return S3Store(target, _s3(target))
        if target.kind == "sftp":
            return SftpStore(target, _sftp(target))
        if target.kind == "dav":
            return DavStore(target, _dav(target))
        from fsspec.implementations.local import LocalFileSystem  # noqa: PLC0415

        return FolderStore(target, LocalFileSystem())


def _s3(target: Target) -> Any:
    try:
        from s3fs import S3FileSystem  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed("s3", error) from error
    return S3FileSystem(
        endpoint_url=target.endpoint, use_listings_cache=False, skip_instance_cache=True
    )


def _sftp(target: Target) -> Any:
    try:
        from tts_pipeline.publish.sftp import file_system  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed("sftp", error) from error
    return file_system(target)


def _dav(target: Target) -> Any:
    try:
        from tts_pipeline.publish.dav import file_system  # noqa: PLC0415
    except ImportError as error:
        raise _not_installed("webdav", error) from error
    return file_system(target)


def _not_installed(extra: str, error: ImportError) -> PublishError:
    return PublishError(
        f"what speaks to such a target is not installed ({error.name} is missing): "
        f"pip install 'tts-pipeline[{extra}]'"
    )
