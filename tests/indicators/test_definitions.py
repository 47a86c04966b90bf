"""Definitions of the référentiel files: read, refused, loaded, amended; the guide is true."""

import json
import re
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from indicators.enums import Aggregation, Level, Periodicity, Unit
from indicators.models import Indicator, Target
from indicators.registry import dated_events
from indicators.services.targets import update_target
from modules import services
from modules.enums import Certainty
from modules.referential_files import SHIPPED, parse, read, shipped_in_order
from modules.referential_files_entries import ReferentialFileError
from modules.referential_parts import Counts
from tests.cast import Cast
from tests.indicators.builders import make_measure
from tests.modules.examples import MAPPING, small_text


GUIDE = Path(settings.BASE_DIR) / "docs" / "how-to" / "indicator.md"
BLOCK = """\
indicators:
  - code: ESSAI
    label: Appels décrochés
    numerator: Appels décrochés
    denominator: Appels reçus
    unit: percent
    direction: up
    periodicity: month
    level: prefecture
    aggregation: ratio
    counting_rule: Dès la première sonnerie.
    decimals: 2
    synonyms: [Décroché]
    source: Charte
    certainty: to_confirm
    targets:
      - kind: target
        value: 85,5 %
        starts_on: 2020-01-01
        ends_on: 2020-12-31
        source: Charte
        certainty: to_confirm
"""


def load(text: str) -> Counts:
    return services.import_referential(text=text).parts["indicators"]


def faults(text: str) -> str:
    with pytest.raises(ReferentialFileError) as error:
        parse(text)
    return str(error.value)


# --- The shipped files ------------------------------------------------------------------------
CATALOGUE = (
    "TEL-ABOUTI TEL-PERDU TEL-AGENT TEL-GLOBAL ECR-MAIL ECR-COUR ECR-AR REC-DELAI REC-NB ATT-GUICHET "
    "RDV-ETR TIT-CNIPASS TIT-PERMIS TIT-CIV TIT-SEJ SAT-TITRES SAT-GLOB SAT-ITEM DEM-8 DEM-DELAI "
    "WEB-VISITES PAN-FREQ MYST COL-DELAI CRI-CELL CRI-EXO PPI"
)


def test_the_shipped_files_hold_the_whole_catalogue() -> None:
    found = {item.code: item for _, e in shipped_in_order() for item in e.parts["indicators"]}
    assert set(CATALOGUE.split()) <= set(found)
    assert "rendez-vous en mairie" in found["TIT-CNIPASS"].counting_rule
    lost = found["TEL-PERDU"].targets[0]
    assert (lost.value, lost.is_strict) == (Decimal("0.1"), True)  # « moins de 10 % »
    assert found["TEL-AGENT"].targets[0].value == Decimal("0.85")
    # What was not found stays blank.
    assert [c for c, item in found.items() if item.targets] == [
        "TEL-PERDU",
        "MYST",
        "PPI",
        "TEL-AGENT",
    ]
    # Every name under which a figure is met leads to one indicator only.
    names = [name.casefold() for item in found.values() for name in (item.label, *item.synonyms)]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.django_db
def test_the_shipped_files_load_twice_to_the_same() -> None:
    for path, _ in shipped_in_order():
        services.import_referential(text=read(path))
    counts = [
        (Indicator.objects.count(), Indicator.history.count(), Target.history.count())  # type: ignore[attr-defined]
    ]
    again = [services.import_referential(text=read(path)) for path, _ in shipped_in_order()]
    assert all(report.parts["indicators"].created == 0 for report in again)
    assert all(report.parts["indicators"].updated == 0 for report in again)
    counts.append(
        (Indicator.objects.count(), Indicator.history.count(), Target.history.count())  # type: ignore[attr-defined]
    )
    assert counts[0] == counts[1]
    assert counts[0][0] == counts[0][1]


# --- Reading ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("unit: percent", "unit: pour cent", "clé unit : « pour cent » ne convient pas"),
        ("    label:", "    titre:", "clé titre : cette clé n’existe pas"),
        ("value: 85,5 %", "value: 0.855", "attendu : un pourcentage, comme 85 %"),
        ("value: 85,5 %", "value: 85,5 %\n        strict: peut-être", "attendu : true ou false"),
        ("- kind: target", "- strict: true\n        kind: alert", "comprend toujours sa valeur"),
        ("code: ESSAI", "code: essai", "clé code : « essai » ne convient pas"),
        ("ends_on: 2020-12-31", "ends_on: 2019-12-31", "clé ends_on : la fin précède le début"),
        ("    numerator: Appels décrochés\n", "", "numerator et denominator vont ensemble"),
        ("aggregation: ratio", "aggregation: sum", "« sum » ne va qu’avec l’unité « count »"),
        ("direction: up", "direction: none", "n’a ni cible ni seuil"),
        ("    synonyms: [Décroché]", "    synonyms: [A, A]", "« A » y est deux fois"),
    ],
)
def test_faults_are_told_with_their_line(old: str, new: str, expected: str) -> None:
    text = small_text() + BLOCK
    assert text.count(old) == 1
    told = faults(text.replace(old, new))
    assert expected in told
    assert told.startswith("ligne ")


def test_a_code_twice_and_targets_that_meet() -> None:
    twice = BLOCK + BLOCK.partition("\n")[2]
    assert "ce code sert déjà à la ligne" in faults(small_text() + twice)
    target = BLOCK[BLOCK.index("      - kind") :]
    later = target.replace("2020-01-01", "2020-12-31").replace(
        "2020-12-31\n        s", "2021-01-01\n        s"
    )
    assert "valent en même temps" in faults(small_text() + BLOCK + later)


@pytest.mark.django_db
def test_a_commitment_names_known_indicators_only() -> None:
    text = small_text().replace("indicators: [MYST]", "indicators: [INCONNU]")
    with pytest.raises(ReferentialFileError) as error:
        services.import_referential(text=text)
    line = 1 + text[: text.index("- code: E-1")].count("\n")
    assert str(error.value) == (
        f"ligne {line}, engagement E-1, clé indicators : aucun indicateur n’a le code INCONNU. "
        "Définissez-le dans le bloc indicators du fichier."
    )
    assert Indicator.objects.count() == 0
    load(text + BLOCK.replace("ESSAI", "INCONNU"))
    # Loaded once, it is known of the files that follow.
    load(text.replace("essai-1", "essai-9"))


# --- Loading ----------------------------------------------------------------------------------
@pytest.mark.django_db
def test_loaded_then_changed_while_to_confirm() -> None:
    assert load(small_text() + BLOCK).created == 1
    indicator = Indicator.objects.get()
    assert (indicator.unit, indicator.periodicity, indicator.level, indicator.aggregation) == (
        Unit.PERCENT,
        Periodicity.MONTH,
        Level.PREFECTURE,
        Aggregation.RATIO,
    )
    assert (indicator.synonyms, indicator.decimals) == (["Décroché"], 2)
    target = Target.objects.get()
    assert (target.value, target.prefecture, target.ends_on) == (
        Decimal("0.855"),
        None,
        date(2020, 12, 31),
    )
    changed = BLOCK.replace("85,5", "80").replace("label: Appels", "label: Taux d’appels")
    assert load(small_text() + changed).updated == 1
    assert Target.objects.get().value == Decimal("0.8")
    assert Indicator.objects.get().label == "Taux d’appels décrochés"


@pytest.mark.django_db
def test_a_target_edited_in_the_application_outlives_the_file(cast: Cast) -> None:
    load(small_text() + BLOCK)
    target = Target.objects.get()
    target._history_user = cast.user("national")
    update_target(target=target, values={"value": Decimal("0.7")})
    load(small_text() + BLOCK.replace("85,5", "80"))
    assert Target.objects.get().value == Decimal("0.7")


@pytest.mark.django_db
def test_what_is_sourced_never_changes() -> None:
    sourced = BLOCK.replace(
        "source: Charte\n    certainty: to_confirm", "source: Charte\n    certainty: sourced"
    )
    load(small_text() + sourced)
    with pytest.raises(ReferentialFileError, match="« règle de comptage » ne change plus"):
        load(small_text() + sourced.replace("première", "deuxième"))
    assert "première" in Indicator.objects.get().counting_rule
    # Another name under which it is met changes nothing to what it is.
    assert (
        load(small_text() + sourced.replace("[Décroché]", "[Décroché, Appels pris]")).updated == 1
    )
    with pytest.raises(ReferentialFileError, match="cette définition sourcée est déjà publiée"):
        load(small_text())


@pytest.mark.django_db
def test_a_definition_leaves_unless_something_rests_on_it(cast: Cast) -> None:
    load(small_text() + BLOCK)
    assert load(small_text()).removed == 1
    load(small_text() + BLOCK)
    make_measure(cast.prefecture, Indicator.objects.get())
    with pytest.raises(ReferentialFileError, match="des mesures s’y rattachent"):
        load(small_text())


def amended() -> str:
    later = small_text("essai-2").replace("2018-12-19", "2023-06-01")
    block = BLOCK.replace("Dès la première sonnerie", "Hors serveur vocal")
    return later + MAPPING.format(codes="E-1") + block


@pytest.mark.django_db
def test_a_later_referential_amends_and_the_earlier_one_does_not_undo(cast: Cast) -> None:
    load(small_text() + BLOCK)
    assert load(amended()).updated == 1
    indicator = Indicator.objects.get()
    assert (indicator.referential.slug, indicator.counting_rule) == (
        "essai-2",
        "Hors serveur vocal.",
    )
    assert load(small_text() + BLOCK).unchanged == 1
    assert Indicator.objects.get().counting_rule == "Hors serveur vocal."
    days = (date(2023, 1, 1), date(2023, 12, 31))
    events = dated_events(cast.prefecture, indicator, *days)
    assert [(event.happened_on, event.label) for event in events] == [
        (date(2023, 6, 1), "Règle de comptage changée (Essai)")
    ]
    assert dated_events(cast.prefecture, indicator, date(2024, 1, 1), date(2024, 12, 31)) == []


@pytest.mark.django_db
def test_the_comparison_tells_what_is_amended(tmp_path: Path) -> None:
    old, new = tmp_path / "essai-1.yaml", tmp_path / "essai-2.yaml"
    old.write_text(small_text() + BLOCK)
    new.write_text(amended() + BLOCK.partition("\n")[2].replace("ESSAI", "AUTRE"))

    def diff(*names: str) -> Any:
        out = StringIO()
        call_command("referential_diff", *names, "--json", stdout=out)
        return json.loads(out.getvalue())["indicators"]

    expected = {
        "added": [{"name": "AUTRE", "label": "Appels décrochés", "fields": []}],
        "amended": [
            {"name": "ESSAI", "label": "Appels décrochés", "fields": ["règle de comptage"]}
        ],
    }
    assert diff(str(old), str(new)) == expected
    for path in (old, new):
        services.import_referential(text=path.read_text())
    assert diff("essai-1", "essai-2") == expected


# --- Pages and guide --------------------------------------------------------------------------
@pytest.mark.django_db
def test_the_catalogue_says_who_asks(cast: Cast) -> None:
    text = small_text().replace("indicators: [MYST]", "indicators: [ESSAI]")
    load(text + BLOCK.replace("2020-12-31", "2999-12-31"))
    client = cast.client("agent")
    page = client.get(reverse("indicators:definition_list")).content.decode()
    assert "85,5\u00a0%" in page
    assert "E-1" in page
    assert "À confirmer" in page
    nothing = client.get(reverse("indicators:definition_list"), {"q": "introuvable"})
    assert "Aucun indicateur ne répond" in nothing.content.decode()
    one = client.get(reverse("indicators:definition_detail", args=["ESSAI"])).content.decode()
    assert "Dès la première sonnerie" in one
    assert "Accueillir avec courtoisie" in one
    assert client.get(reverse("indicators:definition_detail", args=["RIEN"])).status_code == 404


@pytest.mark.django_db
def test_the_guide_adds_an_indicator_with_no_other_edit(cast: Cast, tmp_path: Path) -> None:
    block = re.search(r"```yaml\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert block is not None
    name = "qual-e-pref-2019.yaml"
    for path, _ in shipped_in_order()[:1]:
        services.import_referential(text=read(path))
    shipped = read(SHIPPED / name)
    path = tmp_path / name
    path.write_text(
        shipped.replace(
            "indicators:\n  - code: TEL-ABOUTI", block[1].rstrip() + "\n  - code: TEL-ABOUTI"
        )
    )
    for command in ("referential_check", "referential_import"):
        out = StringIO()
        call_command(command, str(path), "--json", stdout=out)
    code = re.search(r"code: (\S+)", block[1])
    assert code is not None
    added = Indicator.objects.get(code=code[1])
    page = cast.client("referente").get(reverse("indicators:definition_list"))
    assert added.label in page.content.decode()
    assert added.certainty == Certainty.TO_CONFIRM
