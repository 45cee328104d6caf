"""What all nouns are."""

from typing import dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True, field_specifiers=(msgspec.field,))
class Noun(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """Frozen, and strict when read from TOML or JSON."""
