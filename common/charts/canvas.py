"""A sheet of SVG: shapes with presentation attributes only (no style, no script, no class needed).

Colours are the DSFR's. None of them carries a meaning alone: each series also has its own dash, its
own marker and a word, so that a grey print and a colour-blind reader lose nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from common.charts.text import text_width
from common.typography import french_spaces


INK: Final = "#161616"
QUIET: Final = "#3a3a3a"
AXIS: Final = "#666666"
GRID: Final = "#e5e5e5"
PAPER: Final = "#ffffff"
MAIN: Final = "#000091"
MAIN_PALE: Final = "#e3e3fd"
COMPARISON: Final = "#b34000"
TARGET: Final = "#18753c"
DASH_COMPARISON: Final = "7 4"
DASH_TARGET: Final = "14 4"
DASH_LIMIT: Final = "2 4"
# Parts of a bar, by how many there are: neighbours differ by their lightness, in colour as in grey.
SHARES: Final[dict[int, Sequence[str]]] = {
    2: ("#000091", "#cacafb"),
    3: ("#000091", "#cacafb", "#b34000"),
    4: ("#000091", "#8585f6", "#fddfdb", "#b34000"),
    5: ("#000091", "#8585f6", "#f6f6f6", "#fcc0b0", "#b34000"),
    6: ("#000091", "#8585f6", "#e3e3fd", "#b34000", "#fcc0b0", "#5c2000"),
}
# Parts on which white letters are read (contrast above 4.5); black ones on the others.
DARK: Final = frozenset({"#000091", "#b34000", "#5c2000"})

Spot = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Width of the sheet and size of its letters, in the units of the viewBox."""

    width: float
    size: float
    plot_height: float
    name: str

    @property
    def line(self) -> float:
        """Height of a line of text."""
        return self.size * 1.35


# The page shows one of the two (static/css/charts.css): letters are 12 px at least on a screen of
# 320 px (288 px for 300 units, size 13), and from the width at which the wide one appears (620 px for
# 720 units, size 14). On A4 the wide one has letters of 9.6 pt.
WIDE: Final = Layout(width=720, size=14, plot_height=250, name="large")
NARROW: Final = Layout(width=300, size=13, plot_height=210, name="etroit")


@dataclass(slots=True)
class Canvas:
    """Collect shapes; ``svg`` closes the sheet."""

    layout: Layout
    parts: list[str] = field(default_factory=list)

    def line(
        self, start: Spot, end: Spot, *, stroke: str = AXIS, width: float = 1, dash: str = ""
    ) -> None:
        (x1, y1), (x2, y2) = start, end
        self.parts.append(
            f'<line x1="{_n(x1)}" y1="{_n(y1)}" x2="{_n(x2)}" y2="{_n(y2)}"{_stroke(stroke, width, dash)}/>'
        )

    def polyline(
        self, spots: Iterable[Spot], *, stroke: str, width: float = 2, dash: str = ""
    ) -> None:
        points = " ".join(f"{_n(x)},{_n(y)}" for x, y in spots)
        self.parts.append(
            f'<polyline points="{points}" fill="none" stroke-linejoin="round"{_stroke(stroke, width, dash)}/>'
        )

    def rect(
        self, corner: Spot, width: float, height: float, *, fill: str, stroke: str = ""
    ) -> None:
        x, y = corner
        border = _stroke(stroke, 1, "") if stroke else ""
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(max(width, 0))}" height="{_n(max(height, 0))}"'
            f' fill="{fill}"{border}/>'
        )

    def circle(
        self, centre: Spot, radius: float, *, fill: str, stroke: str = "", width: float = 2
    ) -> None:
        x, y = centre
        border = _stroke(stroke, width, "") if stroke else ""
        self.parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" fill="{fill}"{border}/>'
        )

    def diamond(self, centre: Spot, radius: float, *, stroke: str) -> None:
        x, y = centre
        points = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        drawn = " ".join(f"{_n(px)},{_n(py)}" for px, py in points)
        self.parts.append(f'<polygon points="{drawn}" fill="{PAPER}"{_stroke(stroke, 1.5, "")}/>')

    def cross(self, centre: Spot, radius: float, *, stroke: str) -> None:
        x, y = centre
        self.line((x - radius, y - radius), (x + radius, y + radius), stroke=stroke, width=1.5)
        self.line((x - radius, y + radius), (x + radius, y - radius), stroke=stroke, width=1.5)

    def text(
        self,
        spot: Spot,
        text: str,
        *,
        anchor: str = "start",
        bold: bool = False,
        fill: str = INK,
    ) -> None:
        """Write one line; ``spot`` is on its baseline."""
        x, y = spot
        weight = ' font-weight="700"' if bold else ""
        place = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self.parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" fill="{fill}"{place}{weight}>{clean(text)}</text>'
        )

    def width_of(self, text: str) -> float:
        return text_width(text, self.layout.size)

    def svg(self, key: str, *, height: float, title: str, description: str) -> SafeString:
        """Return the whole element, named and described for those who do not see it."""
        name, about = f"{key}-{self.layout.name}-nom", f"{key}-{self.layout.name}-contenu"
        # The texts were escaped by ``clean``, the rest is numbers and constants of this package.
        return mark_safe(  # noqa: S308
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="{name} {about}"'
            f' viewBox="0 0 {_n(self.layout.width)} {_n(height)}" class="qp-chart__svg"'
            f' font-family="Marianne, Arial, sans-serif" font-size="{_n(self.layout.size)}">'
            f'<title id="{name}">{clean(title)}</title><desc id="{about}">{clean(description)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )


def clean(text: str) -> str:
    """Return a text ready to stand in the SVG: French spaces, and nothing that is markup."""
    return str(escape(french_spaces(text)))


def _n(value: float) -> str:
    """Write a coordinate: a tenth is finer than any screen."""
    return f"{value:.1f}".removesuffix(".0")


def _stroke(colour: str, width: float, dash: str) -> str:
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{colour}" stroke-width="{_n(width)}"{dashes}'
