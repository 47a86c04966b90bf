"""A new référentiel is adopted: what is carried over, what is to be read again, and the way back."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from modules.enums import AssessmentResult, ChangeKind, SheetState
from modules.models import (
    Adoption,
    AssessmentRow,
    CycleAuditor,
    EvidenceLink,
    LabelCycle,
    Referential,
)
from modules.rules.adoption import Answer, Fate, MappingRow, Origin, carry, destinations, origins
from modules.selectors.adoption import adoption_plan
from modules.services.adoption import adopt_referential, undo_adoption
from tests.cast import Cast
from tests.modules.builders import Scene
from tests.modules.builders_adoption import (
    DUE_ON,
    STARTED_ON,
    answered_scene,
    following_referential,
)
from tests.modules.examples import make_cycle, make_referential


K, R = ChangeKind, AssessmentResult


def answer(row: int, result: R, maturity: int | None = None) -> Answer:
    return Answer(row, result, maturity, f"constat {row}", "")


# --- The rule ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fate"),
    [
        (K.KEPT, Fate.AS_IS),
        (K.REWORDED, Fate.TO_REVIEW),
        (K.MOVED, Fate.TO_REVIEW),
        (K.SPLIT, Fate.TO_REVIEW),
    ],
)
def test_one_answer_is_carried(kind: K, fate: Fate) -> None:
    given = answer(1, R.PARTIAL, 2)
    carried = carry(Origin(kind, (7,)), {7: given})
    assert (carried.fate, carried.answer) == (fate, given)
    assert carried.needs_review == (fate is Fate.TO_REVIEW)


@pytest.mark.parametrize("origin", [None, Origin(K.ADDED, ()), Origin(K.KEPT, (8,))])
def test_nothing_to_carry(origin: Origin | None) -> None:
    assert carry(origin, {7: answer(1, R.CONFORMING)}).fate is Fate.NEW


@pytest.mark.parametrize(
    ("results", "worst"),
    [
        ((R.CONFORMING, R.PARTIAL), R.PARTIAL),
        ((R.NONCONFORMING, R.PARTIAL), R.NONCONFORMING),
        ((R.NOT_APPLICABLE, R.CONFORMING), R.CONFORMING),
        ((R.CONFORMING,), R.NOT_ASSESSED),
    ],
)
def test_merged_the_worst_stands_for_all(results: tuple[R, ...], worst: R) -> None:
    answers = {key: answer(key, result, key + 1) for key, result in enumerate(results)}
    carried = carry(Origin(K.MERGED, (0, 1)), answers)
    assert carried.answer is not None
    assert (carried.fate, carried.answer.result) == (Fate.TO_REVIEW, worst)
    assert carried.answer.maturity == 1
    assert carried.answer.comment.count("constat") == len(results)


def test_where_rows_come_from_and_lead() -> None:
    found = origins(
        [
            MappingRow(K.MERGED, 1, 10),
            MappingRow(K.MERGED, 2, 10),
            MappingRow(K.SPLIT, 3, 11),
            MappingRow(K.SPLIT, 3, 12),
            MappingRow(K.ADDED, None, 13),
            MappingRow(K.REMOVED, 4, None),
        ]
    )
    assert found[10] == Origin(K.MERGED, (1, 2))
    assert found[13] == Origin(K.ADDED, ())
    assert destinations(found) == {1: [10], 2: [10], 3: [11, 12]}


# --- The act ----------------------------------------------------------------------------------


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return answered_scene(cast.prefecture)[0]


@pytest.fixture
def referential(scene: Scene) -> Referential:
    return following_referential()


def adopt(cast: Cast, scene: Scene, referential: Referential, **changes: Any) -> Adoption:
    values = {"name": "Nouvelle démarche", "started_on": STARTED_ON, "due_on": DUE_ON, **changes}
    return adopt_referential(
        cycle=scene.cycle, referential=referential, by=cast.user("referente"), **values
    )


@pytest.mark.django_db
def test_answers_and_pieces_follow_the_mapping(
    cast: Cast, scene: Scene, referential: Referential
) -> None:
    before = list(AssessmentRow.objects.order_by("pk").values())
    made = adopt(cast, scene, referential).new_cycle
    assert made is not None
    assert (made.predecessor, made.referential) == (scene.cycle, referential)
    assert [item.module.number for item in made.cycle_modules.order_by("position")] == [1, 2]
    rows = AssessmentRow.objects.filter(
        sheet__assessment__cycle=made, sheet__service=scene.services[0]
    )
    told = {
        row.commitment.code: (row.result, row.needs_review, row.carried_from is not None)
        for row in rows.select_related("commitment", "carried_from")
    }
    assert told == {
        "M1-1": (R.CONFORMING, False, True),
        "M1-2": (R.PARTIAL, True, True),
        "M1-3": (R.NOT_ASSESSED, False, False),
        "M2-1": (R.NONCONFORMING, True, True),
        "M2-2": (R.CONFORMING, True, True),
        "M2-3": (R.CONFORMING, True, True),
    }
    merged = rows.get(commitment__code="M2-1")
    assert merged.comment == "Constat M1-3\n\nConstat M2-1"
    # A service that had answered nothing finds everything to assess.
    other = AssessmentRow.objects.filter(
        sheet__assessment__cycle=made, sheet__service=scene.services[1]
    )
    assert set(other.values_list("result", flat=True)) == {R.NOT_ASSESSED}
    links = EvidenceLink.objects.filter(cycle=made).order_by("evidence__title", "commitment__code")
    # « Affiche » proved what is removed; « Registre » proved both halves of what is merged.
    assert [(link.evidence.title, link.commitment.code) for link in links] == [
        ("Registre", "M1-1"),
        ("Registre", "M1-2"),
        ("Registre", "M2-1"),
    ]
    # The old démarche is untouched, and its auditors do not enter the new one.
    assert (
        list(
            AssessmentRow.objects.filter(sheet__assessment__cycle=scene.cycle)
            .order_by("pk")
            .values()
        )
        == before
    )
    assert not CycleAuditor.objects.filter(cycle=made).exists()


@pytest.mark.django_db
def test_the_summary_says_what_was_done(cast: Cast, scene: Scene, referential: Referential) -> None:
    summary = adopt(cast, scene, referential).summary
    assert summary["rows"] == {"as_is": 1, "to_review": 4, "new": 7}
    assert summary["links"] == {"carried": 4, "dropped": 1}
    assert [(item["code"], item["answers"], item["is_removed"]) for item in summary["dropped"]] == [
        ("M2-3", 1, True)
    ]
    assert summary == adoption_plan(scene.cycle, referential).summary


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"started_on": date(2020, 1, 1)}, "avant celle qu’elle suit"),
        ({"due_on": date(2020, 1, 1)}, "avant aujourd’hui"),
        ({"name": "Qual-e-Pref 2022"}, "porte déjà ce nom"),
    ],
)
def test_what_is_refused_changes_nothing(
    cast: Cast, scene: Scene, referential: Referential, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValidationError) as refusal:
        adopt(cast, scene, referential, **changes)
    assert words in " ".join(refusal.value.messages)
    assert LabelCycle.objects.count() == 1


@pytest.mark.django_db
def test_a_referential_that_says_nothing_of_the_old_one_is_refused(
    cast: Cast, scene: Scene
) -> None:
    with pytest.raises(ValidationError):
        adopt(cast, scene, make_referential())


@pytest.mark.django_db
def test_the_way_back(cast: Cast, scene: Scene, referential: Referential) -> None:
    adoption = adopt(cast, scene, referential)
    undone = undo_adoption(adoption=adoption, by=cast.user("referente"))
    assert (undone.new_cycle, undone.undone_by) == (None, cast.user("referente"))
    assert list(LabelCycle.objects.all()) == [scene.cycle]
    assert EvidenceLink.objects.exclude(cycle=scene.cycle).count() == 0
    with pytest.raises(ValidationError, match="déjà annulée"):
        undo_adoption(adoption=undone, by=cast.user("referente"))
    # And it can be adopted again.
    assert adopt(cast, scene, referential).new_cycle is not None


@pytest.mark.django_db
def test_no_way_back_once_somebody_worked(
    cast: Cast, scene: Scene, referential: Referential
) -> None:
    adoption = adopt(cast, scene, referential)
    row = AssessmentRow.objects.filter(sheet__assessment__cycle=adoption.new_cycle).first()
    assert row is not None
    row.result = R.PARTIAL
    row.save()
    row.sheet.state = SheetState.SUBMITTED
    row.sheet.save()
    with pytest.raises(ValidationError) as refusal:
        undo_adoption(adoption=adoption, by=cast.user("referente"))
    message = refusal.value.messages[0]
    assert "1 réponse" in message
    assert "1 grille transmise ou relue" in message
    assert LabelCycle.objects.count() == 2


@pytest.mark.django_db
def test_from_qualipref_to_qual_e_pref(cast: Cast) -> None:
    newer = make_referential()
    assert newer.predecessor is not None
    cycle = make_cycle(cast.prefecture)
    LabelCycle.objects.filter(pk=cycle.pk).update(referential=newer.predecessor)
    cycle = LabelCycle.objects.get(pk=cycle.pk)
    cycle.cycle_modules.all().delete()
    for position, module in enumerate(newer.predecessor.modules.order_by("number"), start=1):
        cycle.cycle_modules.create(module=module, position=position)
    summary = adoption_plan(cycle, newer).summary
    kinds = {module["number"]: module["kind"] for module in summary["modules"]}
    assert (kinds[5], kinds[6]) == (K.NARROWED, K.RENAMED)


# --- The pages --------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_page_shows_then_does_then_undoes(
    cast: Cast, scene: Scene, referential: Referential
) -> None:
    client = cast.client("referente")
    address = reverse("modules:cycle_adopt", args=[scene.cycle.pk])
    page = client.get(address).content.decode()
    assert "Engagements sans suite" in page
    assert LabelCycle.objects.count() == 1
    data = {"name": "Label 2026", "started_on": "2026-01-05", "due_on": "2099-01-31"}
    response = client.post(address, data)
    adoption = Adoption.objects.get()
    assert response.url == reverse("modules:adoption_detail", args=[adoption.pk])
    assert "Annuler la reprise" in client.get(response.url).content.decode()
    client.post(reverse("modules:adoption_undo", args=[adoption.pk]))
    assert LabelCycle.objects.count() == 1
    assert "Annuler la reprise" not in client.get(response.url).content.decode()


@pytest.mark.django_db
def test_no_successor_no_page(cast: Cast, scene: Scene) -> None:
    address = reverse("modules:cycle_adopt", args=[scene.cycle.pk])
    assert cast.client("referente").get(address).status_code == 404


@pytest.mark.django_db
def test_two_demarches_side_by_side(cast: Cast, scene: Scene, referential: Referential) -> None:
    newer = adopt(cast, scene, referential).new_cycle
    assert newer is not None
    address = reverse("modules:cycle_compare")
    client = cast.client("referente")
    form = client.get(address).context["form"]
    names = list(form.fields)
    data = {names[0]: scene.cycle.pk, names[1]: newer.pk}
    comparison = client.get(address, data).context["comparison"]
    assert [side.cycle for side in comparison.sides] == [scene.cycle, newer]
    assert [side.pieces for side in comparison.sides] == [2, 1]
    first = comparison.modules[0][1][0]
    assert {item.result: item.number for item in first.results} == {
        R.CONFORMING: 2,
        R.PARTIAL: 1,
        R.NOT_ASSESSED: 3,
    }
    # The auditor of the first démarche does not see the second.
    refused = cast.client("auditeur").get(address, data)
    assert refused.context["comparison"] is None
