"""An address that a phone can read."""

import io

import segno


def svg(text: str) -> str:
    """An SVG element of black on white, whatever the page's colours are."""
    code = segno.make_qr(text, error="m", boost_error=False)
    return code.svg_inline(border=4, light="#fff", svgclass=None, lineclass=None, omitsize=True)


def terminal(text: str) -> str:
    """The code in half blocks, for a terminal."""
    drawn = io.StringIO()
    segno.make_qr(text).terminal(drawn, compact=True, border=2)
    return drawn.getvalue()
