"""Elements as strings: whatever a text holds, the result is well-formed."""

from html import escape

from tts_pipeline.feed.text import legal, line


def element(name: str, text: str | None, /, **attributes: str | None) -> str:
    """An element of plain text; nothing when there is no text."""
    return f"<{name}{_attributes(attributes)}>{plain(text)}</{name}>\n" if text else ""


def empty(name: str, /, **attributes: str | None) -> str:
    """An element of attributes alone; those that are None are left out."""
    return f"<{name}{_attributes(attributes)}/>\n"


def around(name: str, inner: str, /, **attributes: str | None) -> str:
    """An element around others; nothing when there are none."""
    return f"<{name}{_attributes(attributes)}>\n{inner}</{name}>\n" if inner else ""


def cdata(name: str, html: str) -> str:
    """An element of HTML, which is legal already; an end of CDATA inside it is split."""
    return f"<{name}><![CDATA[{html.replace(']]>', ']]]]><![CDATA[>')}]]></{name}>\n"


def plain(text: str) -> str:
    """Escaped in the forms that feed validators want where an element holds plain text."""
    return legal(text).replace("&", "&#x26;").replace("<", "&#x3C;").replace(">", "&#x3E;")


def attribute(text: str) -> str:
    """On one line, and escaped as an attribute wants it."""
    return escape(line(text))


def boolean(value: bool) -> str:
    """As Apple writes it."""
    return "true" if value else "false"


def _attributes(attributes: dict[str, str | None]) -> str:
    """Names as Python can say them: `_type` is `type`, `aspect_ratio` is `aspect-ratio`."""
    return "".join(
        f' {name.strip("_").replace("_", "-")}="{attribute(value)}"'
        for name, value in attributes.items()
        if value is not None
    )
