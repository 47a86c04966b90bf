"""Workbooks imported: read, questions answered, applied all or nothing, undone; bad files refused whole."""

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.core.exceptions import ValidationError

from indicators.enums import (
    FigureOrigin,
    ImportEffect,
    ImportState,
    MeasureState,
    MeasureStatus,
    Periodicity,
    Unit,
)
from indicators.import_plan import Decision, Plan
from indicators.import_remarks import remarks_on_periods
from indicators.models import Measure, MeasureImport, MeasureRevision, RememberedLabel
from indicators.selectors.imports import plan_now
from indicators.services import imports as services
from indicators.services.imports import ImportRefusedError
from modules.models import StoredFile
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.indicators.examples_imports import rates, read_file


pytestmark = pytest.mark.django_db
D = Decimal
SHORTER = (
    "« Taux d’appels aboutis » se mesure par trimestre et ce fichier le donne par mois (2 valeurs, "
    "gardées ainsi). Des taux seuls ne s’additionnent pas : la valeur de chaque trimestre restera non "
    "mesurée, sauf si elle est donnée elle-même. Donnez aussi le numérateur et le dénominateur."
)
COUNTED = (
    "« Taux d’appels aboutis » se mesure par trimestre et ce fichier le donne par mois (2 valeurs, "
    "gardées ainsi). La valeur de chaque trimestre sera calculée de ses mois, somme des numérateurs sur "
    "somme des dénominateurs, sauf si elle est donnée elle-même."
)
LONGER = (
    "« Taux d’appels aboutis » se mesure par mois et ce fichier le donne par trimestre (2 valeurs, "
    "gardées ainsi). Une valeur par trimestre ne se répartit pas : les mois qui n’ont pas la leur "
    "restent non mesurés."
)
RATES = "Trimestre;Taux d’appels aboutis\nT4 2021;{}\nT1 2022;91 %\n"


def receive(
    cast: Cast, text: str | bytes, name: str = "telephone.csv", who: str = "referente"
) -> Any:
    make_indicator(label="Taux d’appels aboutis")
    data = text.encode() if isinstance(text, str) else text
    return services.receive_file(
        prefecture=cast.prefecture, file_name=name, data=data, by=cast.user(who)
    )


def apply(cast: Cast, imported: MeasureImport, **decision: Any) -> MeasureImport:
    return services.apply_import(
        imported=imported,
        decision=Decision(**decision),
        fingerprint=plan_now(imported, None).fingerprint,
        service_ids=None,
        by=cast.user("referente"),
    )


def effects(plan: Plan) -> list[tuple[str, str]]:
    return [(row.cell, row.effect.value) for row in plan.everything]


# --- The journey ------------------------------------------------------------------------------
def test_a_file_is_read_then_applied_and_each_figure_knows_its_cell(cast: Cast) -> None:
    imported = receive(cast, RATES.format("95,16 %"))
    assert (imported.state, Measure.objects.count()) == (ImportState.PREVIEW, 0)
    done = apply(cast, imported)
    assert (done.state, done.applied_by) == (ImportState.APPLIED, cast.user("referente"))
    measures = Measure.objects.order_by("period")
    assert [(m.period, m.value, m.cell) for m in measures] == [
        ("2021-T4", D("0.9516"), "B2"),
        ("2022-T1", D("0.91"), "B3"),
    ]
    first = measures[0]
    assert (first.origin, first.imported, first.state) == (
        FigureOrigin.FILE,
        imported,
        MeasureState.ENTERED,
    )
    with imported.stored.file.open("rb") as file:
        assert file.read() == RATES.format("95,16 %").encode()


def test_old_and_new_are_shown_and_the_same_again_changes_nothing(cast: Cast) -> None:
    make_measure(cast.prefecture, make_indicator(label="Taux d’appels aboutis"))
    imported = receive(cast, RATES.format("95 %"))
    plan = plan_now(imported, None)
    assert effects(plan) == [("B2", "changed"), ("B3", "added")]
    assert (plan.rows[0].old_words, plan.rows[0].new_words) == ("90\u00a0%", "95\u00a0%")
    apply(cast, imported)
    again = receive(cast, RATES.format("95 %"))
    assert effects(plan_now(again, None)) == [("B2", "unchanged"), ("B3", "unchanged")]
    assert services.applied_before(again).startswith("Ce fichier a déjà été appliqué le ")
    with pytest.raises(ValidationError, match="rien à appliquer"):
        apply(cast, again)


def test_sent_or_applied_twice_it_is_one_import(cast: Cast) -> None:
    imported = receive(cast, RATES.format("95 %"))
    assert receive(cast, RATES.format("95 %")) == imported
    apply(cast, imported)
    assert apply(cast, imported).state == ImportState.APPLIED
    assert (Measure.objects.count(), MeasureRevision.objects.count()) == (2, 0)


def test_figures_changed_since_the_preview_stop_it(cast: Cast) -> None:
    imported = receive(cast, RATES.format("95 %"))
    seen = plan_now(imported, None).fingerprint
    make_measure(cast.prefecture)
    with pytest.raises(ValidationError, match="ont changé depuis"):
        services.apply_import(
            imported=imported,
            decision=Decision(),
            fingerprint=seen,
            service_ids=None,
            by=cast.user("referente"),
        )
    assert Measure.objects.get().value == D("0.9")


def test_a_validated_figure_is_reopened_with_a_reason_or_left(cast: Cast) -> None:
    make_measure(
        cast.prefecture,
        make_indicator(label="Taux d’appels aboutis"),
        state=MeasureState.VALIDATED,
    )
    imported = receive(cast, RATES.format("95 %"))
    (row,) = plan_now(imported, None).locked
    assert (row.effect, "validée : 90\u00a0%. Elle" in row.reason) == (ImportEffect.REFUSED, True)
    with pytest.raises(ImportRefusedError) as refusal:
        apply(cast, imported)
    assert (list(refusal.value.problems), Measure.objects.count()) == (["reopen"], 1)
    apply(cast, imported, reopen="Erreur de saisie")
    measure = Measure.objects.get(period="2021-T4")
    assert (measure.value, measure.state) == (D("0.95"), MeasureState.ENTERED)
    revision = measure.revisions.get()
    assert (revision.reason, revision.before["state"]) == ("Erreur de saisie", "validated")


def test_a_doubtful_value_needs_a_reason_or_is_left(cast: Cast) -> None:
    imported = receive(cast, RATES.format("107 %"))
    with pytest.raises(ImportRefusedError) as refusal:
        apply(cast, imported)
    assert (list(refusal.value.problems), Measure.objects.count()) == (["doubt-0"], 0)
    apply(cast, imported, reasons={0: "Rattrapage"})
    assert Measure.objects.get(period="2021-T4").doubt == "Rattrapage"
    other = receive(cast, "Trimestre;Taux d’appels aboutis\nT4 2021;108 %\nT2 2022;92 %\n")
    apply(cast, other, skipped=frozenset({0}))
    values = Measure.objects.order_by("period").values_list("value", flat=True)
    assert list(values) == [D("1.07"), D("0.91"), D("0.92")]


# --- Questions --------------------------------------------------------------------------------
def test_an_answer_is_remembered_for_the_next_file_of_that_shape(cast: Cast) -> None:
    text = "Mois;Bidules du standard\n{};95 %\n"
    imported = receive(cast, text.format("01/2021"))
    (question,) = imported.reading["questions"]
    assert effects(plan_now(imported, None)) == [("B2", "question")]
    services.answer_questions(
        imported=imported, answers={question["key"]: "TEL-ABOUTI"}, by=cast.user("referente")
    )
    imported.refresh_from_db()
    assert effects(plan_now(imported, None)) == [("B2", "added")]
    remembered = RememberedLabel.objects.get()
    assert (remembered.label, remembered.meaning) == (question["key"], "TEL-ABOUTI")
    following = receive(cast, text.format("02/2021"))
    assert (following.reading["questions"], effects(plan_now(following, None))) == (
        [],
        [("B2", "added")],
    )


def test_a_year_is_asked_for_each_file(cast: Cast) -> None:
    imported = receive(cast, "Mois;Taux d’appels aboutis\njanvier;95 %\n")
    (question,) = imported.reading["questions"]
    services.answer_questions(
        imported=imported, answers={question["key"]: "2021"}, by=cast.user("referente")
    )
    imported.refresh_from_db()
    assert (plan_now(imported, None).rows[0].period, RememberedLabel.objects.count()) == (
        "2021-01",
        0,
    )


def test_an_unknown_service_stops_it_until_answered_or_left(cast: Cast) -> None:
    text = f"Service;T1 2021\n{cast.service.name};95 %\nMairie de Blois;90 %\n"
    imported = receive(cast, text, "Taux d’appels aboutis.csv")
    assert effects(plan_now(imported, None)) == [("B2", "added"), ("B3", "question")]
    with pytest.raises(ImportRefusedError) as refusal:
        apply(cast, imported)
    assert (list(refusal.value.problems), Measure.objects.count()) == (["leave_out"], 0)
    apply(cast, imported, leave_out=True)
    assert [m.service for m in Measure.objects.all()] == [cast.service]


# --- Who --------------------------------------------------------------------------------------
def test_a_correspondent_imports_figures_of_their_own_services_only(cast: Cast) -> None:
    text = f"Service;T1 2021\n{cast.service.name};95 %\nTotal;90 %\n"
    imported = receive(cast, text, "Taux d’appels aboutis.csv", who="correspondant")
    mine = cast.scope("correspondant").service_ids
    plan = plan_now(imported, mine)
    assert effects(plan) == [("B2", "added"), ("B3", "left_out")]
    assert plan.rows[1].reason == (
        "C’est une mesure de toute la préfecture : vous importez celles de vos services seulement."
    )
    with pytest.raises(ValidationError, match="Seul le référent"):
        services.apply_import(
            imported=imported,
            decision=Decision(reopen="Je veux"),
            fingerprint=None,
            service_ids=mine,
            by=cast.user("correspondant"),
        )
    services.apply_import(
        imported=imported,
        decision=Decision(),
        fingerprint=plan.fingerprint,
        service_ids=mine,
        by=cast.user("correspondant"),
    )
    assert Measure.objects.get().service == cast.service
    assert not MeasureImport.objects.visible_to(cast.scope("other_referent"))


# --- Bad files --------------------------------------------------------------------------------
def _errors_in_formulas() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append(["Mois", "Taux d’appels aboutis"])
    page.append(["01/2021", "#DIV/0!"])
    page["B2"].data_type = "e"
    page.append(["02/2021", 0.95])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b" ", "est vide"),
        (b"a;b\n" + b"1;2\n" * 200_000, "200\u00a0001 lignes"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "mot de passe",
        ),
        (
            "Préfecture de la Loire;\nIndicateur;T1 2021\nTaux d’appels aboutis;95\n".encode(),
            "Loire (42)",
        ),
        (b"Bonjour;le monde\nrien;ici\n", "Aucun tableau de mesures"),
    ],
)
def test_a_file_that_gives_nothing_is_refused_whole(cast: Cast, data: bytes, words: str) -> None:
    imported = receive(cast, data)
    services.read_import(imported.pk)
    imported.refresh_from_db()
    assert (imported.state, imported.stored, StoredFile.objects.count()) == (
        ImportState.FAILED,
        None,
        0,
    )
    assert any(words in message for _, _, message, _ in imported.reading["refusals"])
    with pytest.raises(ValidationError, match="abandonné ou annulé"):
        apply(cast, imported)


@pytest.mark.parametrize(
    ("data", "refused", "words"),
    [
        (_errors_in_formulas(), ["B2"], "La formule de cette cellule est en erreur (#DIV/0!)"),
        (
            "Mois;Taux d’appels aboutis;Tx appels aboutis (%)\n01/2021;95;94\n02/2021;96;96\n",
            ["B2", "C2"],
            "avec des valeurs différentes",
        ),
        (
            "Mois;Taux d’appels aboutis\njanvier 2021;92 %\njanv.-21;93 %\nfévrier 2021;95 %\n",
            ["B2", "B3"],
            "B3 (93 %)",
        ),
    ],
)
def test_cells_to_mend_stop_the_whole_file(
    cast: Cast, data: str | bytes, refused: list[str], words: str
) -> None:
    imported = receive(cast, data)
    plan = plan_now(imported, None)
    assert [row.cell for row in plan.blocking] == refused
    assert words in plan.blocking[0].reason
    with pytest.raises(ImportRefusedError):
        apply(cast, imported)
    assert Measure.objects.count() == 0
    apply(cast, imported, leave_out=True)
    assert Measure.objects.count() == 1


def test_nothing_is_silent(cast: Cast) -> None:
    """Each filled cell of the figures is used or told, totals and notes as well."""
    make_indicator("REC-NB", label="Réclamations reçues", unit=Unit.COUNT)
    imported = receive(
        cast, "Mois;Réclamations reçues\n01/2021;3\n02/2021;n.d.\nTotal;3\nMoyenne;3\n"
    )
    plan = plan_now(imported, None)
    assert [(row.cell, row.effect.value) for row in plan.everything] == [
        ("B2", "added"),
        ("B3", "added"),
        ("B4", "left_out"),
        ("B5", "left_out"),
    ]
    assert plan.rows[1].status == MeasureStatus.NOT_MEASURED
    assert (plan.blocking, all(row.reason for row in plan.left)) == ([], True)


@pytest.mark.parametrize(
    ("text", "fields", "remark"),
    [
        ("Mois;Taux d’appels aboutis\n01/2021;95 %\n02/2021;96 %\n", {}, SHORTER),
        ("Mois;Appels décrochés;Appels reçus\n01/2021;95;100\n02/2021;96;100\n", {}, COUNTED),
        (RATES.format("95 %"), {"periodicity": Periodicity.MONTH}, LONGER),
        (RATES.format("95 %"), {}, None),
    ],
)
def test_other_periods_than_those_of_the_indicator_are_remarked(
    cast: Cast, text: str, fields: dict[str, Any], remark: str | None
) -> None:
    make_indicator(label="Taux d’appels aboutis", **fields)
    plan = plan_now(receive(cast, text), None)
    assert (len(plan.written), plan.blocking) == (2, [])
    assert remarks_on_periods(plan.rows) == ([remark] if remark else [])


def test_giving_up_forgets_the_file(cast: Cast) -> None:
    imported = read_file(cast, cast.prefecture)
    services.drop_import(imported=imported)
    imported.refresh_from_db()
    assert (imported.state, imported.stored, StoredFile.objects.count()) == (
        ImportState.DROPPED,
        None,
        0,
    )


def test_a_large_file_waits_for_a_worker(
    cast: Cast, django_capture_on_commit_callbacks: Any
) -> None:
    text = rates(300) + b"\n" + b";" * services.SMALL_FILE
    with django_capture_on_commit_callbacks() as waiting:
        imported = receive(cast, text)
    assert (imported.state, len(waiting)) == (ImportState.READING, 1)
    services.resume(imported=imported)
    assert (imported.state, len(imported.reading["figures"])) == (ImportState.PREVIEW, 300)
