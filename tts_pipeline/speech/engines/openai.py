"""`openai`: any server with `POST /v1/audio/speech`, such as Kokoro-FastAPI, LocalAI or OpenAI's.

The key comes from the environment or a file, is held by this object alone, and is cut out of
whatever a server says. What may pass, such as a server that is busy or a connection that is cut,
is tried again until the time for an utterance is over.
"""

import json
import os
import random
import re
import threading
import time
import weakref
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal
from urllib.parse import urlsplit

from tts_pipeline import __version__, retryafter
from tts_pipeline.errors import ProfileError, SpeechError, UnavailableError
from tts_pipeline.model import Noun
from tts_pipeline.speech import soundfile
from tts_pipeline.speech.engine import Facts, Sound

if TYPE_CHECKING:
    import httpx

_ATTEMPTS = 6
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 20.0
"""Seconds between attempts: doubled each time, unless the server says how long."""
_BUSY = frozenset((408, 425, 429, 502, 503, 504))
"""Status codes of a server that may be ready later, whatever the text."""
_REFUSED = frozenset((401, 402, 403, 404, 405))
"""Status codes that no other text will change."""
_SPENT = "insufficient_quota"
"""What OpenAI's 429 says when waiting does not help."""
_TOLD = 200
"""Characters of a server's message that are passed on."""
_WORDS = re.compile(r"(text/|.*\b(json|html|xml)\b)")
_OTHERS = {b"RIFF": "WAV", b"ID3": "MP3", b"\xff\xfb": "MP3", b"OggS": "Ogg", b"fLaC": "FLAC"}


class OpenAIOptions(Noun, kw_only=True):
    """[engine] of an openai voice."""

    base_url: str
    """The address before `/audio/speech`."""
    model: str
    voice: str
    speed: float = 1.0
    """0.25 to 4."""
    format: Literal["wav", "pcm"] = "wav"
    """PCM is signed 16-bit little-endian, one channel."""
    rate: int = 24000
    """Samples a second of what the server gives."""
    limit: int = 1000
    """Characters that it takes at once."""
    concurrency: int = 4
    """Requests at once."""
    seconds: int = 120
    """How long one utterance may take, with all attempts."""
    characters: int | None = None
    """How many one run may send at most."""
    key_env: str = "OPENAI_API_KEY"
    """The environment's variable that holds the key."""
    key_file: str | None = None
    """Instead: a file that holds it."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError("base_url must be an address such as http://localhost:8880/v1")
        if "@" in parts.netloc:
            raise ValueError("base_url must not hold a name or password; see key_env and key_file")
        if not 0.25 <= self.speed <= 4:
            raise ValueError("speed must be 0.25 to 4")
        if not 8000 <= self.rate <= 48000:
            raise ValueError("rate must be 8000 to 48000")
        if self.limit < 100 or self.seconds < 1 or not 1 <= self.concurrency <= 64:
            raise ValueError(
                "limit must be at least 100, seconds at least 1, and concurrency 1 to 64"
            )
        if self.characters is not None and self.characters < 1000:
            raise ValueError(
                "characters must be at least 1000: some 500 are said to measure a voice"
            )
        if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", self.key_env):
            raise ValueError("key_env must name a variable, and is never the key itself")
        if self.key_file and not Path(self.key_file).expanduser().is_absolute():
            raise ValueError("key_file must be an absolute path, or begin with ~/")


class _Passing(Exception):  # noqa: N818  never seen outside
    """What another attempt may mend."""

    def __init__(self, told: SpeechError, wait: float | None = None) -> None:
        self.told = told
        self.wait = wait
        """Seconds, where the server says how long."""


class OpenAI:
    """A voice of a server."""

    Options: ClassVar[type[Noun]] = OpenAIOptions

    @classmethod
    def facts(cls, options: OpenAIOptions) -> Facts:
        """What the voice file says; what runs on the server is not known."""
        return Facts(
            sample_rate=options.rate,
            limit=options.limit,
            deterministic=False,
            carries_state=False,
            word_times=False,
            phonemes=False,
            versions={"openai": "1"},
            concurrency=options.concurrency,
            # A read that began in time may last as long again.
            seconds=2 * options.seconds,
            characters=options.characters,
            inaudible=("limit", "concurrency", "seconds", "characters", "key_env", "key_file"),
        )

    def __init__(self, options: OpenAIOptions, language: str) -> None:
        """Find the key; the server is first met when it is to speak."""
        import httpx  # noqa: PLC0415  only workers of such a voice need it

        self._options = options
        parts = urlsplit(options.base_url.rstrip("/"))
        self._url = parts._replace(path=f"{parts.path or '/v1'}/audio/speech").geturl()
        self._key = _key(options)
        near = parts.hostname in ("localhost", "127.0.0.1", "::1")
        safe = near or parts.scheme == "https"
        if self._key and options.key_file and not safe:
            raise ProfileError(
                f"the key in {options.key_file} would be sent to {self._url} for all to read; use "
                "https"
            )
        headers = {"User-Agent": f"tts-pipeline/{__version__}"}
        if self._key and safe:
            headers["Authorization"] = f"Bearer {self._key}"
        self._keyless = "" if self._key and safe else f"; no key was sent ({_why(options, safe)})"
        # The environment's proxy is not asked for this machine.
        self._client = httpx.Client(headers=headers, trust_env=not near)
        weakref.finalize(self, self._client.close)
        self._lock = threading.Lock()
        self._quiet_until = 0.0

    def speak(self, text: str, pace: float = 1.0) -> Sound:
        """Ask for one utterance, again and again while it may help and there is time."""
        options = self._options
        asked = {
            "model": options.model,
            "voice": options.voice,
            "input": text,
            "response_format": options.format,
            "speed": round(min(4.0, max(0.25, options.speed * pace)), 3),
        }
        until = time.monotonic() + options.seconds
        wait = _FIRST_WAIT
        for attempt in range(1, _ATTEMPTS + 1):
            self._keep_quiet()
            try:
                return Sound(pcm=self._sound(asked, until))
            except _Passing as passing:
                # No two of many threads, or machines, come back at the same moment.
                pause = passing.wait or wait * random.uniform(0.75, 1.25)  # noqa: S311
                if attempt == _ATTEMPTS or time.monotonic() + pause > until:
                    raise self._given_up(passing, attempt) from None
                if passing.wait:
                    with self._lock:
                        self._quiet_until = max(self._quiet_until, time.monotonic() + pause)
                time.sleep(pause)
                wait = min(2 * wait, _LONGEST_WAIT)
        raise AssertionError  # the last attempt returns or raises

    def _keep_quiet(self) -> None:
        """What the server told one thread holds for all."""
        with self._lock:
            pause = self._quiet_until - time.monotonic()
        if pause > 0:
            time.sleep(pause)

    def _given_up(self, passing: _Passing, attempts: int) -> SpeechError:
        tried = "once" if attempts == 1 else f"{attempts} times"
        asks = f"; it asks to wait {passing.wait:.0f} s" if passing.wait else ""
        return type(passing.told)(f"{passing.told} (tried {tried}{asks})")

    def _sound(self, asked: dict[str, Any], until: float) -> bytes:
        """One attempt.

        Raises:
            _Passing: it may help to try again.
            SpeechError: it will not.
        """
        import httpx  # noqa: PLC0415

        left = until - time.monotonic()
        slow = f"{self._url} did not finish within {self._options.seconds} s"
        if left <= 0:
            raise UnavailableError(slow)
        try:
            with self._client.stream("POST", self._url, json=asked, timeout=left) as response:
                self._see_fine(response)
                data = self._read(response, len(asked["input"]), until, slow)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise _Passing(
                UnavailableError(f"{self._url} cannot be reached: {self._clean(str(error))}")
            ) from error
        except httpx.TimeoutException as error:
            raise UnavailableError(slow) from error
        except httpx.TransportError as error:
            raise _Passing(
                SpeechError(f"{self._url} cut the connection off: {self._clean(str(error))}")
            ) from error
        if self._options.format == "wav":
            return soundfile.wav(data, self._options.rate, self._url)
        for magic, kind in _OTHERS.items():
            if data.startswith(magic):
                raise SpeechError(f"{self._url} gave a file of the type {kind}, not bare samples")
        return soundfile.whole(data)

    def _see_fine(self, response: "httpx.Response") -> None:
        """See that sound follows."""
        status, kind = response.status_code, response.headers.get("content-type", "").lower()
        if status == 200 and not _WORDS.match(kind):
            return
        body = _beginning(response)
        said = self._clean(_message(body))
        if status == 200:
            raise SpeechError(f"{self._url} gave {kind.split(';')[0]}, not sound: {said}")
        told = f"{self._url} answered {status} {response.reason_phrase}: {said}"
        if response.is_redirect:
            raise UnavailableError(f"{told}; correct base_url")
        if status in _REFUSED or _SPENT in body:
            raise UnavailableError(f"{told}{self._keyless if status in (401, 403) else ''}")
        if status in _BUSY:
            raise _Passing(UnavailableError(told), _wait(response))
        if status >= 500:
            raise _Passing(SpeechError(told), _wait(response))
        raise SpeechError(told)

    def _read(self, response: "httpx.Response", characters: int, until: float, slow: str) -> bytes:
        """The whole body: at most a second of sound a character, and half a minute."""
        most = 2 * self._options.rate * (30 + characters)
        data = bytearray()
        for chunk in response.iter_bytes():
            data += chunk
            if len(data) > most:
                raise SpeechError(
                    f"{self._url} sent more than {most >> 20} MB for {characters} characters"
                )
            if time.monotonic() > until:
                raise SpeechError(slow)
        return bytes(data)

    def _clean(self, said: str) -> str:
        """A foreign text in one short line, without the key."""
        if self._key:
            said = said.replace(self._key, "[key]")
        line = " ".join("".join(c if c.isprintable() else " " for c in said).split())
        return line if len(line) <= _TOLD else line[:_TOLD] + "..."


def _key(options: OpenAIOptions) -> str:
    """The key, "" if there is none.

    Raises:
        ProfileError: its file cannot be read, or it is none.
    """
    if options.key_file is None:
        where, key = f"the variable {options.key_env}", os.environ.get(options.key_env, "")
    else:
        where = f"the key file {options.key_file}"
        try:
            key = Path(options.key_file).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ProfileError(f"{where} cannot be read: {error}") from error
        if not key.strip():
            raise ProfileError(f"{where} is empty; it must hold the key, on one line")
    key = key.strip()
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ProfileError(f"{where} must hold the key and nothing else, on one line")
    return key


def _why(options: OpenAIOptions, safe: bool) -> str:
    if not safe:
        return "over http it goes to this machine alone; use https"
    return f"{options.key_env} is not set, and key_file is not given"


def _beginning(response: "httpx.Response") -> str:
    """As much of a body as may hold a message."""
    data = b""
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > 1 << 16:
            break
    return data.decode(errors="replace")


def _message(body: str) -> str:
    """What a server says is wrong: as OpenAI, FastAPI and plain servers write it."""
    with suppress(ValueError):
        found = json.loads(body)
        for key in ("error", "detail", "message"):
            found = found[key] if isinstance(found, dict) and key in found else found
        return found if isinstance(found, str) else json.dumps(found)
    return re.sub(r"<[^>]*>", " ", body) or "no message"


def _wait(response: "httpx.Response") -> float | None:
    """Seconds that the server asks for, if it does."""
    headers = response.headers
    asked = retryafter.seconds(headers.get("retry-after"), headers.get("date"))
    return None if asked is None else max(0.1, asked)
