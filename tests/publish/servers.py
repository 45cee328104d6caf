"""Real servers on loopback: S3 by moto, sshd, and WebDAV by wsgidav."""

import getpass
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

USER, PASSWORD = "reader", "open sesame"


@contextmanager
def s3(patch: pytest.MonkeyPatch, root: Path) -> Iterator[str]:
    """The service's address; it has a bucket called `shows`."""
    import boto3
    from moto.server import ThreadedMotoServer

    for name, value in {
        "AWS_ACCESS_KEY_ID": "an-id", "AWS_SECRET_ACCESS_KEY": "a-secret",
        "AWS_DEFAULT_REGION": "us-east-1", "AWS_CONFIG_FILE": str(root / "none"),
        "AWS_SHARED_CREDENTIALS_FILE": str(root / "none"),
    }.items():  # fmt: skip
        patch.setenv(name, value)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        address = f"http://{host}:{port}"
        httpx.post(f"{address}/moto-api/reset")  # what it holds is the process's
        client = boto3.client("s3", endpoint_url=address)
        client.create_bucket(Bucket="shows")
        client.close()
        yield address
    finally:
        server.stop()


@contextmanager
def sshd(patch: pytest.MonkeyPatch, root: Path, *, without: str = "") -> Iterator[str]:
    """Its address, for the user who runs the tests; `without` some requests of the protocol."""
    program = shutil.which("sshd") or "/usr/sbin/sshd"
    if not Path(program).exists():
        pytest.skip("needs sshd")
    home = root / "home"
    (home / ".ssh").mkdir(parents=True, mode=0o700)
    patch.setenv("HOME", str(home))
    patch.delenv("SSH_AUTH_SOCK", raising=False)
    for secret in (root / "host", home / ".ssh" / "id_ed25519"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(secret)], check=True
        )
    keys = root / "authorized"
    keys.write_text((home / ".ssh" / "id_ed25519.pub").read_text())
    port = _free_port()
    config = root / "sshd_config"
    refused = f" -P {without}" if without else ""
    config.write_text(
        f"ListenAddress 127.0.0.1\nPort {port}\nHostKey {root / 'host'}\nPidFile {root / 'pid'}\n"
        f"AuthorizedKeysFile {keys}\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
        f"MaxStartups 50\nSubsystem sftp internal-sftp{refused}\n"
    )
    kind, key = (root / "host.pub").read_text().split()[:2]
    known = home / ".ssh" / "known_hosts"
    known.write_text(f"[127.0.0.1]:{port} {kind} {key}\n")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with (
        (root / "log").open("wb") as log,
        subprocess.Popen([program, "-D", "-e", "-f", str(config)], stderr=log) as server,
    ):
        try:
            _wait(port, root / "log")
            yield f"sftp://{getpass.getuser()}@127.0.0.1:{port}"
        finally:
            server.terminate()


@contextmanager
def webdav(patch: pytest.MonkeyPatch, root: Path) -> Iterator[str]:
    """The address of `root` on a server that asks for a name and a password."""
    from cheroot import wsgi
    from wsgidav.wsgidav_app import WsgiDAVApp

    patch.setenv("WEBDAV_USERNAME", USER)
    patch.setenv("WEBDAV_PASSWORD", PASSWORD)
    root.mkdir(exist_ok=True)
    app = WsgiDAVApp({
        "provider_mapping": {"/": str(root)},
        "simple_dc": {"user_mapping": {"*": {USER: {"password": PASSWORD}}}},
        "http_authenticator": {"accept_basic": True, "accept_digest": False,
                               "default_to_digest": False},
        "logging": {"enable": False, "enable_loggers": []},
        "verbose": 0,
    })  # fmt: skip
    server = wsgi.Server(("127.0.0.1", 0), app)
    server.prepare()
    thread = threading.Thread(target=server.serve)
    thread.start()
    try:
        yield f"dav://127.0.0.1:{server.bind_addr[1]}"
    finally:
        server.stop()
        thread.join()


def _free_port() -> int:
    """For sshd, which cannot be asked which one it took."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(port: int, log: Path) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
