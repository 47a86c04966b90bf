"""One of each chart for the developers' catalogue; invented figures, and all that goes wrong."""

from decimal import Decimal

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
from common.charts.figure import Figure, draw
from common.numbers import Missing, Unit
from common.typography import MONTHS


_SOURCE = "données inventées pour ce catalogue."
_MONTHLY = (
    *(81, 79, 83, 80, 82, 78, None, 81, 84, 80, 79, 82),
    *(83, 81, None, None, 80, 84, 82, 79, 83, 85, 81, 80),
    *(82, 84, 86, 83, 87, 88, 86, 89, 88, 90, 91, 93),
)
_SHORT = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.")
_LONG_NAME = (
    "Direction de la citoyenneté et de la légalité, bureau de l’accueil et du séjour des personnes "
    "étrangères, guichet de Romorantin"
)


def figures() -> list[Figure]:
    """Return every chart, drawn."""
    return [draw(chart) for chart in (_calls(), _delays(), _services(), _shares(), _surveys())]


def spark_values() -> list[Decimal | None]:
    return [None if value is None else Decimal(value) / 100 for value in _MONTHLY]


def _calls() -> Chart:
    shorts = (*_SHORT, "oct.", "nov.", "déc.")
    points = [
        Point(
            f"{MONTHS[rank % 12]} {2021 + rank // 12}",
            None if value is None else Decimal(value) / 100,
            f"{shorts[rank % 12]} {2021 + rank // 12}",
        )
        for rank, value in enumerate(_MONTHLY)
    ]
    return LineChart(
        key="catalogue-appels",
        question="Les appels sont-ils décrochés ?",
        conclusion="Oui : 93 % en décembre 2023, et ce mouvement est un signal.",
        source=_SOURCE,
        points=points,
        target=[Decimal("0.8")] * 18 + [Decimal("0.85")] * 18,
        comparison=[Decimal("0.78") + Decimal(rank) / 1000 for rank in range(36)],
        limits=[
            Limits(Decimal("0.757"), Decimal("0.857"), mean=Decimal("0.807"), stop=26),
            Limits(
                Decimal("0.815"),
                Decimal("0.92"),
                label="Variation habituelle depuis mars 2023",
                mean=Decimal("0.868"),
                start=26,
            ),
        ],
        events=[
            Event(24, "deux agents de plus au standard", "2 janvier 2023"),
            Event(
                24,
                "nouvelle règle de décompte : les appels de moins de dix secondes ne comptent plus",
            ),
            Event(25, "enquête de satisfaction", "13 février 2023"),
            Event(6, "panne de l’autocommutateur", "juillet 2021"),
        ],
        signals=frozenset({33, 34, 35}),
    )


def _delays() -> Chart:
    values = (18, 16, Decimal("14.5"), None, 13, 12, 9)
    return BarChart(
        key="catalogue-delais",
        question="En combien de jours répond-on à une réclamation ?",
        source=_SOURCE,
        unit=Unit.WORKING_DAYS,
        row_label="Trimestre",
        name="Délai moyen",
        vertical=True,
        target=15,
        bars=[
            Bar(f"T{rank % 4 + 1} {2021 + rank // 4}", value, Missing.NOT_APPLICABLE)
            for rank, value in enumerate(values)
        ],
    )


def _services() -> Chart:
    return BarChart(
        key="catalogue-services",
        question="Quel service répond dans les délais ?",
        source=_SOURCE,
        name="Courriels traités à temps",
        target=Decimal("0.85"),
        bars=[
            Bar("Bureau des élections", Decimal("0.972")),
            Bar(_LONG_NAME, Decimal("0.524"), note="à surveiller"),
            Bar("Cabinet", None, Missing.TOO_FEW),
            Bar("Bureau des titres", Decimal("0.86")),
            Bar("Ensemble", Decimal("0.8105"), is_total=True),
        ],
    )


def _shares() -> Chart:
    return ShareChart(
        key="catalogue-reponses",
        question="Que répondent les usagers, question par question ?",
        source=_SOURCE,
        categories=("Très satisfaits", "Satisfaits", "Peu satisfaits", "Pas du tout satisfaits"),
        shares=[
            Share("Accueil au guichet", (96, 80, 18, 6)),
            Share("Délai d’obtention d’un rendez-vous pour les étrangers", (34, 70, 61, 35)),
            Share("Courrier", (0, 0, 0, 0), Missing.NOT_MEASURED),
        ],
    )


def _surveys() -> Chart:
    return IntervalChart(
        key="catalogue-vagues",
        question="La satisfaction a-t-elle changé d’une vague à l’autre ?",
        source=_SOURCE,
        row_label="Vague",
        name="Satisfaits",
        target=Decimal("0.7"),
        intervals=[
            Interval("Décembre 2021", Decimal("0.52"), Decimal("0.45104"), Decimal("0.58821"), 200),
            Interval("Juin 2022", Decimal("0.62778"), Decimal("0.5552"), Decimal("0.695"), 180),
            Interval("Décembre 2022", None, size=7, missing=Missing.TOO_FEW),
        ],
    )
