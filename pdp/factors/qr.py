"""The QR code that an application of codes scans, as SVG of attributes only: the content policy allows no style."""

import segno
from markupsafe import Markup


def qr_svg(uri: str) -> Markup:
    """Return a QR code that scales with its box."""
    code = segno.make(uri, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=4, title="QR code à scanner", svgclass="qr", lineclass=None))  # noqa: S704 - made of the module matrix and of fixed words
