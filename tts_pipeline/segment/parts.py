"""Who takes which part of a dialogue: the same name has the same voice in every episode.

Each name ranks the voices by a hash of name and voice (highest random weight, Thaler and
Ravishankar 1998), and has the first. Where two want one voice, the one that ranks it higher has
it, and the other the next free one, whoever speaks first. A voice added to the list, or taken
from it, moves only those who want it.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence


def assign(
    names: Collection[str], voices: Sequence[str], named: Mapping[str, str]
) -> dict[str, str]:
    """A voice for each name, in lower case.

    Args:
        names: those who speak in this episode.
        voices: the list that they share; may be used twice when there are more names.
        named: names in lower case that have a voice of their own, which nobody else here gets.
    """
    wanted = {name.casefold() for name in names}
    parts = {name: named[name] for name in wanted if name in named}
    taken = set(parts.values())
    ranked = sorted(
        ((_weight(name, voice), name, voice) for name in wanted for voice in voices), reverse=True
    )
    for _, name, voice in ranked:
        if name not in parts and voice not in taken:
            parts[name] = voice
            taken.add(voice)
    for _, name, voice in ranked:
        parts.setdefault(name, voice)
    return parts


def _weight(name: str, voice: str) -> bytes:
    return hashlib.blake2b(f"{name}\n{voice}".encode(), digest_size=8).digest()
