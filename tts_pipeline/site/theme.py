"""Templates and the files that they use: ours, or a theme's in their place.

A theme is a folder. A template in it is used instead of ours of the same name, and may extend ours
as `ours/NAME`; a file in its `assets/` likewise. Assets are served under names that hold a hash of
their bytes, so that they can be kept for ever.
"""

import hashlib
from collections.abc import Iterator
from functools import cached_property
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
    TemplateSyntaxError,
)

from tts_pipeline.errors import SiteError
from tts_pipeline.feed import address
from tts_pipeline.site import forms
from tts_pipeline.units import clock

_HERE = Path(str(resources("tts_pipeline.site")))
_KINDS = ("*.css", "*.js", "*.svg", "*.png", "*.jpg", "*.webp", "*.woff2")


class Theme:
    """Renders pages."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` is the theme's; None: ours alone."""
        self.folder = folder
        ours = FileSystemLoader(_HERE / "templates")
        own = [FileSystemLoader(folder)] if folder else []
        # Everything is escaped, whatever a template is called.
        self._environment = Environment(
            autoescape=True,
            loader=ChoiceLoader([*own, ours, PrefixLoader({"ours": ours})]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(
            day=forms.day, duration=forms.length, iso_length=forms.iso_length, size=forms.size,
            clock=clock, direction=forms.direction, web=address.web,
        )  # fmt: skip
        self._environment.globals["asset"] = self._asset_name

    @cached_property
    def assets(self) -> dict[str, tuple[str, bytes]]:
        """By the name that templates use: the name under which it is served, and its bytes."""
        folders = [_HERE / "assets", *([self.folder / "assets"] if self.folder else [])]
        return {
            path.name: (f"{path.stem}-{_sha(data)[:8]}{path.suffix}", data)
            for folder in folders
            for path in sorted(path for kind in _KINDS for path in folder.glob(kind))
            for data in [path.read_bytes()]
        }

    @cached_property
    def digest(self) -> str:
        """Changes whenever the same record might give another page."""
        digest = hashlib.sha256()
        for path in self._sources():
            digest.update(f"{path.name} {_sha(path.read_bytes())}\n".encode())
        return digest.hexdigest()

    def render(self, template: str, **values: Any) -> bytes:
        """A page.

        Raises:
            SiteError: the template is missing or wrong; says where.
        """
        try:
            page = self._environment.get_template(template).render(values)
        except TemplateSyntaxError as error:
            raise SiteError(f"{error.filename}, line {error.lineno}: {error.message}") from error
        except (TemplateError, TypeError, ValueError) as error:
            at = f"{self.folder or _HERE}: {template}"
            raise SiteError(f"{at} cannot be made into a page: {error}") from error
        return page.encode()

    def _asset_name(self, name: str) -> str:
        if name not in self.assets:
            raise TemplateError(f"there is no asset {name}; there are {', '.join(self.assets)}")
        return self.assets[name][0]

    def _sources(self) -> Iterator[Path]:
        yield from sorted(_HERE.glob("*.py"))
        for folder in (_HERE / "templates", _HERE / "assets"):
            yield from sorted(path for path in folder.iterdir() if path.is_file())
        if self.folder:
            yield from sorted(path for path in self.folder.rglob("*") if path.is_file())


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
