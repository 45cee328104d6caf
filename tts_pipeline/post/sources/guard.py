"""Which addresses may be connected to, and for how long.

The name is resolved here, each of its addresses is checked, and the one that passed is connected
to: what a name server says a moment later (DNS rebinding) does not count. Since each connection is
made here, each redirect is checked too.
"""

import functools
import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import httpcore
import httpx

from tts_pipeline.errors import SourceError

HINT = "set `allow_private = true` in a source that names it"
"""How a private address is allowed, where a source says it."""

_USER = re.compile(r"//[^/]*@")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_UNICAST = ipaddress.ip_network("2000::/3")
"""All that IANA gives out of IPv6; other blocks are local, reserved or wrap another address."""
_PORTS = (80, 443)
"""Below 1024, the ports of the web alone: a redirect must not speak to a mail server."""


class RefusedError(SourceError):
    """An address that must not be fetched."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet's, also where IPv6 wraps an IPv4 one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif ip.sixtofour:
            return is_public(str(ip.sixtofour))
        elif ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        elif ip not in _UNICAST:
            return False
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_private)


def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a name.

    Raises:
        OSError: it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def see_allowed(url: str, named: frozenset[tuple[str, int]]) -> None:
    """An address may be of http or https, on a port of the web.

    Args:
        url: where a request is about to go.
        named: hosts and ports that the user wrote, which may be any.

    Raises:
        RefusedError: it may not be.
    """
    try:
        parts = urlsplit(url)
        host, port = place(url)
    except ValueError as error:
        raise RefusedError(f"{_told(url)!r} is no address") from error
    if parts.scheme not in ("http", "https") or not host:
        raise RefusedError(
            f"{_told(url)!r} is no http or https address, and nothing else is fetched"
        )
    if port < 1024 and port not in _PORTS and (host, port) not in named:
        raise RefusedError(f"{_told(url)!r} leads to port {port}, which is not one of the web's")


def _told(url: str) -> str:
    """Without what may be a secret; it may be no address at all."""
    return _USER.sub("//", re.split(r"[?#]", url, maxsplit=1)[0])


def place(url: str) -> tuple[str, int]:
    """Host and port of an address.

    Raises:
        ValueError: it has none that can be read.
    """
    parts = urlsplit(url)
    port = parts.port if parts.port is not None else (443 if parts.scheme == "https" else 80)
    return (parts.hostname or "").rstrip("."), port


class Backend(httpcore.NetworkBackend):
    """Connects to checked addresses alone, and lets no answer take longer than its time."""

    def __init__(
        self,
        private: frozenset[tuple[str, int]],
        *,
        resolver: Callable[[str, int], list[str]] = resolve,
        clock: Callable[[], float] = time.monotonic,
        hint: str = HINT,
    ) -> None:
        """`private` holds the hosts and ports that may have private addresses, `hint` how to."""
        self.deadline = float("inf")
        """When the present request must be over, by `clock`."""
        # A site moves from http to https; any other port is another server.
        self._private = private | {
            (host, other) for host, port in private if port in _PORTS for other in _PORTS
        }
        self._resolver = resolver
        self._clock = clock
        self._hint = hint
        self._under = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """See httpcore.

        Raises:
            RefusedError: every address of the host is private, and the source does not allow it.
        """
        try:
            addresses = self._resolver(host, port)
        except OSError as error:
            raise httpcore.ConnectError(f"its name cannot be resolved: {error}") from error
        trusted = (host.rstrip("."), port) in self._private
        allowed = [one for one in addresses if trusted or is_public(one)]
        if not allowed:
            raise RefusedError(
                f"{host} has the private address {', '.join(addresses)}, which is not fetched; "
                f"if its port {port} is meant, {self._hint}"
            )
        *first, last = allowed
        for address in first:
            try:
                return self._connected(address, port, timeout, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connected(last, port, timeout, socket_options)

    def _connected(
        self,
        address: str,
        port: int,
        timeout: float | None,
        socket_options: Iterable[Any] | None,
    ) -> httpcore.NetworkStream:
        under = self._under.connect_tcp(
            address, port, self.remaining(timeout), None, socket_options
        )
        return _Stream(under, self)

    def remaining(self, timeout: float | None) -> float:
        """Seconds that the next step may take.

        Raises:
            httpcore.ReadTimeout: the request's time is over.
        """
        left = self.deadline - self._clock()
        if left <= 0:
            raise httpcore.ReadTimeout("it takes too long as a whole")
        return min(left, timeout if timeout is not None else left)


class _Stream(httpcore.NetworkStream):
    def __init__(self, under: httpcore.NetworkStream, backend: Backend) -> None:
        self._under = under
        self._backend = backend

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._under.read(max_bytes, self._backend.remaining(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._under.write(buffer, self._backend.remaining(timeout))

    def close(self) -> None:
        self._under.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._under.start_tls(
            ssl_context, server_hostname, self._backend.remaining(timeout)
        )
        return _Stream(secured, self._backend)

    def get_extra_info(self, info: str) -> Any:
        return self._under.get_extra_info(info)


@functools.cache
def _trust() -> ssl.SSLContext:
    """Whose certificates count: made once, since it takes a while."""
    return httpx.create_ssl_context()


class Transport(httpx.BaseTransport):
    """httpx on a pool of connections that `Backend` makes.

    Proxies of the environment are not used: they would connect to what nobody has checked.
    """

    def __init__(self, backend: Backend) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=_trust(),
            max_connections=4,
            keepalive_expiry=30,
            network_backend=backend,
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.

        Raises:
            httpcore exceptions as they are: whoever asks catches them.
        """
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        answer = self._pool.handle_request(asked)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    def __exit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        self._pool.close()

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Any:
        return iter(self._answer.iter_stream())

    def close(self) -> None:
        self._answer.close()
