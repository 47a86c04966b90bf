"""The end of a démarche: decision, renewal, loss, closing, and how each is taken back."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from modules.enums import CycleState
from modules.models import LabelCycle
from modules.rules.label import default_end, is_end_to_confirm
from modules.rules.progress import sentence_of_label
from modules.services import label as services
from modules.workflow import CLOSINGS, TRANSITIONS, closings_of
from tests.cast import Cast
from tests.modules.examples import choose, make_cycle, plan_certification, validate


DECIDED_ON = date(2022, 9, 12)


@pytest.fixture
def cycle(cast: Cast) -> LabelCycle:
    made = choose(make_cycle(cast.prefecture), cast.user("prefet"), 4)
    return validate(made, cast.user("national"))


def decide(cycle: LabelCycle, **values: object) -> LabelCycle:
    return services.record_decision(
        cycle=cycle, **{"labelled_on": DECIDED_ON, "label_body": "SOCOTEC", **values}
    )


def close(cycle: LabelCycle, closing: str, on: date = date(2023, 1, 5)) -> LabelCycle:
    return services.close_cycle(
        cycle=cycle, closing=closing, ended_on=on, end_reason="Écarts majeurs"
    )


def page_of(cast: Cast, cycle: LabelCycle, name: str = "referente") -> str:
    response = cast.client(name).get(reverse("modules:cycle_detail", args=[cycle.pk]))
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


# --- Rules ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "end"),
    [
        (date(2022, 9, 12), date(2025, 9, 12)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2021, 2, 28), date(2024, 2, 28)),
    ],
)
def test_usual_length(day: date, end: date) -> None:
    assert default_end(day) == end


@pytest.mark.parametrize(
    ("ends_on", "has_document", "doubt"),
    [
        (date(2025, 9, 12), False, True),
        (date(2025, 9, 12), True, False),
        (date(2024, 9, 12), False, False),
        (None, False, False),
    ],
)
def test_end_to_confirm(ends_on: date | None, has_document: bool, doubt: bool) -> None:
    assert is_end_to_confirm(DECIDED_ON, ends_on, has_document=has_document) is doubt


@pytest.mark.parametrize(
    ("ends_on", "told"),
    [
        (None, "Indiquez jusqu’à quand"),
        (date(2023, 1, 1), "vaut jusqu’au 1er janvier 2023"),
        (date(2022, 12, 31), "a pris fin le 31 décembre 2022"),
    ],
)
def test_sentence_of_label(ends_on: date | None, told: str) -> None:
    assert told in sentence_of_label(ends_on, date(2023, 1, 1)).replace("\u00a0", " ")


def test_workflow_closes_only_where_it_may() -> None:
    assert all(item.target in TRANSITIONS[item.source] for item in CLOSINGS.values())
    assert [item.code for item in closings_of("preparation")] == ["refused", "abandoned"]
    assert [item.code for item in closings_of("labelled")] == ["expired", "lost"]
    assert closings_of("lost") == closings_of("ended") == closings_of("renewed") == []


# --- Decision ---------------------------------------------------------------------------------
def test_decision_labels_for_the_usual_length(cycle: LabelCycle) -> None:
    decide(cycle)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.LABELLED
    assert (cycle.labelled_on, cycle.label_ends_on) == (DECIDED_ON, date(2025, 9, 12))


def test_decision_needs_the_validation(cast: Cast) -> None:
    chosen = choose(make_cycle(cast.prefecture), cast.user("prefet"), 4)
    with pytest.raises(ValidationError, match="n’est labellisée qu’après la validation"):
        decide(chosen)
    address = reverse("modules:label_decide", args=[chosen.pk])
    response = cast.client("referente").get(address, follow=True)
    assert "n’est labellisée qu’après la validation" in response.content.decode()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"labelled_on": date(2090, 1, 1)}, "labelled_on"),
        ({"labelled_on": date(2022, 2, 13)}, "labelled_on"),
        ({"label_ends_on": DECIDED_ON}, "label_ends_on"),
        ({"label_body": ""}, "label_body"),
    ],
)
def test_decision_refuses(cycle: LabelCycle, values: dict[str, object], field: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        decide(cycle, **values)
    assert set(refusal.value.message_dict) == {field}
    assert LabelCycle.objects.get().state == CycleState.PREPARATION


def test_renewal_and_back(cast: Cast, cycle: LabelCycle) -> None:
    decide(cycle)
    second = choose(make_cycle(cast.prefecture, "Qual-e-Pref 2025"), cast.user("prefet"), 4)
    validate(second, cast.user("national"))
    decide(second, labelled_on=date(2025, 9, 1), predecessor=cycle)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.ended_on) == (CycleState.RENEWED, date(2025, 9, 1))
    assert "Qual-e-Pref 2025" in cycle.end_reason
    with pytest.raises(ValidationError, match="annulez la décision dans la démarche"):
        services.reopen_cycle(cycle=cycle)
    second.refresh_from_db()
    services.cancel_decision(cycle=second)
    cycle.refresh_from_db()
    assert (cycle.state, cycle.ended_on, cycle.end_reason) == (CycleState.LABELLED, None, "")
    assert (second.state, second.labelled_on) == (CycleState.PREPARATION, None)


def test_a_lost_label_is_not_renewed(cast: Cast, cycle: LabelCycle) -> None:
    close(decide(cycle), "lost")
    second = choose(make_cycle(cast.prefecture, "Suivante"), cast.user("prefet"), 4)
    decide(validate(second, cast.user("national")), predecessor=cycle)
    cycle.refresh_from_db()
    assert cycle.state == CycleState.LOST


def test_decision_renews_only_in_the_prefecture(cast: Cast, cycle: LabelCycle) -> None:
    foreign = choose(make_cycle(cast.other_prefecture), cast.user("prefet"), 4)
    decide(validate(foreign, cast.user("national")))
    with pytest.raises(ValidationError, match="une autre démarche de la préfecture"):
        decide(cycle, predecessor=foreign)


# --- Closing ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("is_labelled", "closing", "state"),
    [
        (False, "refused", CycleState.ENDED),
        (False, "abandoned", CycleState.ENDED),
        (True, "expired", CycleState.ENDED),
        (True, "lost", CycleState.LOST),
    ],
)
def test_closing_and_back(
    cycle: LabelCycle, is_labelled: bool, closing: str, state: CycleState
) -> None:
    before = (decide(cycle) if is_labelled else cycle).state
    close(cycle, closing)
    assert cycle.state == state
    assert cycle.end_reason == f"{CLOSINGS[closing].label} : Écarts majeurs"
    with pytest.raises(ValidationError, match="déjà close"):
        close(cycle, closing)
    services.reopen_cycle(cycle=cycle)
    assert (cycle.state, cycle.ended_on, cycle.end_reason) == (before, None, "")


def test_closing_refuses(cycle: LabelCycle) -> None:
    with pytest.raises(ValidationError, match="ne peut pas être close ainsi"):
        close(cycle, "lost")
    with pytest.raises(ValidationError, match="précède le début de la démarche"):
        close(cycle, "refused", date(2021, 8, 31))
    with pytest.raises(ValidationError, match="n’est pas close"):
        services.reopen_cycle(cycle=cycle)
    decide(cycle)
    with pytest.raises(ValidationError, match="précède la décision"):
        close(cycle, "lost", date(2022, 9, 11))


# --- Pages ------------------------------------------------------------------------------------
def test_pages_from_decision_to_loss(cast: Cast, cycle: LabelCycle) -> None:
    plan_certification(cycle)
    before = page_of(cast, cycle)
    assert "audits passés" in before
    assert "Enregistrez la décision" in before
    client = cast.client("referente")
    response = client.post(
        reverse("modules:label_decide", args=[cycle.pk]),
        {"labelled_on": "2022-09-12", "label_body": "SOCOTEC", "revision": cycle.revision},
    )
    assert response.status_code == 302
    held = page_of(cast, cycle)
    assert "12 septembre 2025" in held
    assert "Trois ans comptés, aucun document ne l’atteste" in held
    assert "Changer les modules" not in held
    cycle.refresh_from_db()
    response = client.post(
        reverse("modules:cycle_close", args=[cycle.pk]),
        {
            "closing": "lost",
            "ended_on": "2023-05-02",
            "end_reason": "Écarts non levés",
            "revision": cycle.revision,
        },
    )
    assert response.status_code == 302
    lost = page_of(cast, cycle)
    assert "Label perdu : Écarts non levés" in lost
    assert "rien n’y est plus attendu" in lost
    client.post(reverse("modules:cycle_reopen", args=[cycle.pk]))
    assert "Annuler la décision" in page_of(cast, cycle)
    client.post(reverse("modules:label_cancel", args=[cycle.pk]))
    assert LabelCycle.objects.get().state == CycleState.PREPARATION
    assert "Annuler la décision" not in page_of(cast, cycle, "agent")


def test_closed_form_says_why(cast: Cast, cycle: LabelCycle) -> None:
    close(cycle, "abandoned")
    client = cast.client("referente")
    response = client.get(reverse("modules:cycle_close", args=[cycle.pk]), follow=True)
    assert "déjà close" in response.content.decode()
