"""One figure, the same everywhere: a small history walked through every page, file and document.

Several services and sites, rates, a mean, a count, a strict target, « non mesuré », « sans objet », a
missing part, rates that do not add up, a figure that is not validated yet.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Site
from indicators.action_sources import FigureSource, SeriesSource
from indicators.enums import (
    Aggregation,
    Direction,
    FigureOrigin,
    Level,
    MeasureState,
    MeasureStatus,
    TargetKind,
    Unit,
)
from indicators.models import Measure, Target
from indicators.reading.periods import Period
from indicators.services.measures import MeasureRow, record_measures
from tests.cast import Cast
from tests.indicators.builders import make_indicator
from tests.indicators.everywhere import (
    FORMATS,
    Pages,
    Told,
    label,
    minutes,
    number,
    pilote,
    preview,
    told_of,
    words,
)


pytestmark = pytest.mark.django_db
MET, BELOW, WATCH, NONE = "Cible atteinte", "Cible non atteinte", "À surveiller", "Sans cible"
OLD, T3, T4 = "2020-T4", "2021-T3", "2021-T4"
# A name as nobody should give: it is a text everywhere.
HOSTILE = "=Étrangers <b>& co"
ONE, TWO = "Calculé sur 1 des 2 services. Manque : ", " (non mesuré)."
UNCOUNTED = "il manque le nombre de cas : un taux seul ne s’additionne pas"
# (indicator, place) → what is told of each period: value, parts, what it lacks, state. Written by hand.
EXPECTED: dict[tuple[str, str], dict[str, Told]] = {
    ("PERDU", ""): {
        OLD: ("9,46 %", "193 sur 2 041", "", MET),
        T3: ("9,99 %", "999 sur 10 000", "", MET),
        T4: ("10,00 %", "100 sur 1 000", "", BELOW),
    },
    ("MAIL", ""): {
        OLD: ("50,0 %", "10 sur 20", "", BELOW),
        T3: ("90,0 %", "9 sur 10", ONE + HOSTILE + TWO, MET),
        T4: ("76,67 %", "23 sur 30", "", WATCH),
    },
    ("MAIL", "accueil"): {
        OLD: ("90,0 %", "9 sur 10", "", MET),
        T3: ("90,0 %", "9 sur 10", "", MET),
        T4: ("80,0 %", "16 sur 20", "", MET),
    },
    ("MAIL", "hostile"): {
        OLD: ("10,0 %", "1 sur 10", "", BELOW),
        T3: ("non mesuré", "", "", "Non mesuré"),
        T4: ("70,0 %", "7 sur 10", "", WATCH),
    },
    ("NB", ""): {
        T3: ("1 234 567", "", "", NONE),
        T4: ("1 300", "", "", NONE),
    },
    ("ATTENTE", ""): {
        T3: ("12,3 jours", "1 234,6 sur 100", "", BELOW),
        T4: ("1,0 jour", "201 sur 201", "", MET),
    },
    ("RATE", ""): {
        T3: ("7,5/10", "", "", NONE),
        T4: ("non mesuré", "", "", "Non mesuré"),
    },
    ("OUT", ""): {
        T3: ("3 minutes", "", "", NONE),
        T4: ("sans objet", "", "", "Sans objet"),
    },
    ("SEULS", ""): {
        T3: ("50 %", "1 sur 2", "", NONE),
        T4: (
            "données incomplètes",
            "",
            f"Aucun total : {HOSTILE} ({UNCOUNTED}), Accueil du public (SAP) ({UNCOUNTED}).",
            "Données incomplètes",
        ),
    },
}  # fmt: skip
# What an auditor reads otherwise: the figure of one service is not validated.
AUDITED = {
    **EXPECTED,
    ("MAIL", ""): {
        **EXPECTED["MAIL", ""],
        T4: ("80,0 %", "16 sur 20", ONE + HOSTILE + TWO, MET),
    },
    ("MAIL", "hostile"): {**EXPECTED["MAIL", "hostile"], T4: ("non mesuré", "", "", "Non mesuré")},
}


class Scene:
    """The history, and the keys of its places."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        other = cast.prefecture.services.create(name=HOSTILE)
        site = Site.objects.get(prefecture=cast.prefecture)
        annexe = Site.objects.create(prefecture=cast.prefecture, name="Annexe")
        self.places = {
            "": "",
            "accueil": f"service:{cast.service.pk}",
            "hostile": f"service:{other.pk}",
            "site": f"site:{site.pk}",
            "annexe": f"site:{annexe.pk}",
        }
        rate, days = {"decimals": 1, "level": Level.SERVICE}, {"level": Level.SITE, "decimals": 1}
        alone = {"aggregation": Aggregation.RATIO, "numerator_label": "", "denominator_label": ""}
        none = Direction.NONE
        self.define("PERDU", decimals=2, direction=Direction.DOWN)
        self.define(
            "MAIL",
            numerator_label="Dossiers clos",
            denominator_label="Dossiers ouverts",
            **rate,
        )
        self.define("NB", **alone | {"aggregation": Aggregation.SUM, "level": Level.SERVICE},
                    unit=Unit.COUNT, direction=none)  # fmt: skip
        self.define("ATTENTE", unit=Unit.DAYS, direction=Direction.DOWN, **days)
        self.define("RATE", unit=Unit.MARK10, **alone)
        self.define("OUT", unit=Unit.MINUTES, direction=Direction.DOWN, **alone)
        self.define("SEULS", level=Level.SERVICE)
        self.fill()
        self.aim()

    def define(self, code: str, **fields: Any) -> None:
        rank = len(getattr(self, "codes", ()))
        self.codes = [*getattr(self, "codes", ()), code]
        make_indicator(code, position=rank, label=f"Mesure {code}", **fields)

    def fill(self) -> None:
        self.put("PERDU", OLD, over="193/2041")
        self.put("PERDU", T3, over="999/10000")
        self.put("PERDU", T4, over="100/1000")
        for code, mine, theirs in ((OLD, "9/10", "1/10"), (T3, "9/10", ""), (T4, "16/20", "7/10")):
            self.put("MAIL", code, "accueil", over=mine)
            if theirs:
                self.put("MAIL", code, "hostile", over=theirs)
        for code, mine, theirs in ((T3, "1234000", "567"), (T4, "1000", "300")):
            self.put("NB", code, "accueil", value=mine)
            self.put("NB", code, "hostile", value=theirs)
        self.put("ATTENTE", T3, "site", over="1000.003/60")
        self.put("ATTENTE", T3, "annexe", over="234.564/40")
        self.put("ATTENTE", T4, "site", over="200/200")
        self.put("ATTENTE", T4, "annexe", over="1/1")
        self.put("RATE", T3, value="7.5")
        self.put("RATE", T4, status=MeasureStatus.NOT_MEASURED)
        self.put("OUT", T3, value="3")
        self.put("OUT", T4, status=MeasureStatus.NOT_APPLICABLE)
        for place in ("accueil", "hostile"):
            self.put("SEULS", T3, place, over="1/2" if place == "accueil" else "")
            self.put("SEULS", T4, place, value="0.5")
        Measure.objects.exclude(
            indicator__code="MAIL", service__name=HOSTILE, period=T4
        ).update(state=MeasureState.VALIDATED)  # fmt: skip

    def put(self, code: str, period: str, place: str = "", **told: Any) -> None:
        over, value = told.pop("over", None), told.pop("value", None)
        if over == "":
            return
        days = Period.from_code(period)
        family, _, key = self.places[place].partition(":")
        where = {f"{family}_id": int(key)} if key else {}
        top, _, bottom = (over or "").partition("/")
        numbers = {"numerator": Decimal(top), "denominator": Decimal(bottom)} if over else {}
        numbers |= {"value": Decimal(value)} if value else {}
        row = MeasureRow(
            make_indicator(code).pk, period, days.start, days.end, **numbers, **where, **told
        )
        record_measures(
            prefecture=self.cast.prefecture, rows=[row], by=None, origin=FigureOrigin.HAND
        )

    def aim(self) -> None:
        """National targets; « moins de 10 % » of calls lost."""
        for code, kind, value, strict in (
            ("PERDU", TargetKind.TARGET, "0.1", True),
            ("MAIL", TargetKind.TARGET, "0.8", False),
            ("MAIL", TargetKind.ALERT, "0.7", False),
            ("ATTENTE", TargetKind.TARGET, "10", False),
        ):
            Target.objects.create(
                indicator=make_indicator(code), kind=kind, value=Decimal(value), is_strict=strict,
                starts_on=date(2019, 1, 1), source="Instruction",
            )  # fmt: skip


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return Scene(cast)


def last(told: dict[str, Told]) -> tuple[str, Told]:
    """Return the last period that has a value, and what is told of it."""
    return [(code, item) for code, item in told.items() if item[0][0].isdigit()][-1]


@pytest.mark.parametrize(
    ("who", "expected"), [("referente", EXPECTED), ("auditeur", AUDITED), ("prefet", EXPECTED)]
)
def test_list_page_files_and_paper_say_the_same(
    scene: Scene, who: str, expected: dict[tuple[str, str], dict[str, Told]]
) -> None:
    pages = Pages(scene.cast, who)
    subject = f"{scene.cast.prefecture.pk}"
    ending = ":valide" if who == "auditeur" else ""
    listed, printed = pages.listed(), pages.printed_list(subject + ending)
    for (code, place), told in expected.items():
        key = scene.places[place]
        by_label = {label(period): item for period, item in told.items()}
        assert_points(pages.page(code, key), by_label)
        assert_points(pages.page(code, key, whole=True), by_label)
        for fmt in FORMATS:
            assert_files(pages.page_in_file(code, fmt, key), told)
        if place:
            continue
        assert_points(pages.printed_sheet(f"{subject}:{code}{ending}"), by_label)
        period, (value, _, gap, state) = last(told)
        summary = (value, label(period), gap.partition(". ")[0], state)
        assert (listed[code], printed[code]) == (summary, summary)
    assert_list_files(pages, expected)


def assert_points(shown: dict[str, Told], told: dict[str, Told]) -> None:
    assert {period: shown[period] for period in told} == told


def assert_files(rows: list[dict[str, Any]], told: dict[str, Told]) -> None:
    by_period = {row["Période"]: row for row in rows}
    for period, (value, ratio, gap, state) in told.items():
        row = by_period[period]
        assert number(row["Valeur"]) == number(value)
        assert (row["Si pas de valeur"] or "") == ("" if number(value) is not None else value)
        top, _, bottom = ratio.partition(" sur ")
        # A count that is summed has no parts of its own.
        assert (number(row["Numérateur"]), number(row["Dénominateur"])) == (
            number(top),
            number(bottom),
        )
        assert (words(row["Ce qui manque"] or ""), row["État"]) == (gap, state)


def assert_list_files(pages: Pages, expected: dict[tuple[str, str], dict[str, Told]]) -> None:
    for fmt in FORMATS:
        rows = pages.listed_in_file(fmt)
        for (code, place), told in expected.items():
            if place:
                continue
            period, (value, _, gap, state) = last(told)
            row = rows[code]
            assert (number(row["Valeur"]), row["Période"]) == (number(value), period)
            assert (words(row["Ce qui manque"] or ""), row["État"]) == (gap, state)
            if fmt == "csv":  # the decimals of the page too
                assert words(value).startswith(row["Valeur"]) or " " in value.split("%")[0]


def test_service_alone_reads_alike_in_the_list_and_on_its_page(scene: Scene) -> None:
    pages = Pages(scene.cast, "referente")
    for place in ("accueil", "hostile"):
        service = scene.places[place].partition(":")[2]
        period, (value, _, _, state) = last(EXPECTED["MAIL", place])
        assert pages.listed(service=service)["MAIL"] == (value, label(period), "", state)
        for fmt in FORMATS:
            row = pages.listed_in_file(fmt, service=service)["MAIL"]
            assert (number(row["Valeur"]), row["État"]) == (number(value), state)
    # The name of the place is a text: no formula, no markup.
    url = reverse("indicators:points_export", args=["MAIL", "csv"])
    assert f";'{HOSTILE};" in pages.client.get(url, {"lieu": scene.places["hostile"]}).text
    page = pages.client.get(reverse("indicators:figure_detail", args=["MAIL"])).text
    assert ("Étrangers &lt;b&gt;" in page, "Étrangers <b>" in page) == (True, False)


def test_committee_actions_ministry_and_pilote_say_the_same(scene: Scene) -> None:
    pages, scope = Pages(scene.cast, "referente"), scene.cast.scope("referente")
    points, section = pages.strengths(T4), minutes(scene.cast)
    judged = {code: EXPECTED[code, ""][T4] for code in ("PERDU", "MAIL", "ATTENTE")}
    assert points.keys() == section.keys() == {f"Mesure {code}" for code in judged}
    for code, (value, _, _, state) in judged.items():
        sentence, badge = points[f"Mesure {code}"]
        pending = ", pas encore validé" if code == "MAIL" else ""
        assert section[f"Mesure {code}"] == (value, f"{state}{pending}")
        assert (sentence.startswith(f"{value} au {label(T4)}"), badge) == (True, state)
    # The action plan: origins, and measures of effect.
    for (code, place), told in EXPECTED.items():
        period, (value, *_) = last(told)
        key = ":".join(part for part in (code, period, scene.places[place]) if part)
        fact = FigureSource().describe(scope, [key])[key]
        assert words(fact.detail).split(", cible")[0] == value
    for measured in SeriesSource().search(scope, "", limit=50):
        code, _, place = measured.reference.partition(":")
        names = {key: name for name, key in scene.places.items()}
        if measured.latest and (code, names[place]) in EXPECTED:
            period, (value, *_) = last(EXPECTED[code, names[place]])
            points_of = 100 if measured.unit == Unit.PERCENT else 1
            shown = round(measured.latest.value * points_of, 2 if points_of == 100 else 1)
            assert (words(measured.latest.label), shown) == (label(period), number(value))
    # The ministry reads what was validated; so does PILOTE, which leaves out what lacks a part.
    ministry, sent = Pages(scene.cast, "national"), pilote()
    for code in ("PERDU", "MAIL", "ATTENTE"):
        told = AUDITED[code, ""]
        for period, (value, ratio, gap, state) in told.items():
            (line,) = (
                item for name, item in ministry.national(code, period).items() if "Loir" in name
            )
            assert line == (value, ratio, state)
            day = Period.from_code(period).end.isoformat()
            figure = sent.get((code, day))
            assert (figure is None) == bool(gap)
            if figure:
                exact = Decimal(figure).quantize(Decimal(1).scaleb(-2 if "%" in value else -1))
                assert exact == number(value)


def test_file_that_holds_the_same_figures_changes_nothing(scene: Scene, tmp_path: Path) -> None:
    """Parts and rounded rates as the pages write them, one file for each service."""
    for place, name in (("accueil", "SAP"), ("hostile", HOSTILE)):
        lines = ["Service;Trimestre;Dossiers ouverts;Dossiers clos;Mesure MAIL"]
        kept = {code: told for code, told in EXPECTED["MAIL", place].items() if told[1]}
        for code, (value, ratio, *_) in kept.items():
            top, _, bottom = ratio.partition(" sur ")
            lines.append(f"{name};{code[5:]} {code[:4]};{bottom};{top};{value}")
        rows = preview(tmp_path / f"{place}.csv", "\n".join(lines) + "\n")
        told = [
            (row["period"], Decimal(str(row["value"])), row["numerator"], row["status"])
            for row in rows
        ]
        assert told == [
            (code, number(value), int(ratio.split(" ")[0]), "unchanged")
            for code, (value, ratio, *_) in kept.items()
        ]


@pytest.mark.parametrize("fmt", FORMATS)
def test_our_own_table_given_back_changes_nothing(scene: Scene, tmp_path: Path, fmt: str) -> None:
    """A total is left out: it is made of the figures of its services."""
    pages = Pages(scene.cast, "referente")
    for code, place in EXPECTED:
        path = tmp_path / f"{code}-{place}.{fmt}"
        path.write_bytes(pages.page_as_file(code, fmt, scene.places[place]))
        for row in told_of(path):
            is_total = "Ces totaux sont calculés" in row["reason"]
            assert row["status"] == ("refused" if is_total else "unchanged"), row
