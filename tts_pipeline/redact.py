"""Secrets in texts that others may read, such as logs: taken out."""

import re
from collections.abc import Mapping

_CALLED = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIALS?)(?:_|$)", re.IGNORECASE)
_SHORTEST = 8
"""Characters of a secret; what is shorter would blot out words that are none."""

_LOGIN = re.compile(r"(?<=://)[^/\s@'\"]+@")
_QUERY = re.compile(
    r"(?i)([?&](?:[\w-]*(?:key|token|secret|password|signature)|auth|sig)=)[^&\s#'\"]+"
)
_BEARER = re.compile(r"(?i)\b(bearer|basic) [\w+/=.~-]{8,}")


def secrets(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The values of variables whose names say that they are secret, longest first."""
    found = {
        value
        for name, value in environment.items()
        if _CALLED.search(name) and len(value) >= _SHORTEST
    }
    return tuple(sorted(found, key=lambda value: (-len(value), value)))


def redacted(text: str, hidden: tuple[str, ...]) -> str:
    """The text without these, and without logins and keys that stand in addresses."""
    for value in hidden:
        text = text.replace(value, "[secret]")
    text = _LOGIN.sub("[secret]@", text)
    text = _QUERY.sub(r"\1[secret]", text)
    return _BEARER.sub(r"\1 [secret]", text)
