"""QR codes as inline SVG (segno)."""

import segno


def to_svg(content: str, *, title: str) -> str:
    """An ``<svg>`` element, in the current text colour on white, with ``title`` for readers."""
    return segno.make(content, error="m", micro=False).svg_inline(
        scale=6, border=3, title=title, omitsize=True, dark="#10231c", light="#fff", svgclass="qr"
    )
