"""The brand as pictures that need no typeface: `python -m tools.make_logo` (needs the packages fonttools and brotli).

The words are set in the app's own typeface and written as outlines, since a picture in a page may load no typeface.
"""

from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from tools.real_server import ROOT

TYPEFACE = ROOT / "pages/static/source-sans-3-latin-wght-normal.woff2"
WORDS, WEIGHT, SIZE = "Forger & Detective", 650, 33
LEFT, BASELINE, HEIGHT = 76, 43, 64
INKS = {"light": "#111827", "dark": "#F3F4F6"}
SIGN = (
    '<rect x="4" y="4" width="26" height="56" rx="5" fill="#D55E00"/>'
    '<rect x="34" y="4" width="26" height="56" rx="5" fill="#0072B2"/>'
    '<circle cx="32" cy="30" r="13" fill="#fff" fill-opacity=".9" stroke="#00785A" stroke-width="6"/>'
    '<path d="M42 40l12 14" stroke="#00785A" stroke-width="8" stroke-linecap="round"/>'
)


def outlines() -> tuple[str, int]:
    """The words as one SVG path, and where they end."""
    font = instantiateVariableFont(TTFont(TYPEFACE), {"wght": WEIGHT})
    glyphs, names, scale = font.getGlyphSet(), font.getBestCmap(), SIZE / font["head"].unitsPerEm
    pen, x = SVGPathPen(glyphs, ntos=lambda number: f"{number:.1f}".removesuffix(".0")), LEFT
    for letter in WORDS:
        glyph = glyphs[names[ord(letter)]]
        glyph.draw(TransformPen(pen, (scale, 0, 0, -scale, x, BASELINE)))
        x += glyph.width * scale
    return pen.getCommands(), round(x + 4)


def main() -> None:
    path, width = outlines()
    for theme, ink in INKS.items():
        frame = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}">'
        )
        words = f'<path d="{path}" fill="{ink}"/>'
        (ROOT / "assets" / f"logo-{theme}.svg").write_text(f"{frame}{SIGN}{words}</svg>\n")


if __name__ == "__main__":
    main()
