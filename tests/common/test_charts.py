"""The charts: what is drawn, what is said, what the table says; safe, and the same once frozen."""

import json
import re
from dataclasses import asdict
from decimal import Decimal as D
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from fontTools.ttLib import TTFont

from common.catalogue_charts import figures, spark_values
from common.charts.axis import axis_of, thinned
from common.charts.canvas import DARK, NARROW, SHARES, WIDE
from common.charts.data import (
    Bar,
    BarChart,
    Chart,
    Event,
    Interval,
    IntervalChart,
    Limits,
    LineChart,
    Point,
    Share,
    ShareChart,
)
from common.charts.figure import draw
from common.charts.sparkline import sparkline
from common.charts.text import _WIDTHS, text_width, wrap
from common.numbers import Missing, Unit


SVG = "{http://www.w3.org/2000/svg}"


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)


def texts(svg: str) -> list[str]:
    return [(item.text or "").replace("\u00a0", " ") for item in tree(svg).iter(f"{SVG}text")]


def line_chart(*values: object, **more: object) -> LineChart:
    points = [Point(f"mois {rank}", value) for rank, value in enumerate(values)]  # type: ignore[arg-type]
    return LineChart(key="essai", question="Monte-t-on ?", points=points, **more)  # type: ignore[arg-type]


# --- Axis and text ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "unit", "from_zero", "ticks"),
    [
        (["0.95", "0.99"], Unit.PERCENT, False, [95, 96, 97, 98, 99]),
        (["0.95", "0.99"], Unit.PERCENT, True, [0, 20, 40, 60, 80, 100]),
        (["0.75", "0.93"], Unit.PERCENT, False, [75, 80, 85, 90, 95]),
        (["0.5", "0.97"], Unit.PERCENT, False, [50, 60, 70, 80, 90, 100]),
        (["0.5", "1.2"], Unit.PERCENT, False, [0, 20, 40, 60, 80, 100, 120]),
        ([3, 27], Unit.DAYS, False, [0, 5, 10, 15, 20, 25, 30]),
        ([1, 2], Unit.COUNT, False, [0, 1, 2]),
        (["6.4", "6.7"], Unit.MARK10, False, ["6.4", "6.45", "6.5", "6.55", "6.6", "6.65", "6.7"]),
        ([7, 7], Unit.DAYS, True, [0, 2, 4, 6, 8]),
        ([100, 100], Unit.DAYS, False, [90, 95, 100, 105, 110]),
        ([-4, 4], Unit.DAYS, False, [-4, -2, 0, 2, 4]),
        ([0, 0], Unit.DAYS, True, [0, "0.2", "0.4", "0.6", "0.8", 1]),
        ([None], Unit.PERCENT, False, [0, 20, 40, 60, 80, 100]),
    ],
)
def test_ticks_are_round_and_hold_the_values(values, unit, from_zero, ticks) -> None:
    numbers = [None if value is None else D(value) for value in values]
    axis = axis_of(numbers, unit, from_zero=from_zero)
    assert list(axis.ticks) == [D(tick) for tick in ticks]


def test_place_on_the_axis() -> None:
    axis = axis_of([D("0.5"), D(1)], Unit.PERCENT, from_zero=True)
    assert (axis.share(0), axis.share(D("0.25")), axis.share(1)) == (0, 0.25, 1)
    assert axis.label(D(20)) == "20\u00a0%"


def test_labels_are_thinned_by_calendar_steps() -> None:
    labels = [f"janv. {2000 + rank}" for rank in range(36)]
    assert thinned(labels, 100, 14) == list(range(36))
    assert thinned(labels, 20, 14) == list(range(0, 36, 6))
    assert thinned(labels, 8, 13) == [0, 12, 24]
    assert thinned([], 8, 13) == []


def test_wrapping_keeps_every_word_and_every_line_holds() -> None:
    label = "Direction de la citoyenneté et de la légalité, bureau des étrangers"
    lines = wrap(label, 150, 14)
    assert " ".join(lines) == label
    assert max(text_width(line, 14) for line in lines) <= 150
    cut = wrap("anticonstitutionnellement", 60, 14)
    assert "".join(cut) == "anticonstitutionnellement"
    assert max(text_width(line, 14) for line in cut) <= 60


# --- What is drawn ------------------------------------------------------------------------------


def test_a_missing_value_breaks_the_line_and_is_crossed() -> None:
    svg = draw(line_chart(D("0.5"), D("0.6"), None, D("0.8"), D("0.9"), D("0.7"))).wide
    runs = [
        len(item.attrib["points"].split())
        for item in tree(svg).iter(f"{SVG}polyline")
        if item.attrib["stroke"] == "#000091"
    ]
    assert runs == [2, 3]
    assert "Non mesuré" in texts(svg)


def test_why_it_is_missing_is_said_and_zero_is_a_value() -> None:
    points = [Point("T1", 0), Point("T2", None, missing=Missing.TOO_FEW), Point("T3", 2)]
    figure = draw(LineChart(key="a", question="?", unit=Unit.DAYS, points=points))
    assert "Effectif trop faible" in texts(figure.wide)
    assert figure.rows == (("T1", "0"), ("T2", "effectif trop faible"), ("T3", "2"))


def test_target_that_changed_limits_events_and_signals() -> None:
    figure = draw(
        line_chart(
            D("0.5"),
            D("0.6"),
            D("0.9"),
            target=[D("0.6"), D("0.7"), D("0.7")],
            comparison=[D("0.55"), None, D("0.65")],
            limits=[Limits(None, D("0.8"))],
            events=[Event(2, "nouveau standard", "2 mai"), Event(0, "panne"), Event(2, "enquête")],
            signals=frozenset({2}),
        )
    )
    said = texts(figure.wide)
    assert "Cible : 60 %, puis 70 %" in said
    assert "Variation habituelle : jusqu’à 80 %" in said
    assert "Signal : plus que la variation habituelle" in said
    assert [(pin.number, pin.day, pin.label) for pin in figure.pins] == [
        (1, "", "panne"),
        (2, "2\u00a0mai", "nouveau standard"),
        (3, "", "enquête"),
    ]
    assert [column.label for column in figure.head] == [
        "Période",
        "Préfecture (%)",
        "Cible (%)",
        "Valeur nationale (%)",
        "Variation habituelle",
        "Remarque",
    ]
    usual = "jusqu’à 80\u00a0%"
    assert figure.rows[0] == ("mois 0", "50", "60", "55", usual, "événement\u00a01")
    assert figure.rows[1] == ("mois 1", "60", "70", "", usual, "")
    assert figure.rows[2][-1].replace("\u00a0", " ") == "signal ; événement 2 ; événement 3"


def test_limits_by_stretch_and_a_target_in_words() -> None:
    figure = draw(
        line_chart(
            *(D("0.5"), D("0.52"), D("0.8"), D("0.82")),
            target=D("0.85"),
            target_texts=["plus de 85 %"] * 4,
            limits=[
                Limits(D("0.45"), D("0.57"), mean=D("0.51"), stop=2),
                Limits(D("0.75"), None, "Variation depuis mars", D("0.81"), "81 %", start=2),
            ],
        )
    )
    said = texts(figure.wide)
    assert "Cible : plus de 85 %" in said
    assert "Niveau moyen : 51 %, puis 81 %" in said
    assert "Variation depuis mars : à partir de 75 %" in said
    bands = [
        item for item in tree(figure.wide).iter(f"{SVG}rect") if item.attrib["fill"] == "#e3e3fd"
    ]
    first, second = ((float(item.attrib["x"]), float(item.attrib["width"])) for item in bands)
    assert first[0] + first[1] == pytest.approx(second[0], abs=0.1)
    assert [row[3] for row in figure.rows] == [
        *["de 45\u00a0% à 57\u00a0%"] * 2,
        *["à partir de 75\u00a0%"] * 2,
    ]


def test_a_strict_target_is_written_under_the_bars() -> None:
    bars = [Bar("Titres", D("0.08")), Bar("Cabinet", D("0.12"))]
    chart = BarChart(key="a", question="?", bars=bars, target=D("0.1"), target_text="moins de 10 %")
    assert "Cible : moins de 10 %" in texts(draw(chart).wide)


def test_columns_of_figures_keep_the_same_decimals() -> None:
    figure = draw(line_chart(D("0.9516"), D("0.94")))
    assert [row[1] for row in figure.rows] == ["95,16", "94,00"]


def test_the_description_says_what_the_eye_sees() -> None:
    svg = draw(line_chart(D("0.5"), D("0.4"), D("0.9"), target=D("0.6"))).wide
    described = (tree(svg).findtext(f"{SVG}desc") or "").replace("\u00a0", " ")
    assert described == (
        "mois 0 : 50 %. mois 2 : 90 %. Le plus bas : 40 % (mois 1) ; le plus haut : 90 % (mois 2). "
        "Cible : 60 %."
    )
    empty = draw(line_chart(None, None)).wide
    assert tree(empty).findtext(f"{SVG}desc") == "Aucune valeur mesurée."


def test_bars_shares_and_intervals_in_their_tables() -> None:
    bars = BarChart(
        key="a",
        question="?",
        bars=[Bar("Titres", D("0.9")), Bar("Cabinet", None, Missing.TOO_FEW, note="à suivre")],
    )
    assert draw(bars).rows == (
        ("Titres", "90", ""),
        ("Cabinet", "effectif trop faible", "à suivre"),
    )
    shares = ShareChart(
        key="a",
        question="?",
        categories=("Oui", "Non"),
        shares=[Share("Accueil", (104, 96)), Share("Courrier", (0, 0))],
    )
    assert [tuple(cell.replace("\u00a0", " ") for cell in row) for row in draw(shares).rows] == [
        ("Accueil", "52 % (104)", "48 % (96)", "200"),
        ("Courrier", "non mesuré", "non mesuré", "0"),
    ]
    intervals = IntervalChart(
        key="a",
        question="?",
        intervals=[Interval("Vague 1", D("0.52"), D("0.45104"), D("0.58821"), 200)],
    )
    assert [cell.replace("\u00a0", " ") for cell in draw(intervals).rows[0]] == [
        "Vague 1",
        "52",
        "de 45,1 à 58,8",
        "200",
    ]


def test_bars_start_at_zero_and_keep_their_proportions() -> None:
    chart = BarChart(
        key="a", question="?", unit=Unit.DAYS, bars=[Bar("A", 10), Bar("B", 20), Bar("C", 0)]
    )
    widths = [
        float(item.attrib["width"])
        for item in tree(draw(chart).wide).iter(f"{SVG}rect")
        if item.attrib["fill"] == "#000091"
    ]
    assert widths[0] == pytest.approx(widths[1] / 2, abs=0.1)
    assert widths[2] == 0


# --- Safe, legible, the same everywhere ---------------------------------------------------------


EMPTY: list[Chart] = [
    LineChart(key="vide", question="?"),
    BarChart(key="vide", question="?"),
    BarChart(key="vide", question="?", vertical=True),
    ShareChart(key="vide", question="?", categories=("Oui", "Non")),
    IntervalChart(key="vide", question="?"),
    LineChart(key="vide", question="?", points=[Point("2021", D("0.5"))]),
    BarChart(key="vide", question="?", vertical=True, bars=[Bar("2021", 3)], unit=Unit.COUNT),
]


@pytest.mark.parametrize("chart", EMPTY, ids=lambda chart: type(chart).__name__)
def test_an_empty_chart_is_drawn(chart) -> None:
    figure = draw(chart)
    assert tree(figure.wide).tag == tree(figure.narrow).tag == f"{SVG}svg"


@pytest.mark.parametrize("figure", figures(), ids=lambda figure: figure.key)
def test_no_text_leaves_the_sheet_nor_touches_another(figure) -> None:
    for svg, layout in ((figure.wide, WIDE), (figure.narrow, NARROW)):
        boxes = []
        for item in tree(svg).iter(f"{SVG}text"):
            width = text_width(item.text or "", layout.size)
            shift = {"middle": width / 2, "end": width}.get(item.get("text-anchor", ""), 0)
            left, base = float(item.attrib["x"]) - shift, float(item.attrib["y"])
            boxes.append((left, base - layout.size * 0.7, left + width, base, item.text))
        height = float(tree(svg).attrib["viewBox"].split()[3])
        for left, top, right, bottom, text in boxes:
            assert left >= -0.1, text
            assert right <= layout.width + 0.1, text
            assert top >= 0, text
            assert bottom <= height, text
        for rank, one in enumerate(boxes):
            for two in boxes[rank + 1 :]:
                apart = (
                    one[2] <= two[0] + 0.1
                    or two[2] <= one[0] + 0.1
                    or one[3] <= two[1]
                    or two[3] <= one[1]
                )
                assert apart, (one[4], two[4])


def test_letters_are_twelve_pixels_at_least() -> None:
    css = (WIDE, 620), (NARROW, 288)  # static/css/charts.css; a screen of 320 px
    assert [layout.size * width / layout.width >= 12 for layout, width in css] == [True, True]


@pytest.mark.parametrize("colours", SHARES.values(), ids=len)
def test_neighbouring_parts_differ_in_grey_and_letters_are_read_on_them(colours) -> None:
    def channels(colour: str) -> list[int]:
        return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]

    def grey(colour: str) -> float:
        red, green, blue = channels(colour)
        return 0.299 * red + 0.587 * green + 0.114 * blue

    def luminance(colour: str) -> float:
        linear = [
            c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4
            for c in (value / 255 for value in channels(colour))
        ]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    greys = [grey(colour) for colour in colours]
    assert min(abs(a - b) for a, b in zip(greys, greys[1:], strict=False)) > 35
    ordered = sorted(greys)
    assert min(b - a for a, b in zip(ordered, ordered[1:], strict=False)) > 15
    for colour in colours:
        letters = 1.0 if colour in DARK else luminance("#161616")
        high, low = sorted((letters, luminance(colour)), reverse=True)
        assert (high + 0.05) / (low + 0.05) >= 4.5, colour


def test_nothing_typed_becomes_markup() -> None:
    nasty = '</text><script>alert("x")</script>'
    figure = draw(
        LineChart(
            key="essai",
            question=nasty,
            name=nasty,
            points=[Point(nasty, D("0.5")), Point("b", None)],
        )
    )
    for svg in (figure.wide, figure.narrow):
        assert {item.tag.removeprefix(SVG) for item in tree(svg).iter()} <= {
            "svg", "title", "desc", "text", "line", "rect", "circle", "polyline", "polygon",
        }  # fmt: skip
        assert "<script" not in svg
    html = Template("{% load charts %}{% chart figure %}").render(Context({"figure": figure}))
    assert "<script" not in html


@pytest.mark.parametrize("figure", figures(), ids=lambda figure: figure.key)
def test_the_two_drawings_are_named_apart_and_carry_no_style(figure) -> None:
    html = Template("{% load charts %}{% chart figure %}").render(Context({"figure": figure}))
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids)) == 5
    named = re.findall(r'aria-labelledby="([^"]+)"', html)
    assert {name for names in named for name in names.split()} == set(ids)
    assert html.count('role="img"') == 2
    assert not re.search(r"\sstyle=|<style|\son\w+=", html)


@pytest.mark.parametrize("figure", figures(), ids=lambda figure: figure.key)
def test_a_frozen_figure_shows_the_same(figure) -> None:
    template = Template("{% load charts %}{% chart figure on_paper=True %}")
    drawn = template.render(Context({"figure": figure}))
    frozen = json.loads(json.dumps(asdict(figure)))
    assert template.render(Context({"figure": frozen})) == drawn
    assert "<details" not in drawn
    assert drawn.count("<tr>") == len(figure.rows) + 1


def test_sparkline() -> None:
    svg = sparkline("appels", "Appels <b>", spark_values(), Unit.PERCENT, target=D("0.85"))
    assert tree(svg).findtext(f"{SVG}title") == "Appels <b>"
    described = (tree(svg).findtext(f"{SVG}desc") or "").replace("\u00a0", " ")
    assert described == "De 81 % à 93 %."
    assert len(list(tree(svg).iter(f"{SVG}polyline"))) == 3
    empty = sparkline("vide", "Rien", [None, None], Unit.DAYS)
    assert tree(empty).findtext(f"{SVG}desc") == "Sans valeur."


@pytest.mark.parametrize(
    "make",
    [
        lambda: LineChart(key="Pas un slug", question="?"),
        lambda: LineChart(key="a", question="?", unit="heures"),
        lambda: line_chart(1, 2, comparison=[1]),
        lambda: line_chart(1, 2, target=[1]),
        lambda: line_chart(1, 2, target_texts=["au plus 1"]),
        lambda: line_chart(1, 2, limits=[Limits(0, 1, start=2)]),
        lambda: line_chart(1, 2, events=[Event(2, "trop loin")]),
        lambda: line_chart(1, 2, signals=frozenset({-1})),
        lambda: ShareChart(key="a", question="?", categories=("seule",)),
        lambda: ShareChart(
            key="a", question="?", categories=("Oui", "Non"), shares=[Share("Accueil", (1,))]
        ),
    ],
)
def test_a_chart_that_does_not_hold_together_is_refused(make) -> None:
    with pytest.raises(ValueError, match=r"."):
        make()


def test_only_charts_are_drawn() -> None:
    with pytest.raises(TypeError, match="Chart"):
        draw(Chart(key="a", question="?"))


@pytest.mark.parametrize("face", ["Regular", "Bold"])
def test_the_widths_are_never_less_than_those_of_the_font(face) -> None:
    font = TTFont(finders.find(f"dsfr/dist/fonts/Marianne-{face}.woff2"))
    glyphs, advances = font.getBestCmap(), font["hmtx"]
    short = {
        char: (real, width)
        for char, width in _WIDTHS.items()
        if (real := advances[glyphs[ord(char)]][0] / 10) > width + 1
    }
    assert short == {}
    assert max(advances[glyphs[ord(char)]][0] / 10 for char in "ÆŸ#&@…") <= 110
