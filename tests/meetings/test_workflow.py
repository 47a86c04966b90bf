"""The life of a version: which acts each state allows, what signing freezes, what a correction is."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.access import Permission
from accounts.scopes import scope_of
from meetings.enums import FINAL_STATES, MinutesState, SignatureKind, Slot
from meetings.errors import BlockedError, MeetingError, RefusedError
from meetings.models import Attendance, Decision, Minutes, Opinion, Question, TextBlock
from meetings.models.minutes import FinalVersionError
from meetings.selectors.documents import MINUTES_KIND
from meetings.services.delivery import diffuse_minutes
from meetings.services.workflow import (
    send_back_minutes,
    sign_visa,
    start_correction,
    submit_minutes,
    validate_minutes,
)
from meetings.workflow import TRANSITIONS, transitions_from
from reports.models import Document
from tests.cast import Cast
from tests.meetings.scene import Scene, build_scene


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def act(scene: Scene, code: str) -> None:
    """Do one act of the workflow on the newest version."""
    minutes = scene.refreshed()
    prefet = scene.cast.user("prefet")
    scope = scope_of(prefet, today=timezone.localdate())
    acts: dict[str, Callable[[], object]] = {
        "submit": lambda: submit_minutes(minutes=minutes, by=scene.cast.user("referente")),
        "send_back": lambda: send_back_minutes(minutes=minutes, reason="À préciser."),
        "validate": lambda: validate_minutes(
            minutes=minutes, scope=scope, name="M. François DURAND", function="préfet"
        ),
        "diffuse": lambda: diffuse_minutes(minutes=minutes),
        "visa": lambda: sign_visa(minutes=minutes, by=prefet, name="N. H.", function="SG"),
        "correct": lambda: start_correction(meeting=scene.meeting, reason="Un nom manquait."),
    }
    acts[code]()


def put_in(scene: Scene, state: MinutesState) -> None:
    final = {"frozen": {"paper": {}}, "validated_at": timezone.now()}
    Minutes.objects.filter(pk=scene.minutes.pk).update(
        state=state, **(final if state in FINAL_STATES else {})
    )


# --- The table --------------------------------------------------------------------------------


def test_every_transition_is_declared_once_with_its_people() -> None:
    table = {(t.code, t.source.value, t.target.value) for t in TRANSITIONS.values()}
    assert table == {
        ("submit", "draft", "submitted"),
        ("send_back", "submitted", "draft"),
        ("validate", "submitted", "validated"),
        ("diffuse", "validated", "diffused"),
    }
    assert TRANSITIONS["validate"].permissions == (Permission.MINUTES_SIGN,)
    assert [t.code for t in transitions_from(MinutesState.SUBMITTED)] == ["send_back", "validate"]
    assert transitions_from(MinutesState.DIFFUSED) == []


FORBIDDEN = [
    (state, code)
    for state in MinutesState
    for code, sources in {
        **{code: {t.source} for code, t in TRANSITIONS.items()},
        "visa": {MinutesState.SUBMITTED},
        "correct": set(FINAL_STATES),
    }.items()
    if state not in sources
]


@pytest.mark.parametrize(("state", "code"), FORBIDDEN)
def test_an_act_that_the_state_does_not_allow_changes_nothing(
    scene: Scene, state: MinutesState, code: str
) -> None:
    put_in(scene, state)
    before = list(Minutes.objects.order_by("pk").values())
    with pytest.raises(RefusedError) as caught:
        act(scene, code)
    assert caught.value.message
    assert list(Minutes.objects.order_by("pk").values()) == before
    assert scene.minutes.signatures.count() == 0
    assert Document.objects.count() == 0


def test_there_are_as_many_forbidden_pairs_as_expected() -> None:
    assert len(FORBIDDEN) == 17


# --- Submitting -------------------------------------------------------------------------------


def test_submitting_records_who_and_when(scene: Scene) -> None:
    scene.submit()
    minutes = scene.refreshed()
    assert (minutes.state, minutes.submitted_by) == ("submitted", scene.cast.user("referente"))
    assert minutes.submitted_at is not None


def test_submitting_twice_is_refused_the_second_time(scene: Scene) -> None:
    scene.submit()
    first = scene.refreshed().submitted_at
    with pytest.raises(RefusedError, match="à l’état «\u00a0Soumis\u00a0»"):
        scene.submit()
    assert scene.refreshed().submitted_at == first


def test_blocking_findings_stand_in_the_way(scene: Scene) -> None:
    scene.meeting.place = ""
    scene.meeting.held_on = None
    scene.meeting.save()
    with pytest.raises(BlockedError) as caught:
        scene.submit()
    assert [finding.code for finding in caught.value.findings] == ["no_date", "no_place"]
    assert "2 points à corriger" in caught.value.message
    assert scene.refreshed().state == MinutesState.DRAFT


def test_sending_back_tells_why_and_drops_the_visa(scene: Scene) -> None:
    scene.submit()
    act(scene, "visa")
    act(scene, "send_back")
    minutes = scene.refreshed()
    assert (minutes.state, minutes.sent_back_reason) == ("draft", "À préciser.")
    assert (minutes.submitted_at, minutes.submitted_by) == (None, None)
    assert minutes.signatures.count() == 0
    scene.submit()
    assert scene.refreshed().sent_back_reason == ""


# --- Signing ----------------------------------------------------------------------------------


def test_visa_is_given_once(scene: Scene) -> None:
    scene.submit()
    act(scene, "visa")
    with pytest.raises(RefusedError, match="déjà le visa de N. H."):
        act(scene, "visa")
    assert scene.minutes.signatures.count() == 1


def test_signing_freezes_and_asks_for_the_official_document(scene: Scene) -> None:
    scene.write("Le **texte** signé.", item=scene.items[1])
    scene.submit()
    act(scene, "visa")
    act(scene, "validate")
    minutes = scene.refreshed()
    assert minutes.state == MinutesState.VALIDATED
    assert minutes.validated_at is not None
    signature = minutes.signatures.get(kind=SignatureKind.SIGNATURE)
    assert (signature.name, signature.function, signature.user) == (
        "M. François DURAND",
        "préfet",
        scene.cast.user("prefet"),
    )
    frozen = minutes.frozen
    assert frozen["is_draft"] is False
    assert frozen["items"][1]["html"] == "<p>Le <strong>texte</strong> signé.</p>"
    assert [s["label"] for s in frozen["signatures"]] == ["Visa", "Signature"]
    assert frozen["paper"]["dated_on"] == timezone.localdate(minutes.validated_at).isoformat()
    document = Document.objects.get()
    assert (document.kind, document.subject_id) == (MINUTES_KIND, str(minutes.pk))


def test_signing_twice_makes_one_signature_and_one_document(scene: Scene) -> None:
    scene.validate()
    with pytest.raises(RefusedError):
        act(scene, "validate")
    assert scene.minutes.signatures.count() == 1
    assert Document.objects.count() == 1


def test_a_failure_while_signing_leaves_everything_as_it_was(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.submit()

    def fail(minutes: Minutes) -> None:
        raise RuntimeError

    monkeypatch.setattr("meetings.services.workflow.official_minutes", fail)
    with pytest.raises(RuntimeError):
        act(scene, "validate")
    assert scene.refreshed().state == MinutesState.SUBMITTED
    assert scene.minutes.signatures.count() == 0
    assert Document.objects.count() == 0


def test_the_committee_may_change_and_the_signed_version_does_not(scene: Scene) -> None:
    scene.validate()
    before = scene.refreshed().frozen
    scene.chair.last_name = "Autre"
    scene.chair.save()
    scene.items[0].title = "Un autre titre"
    scene.items[0].save()
    Attendance.objects.all().delete()
    scene.meeting.committee.prefecture.brand_block = "Préfète"
    scene.meeting.committee.prefecture.save()
    assert scene.refreshed().frozen == before
    assert before["attendance"]["present"]["people"] == [
        {"name": "M. François DURAND", "function": "préfet"}
    ]


# --- A signed version never changes -----------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        {"frozen": {}},
        {"state": MinutesState.DRAFT},
        {"state": MinutesState.SUBMITTED},
        {"version": 7},
        {"correction_reason": "autre"},
        {"validated_at": None},
    ],
)
def test_no_code_can_save_a_change_of_a_final_version(
    scene: Scene, change: dict[str, object]
) -> None:
    scene.validate()
    minutes = scene.refreshed()
    before = Minutes.objects.filter(pk=minutes.pk).values().get()
    for name, value in change.items():
        setattr(minutes, name, value)
    with pytest.raises(FinalVersionError):
        minutes.save()
    with pytest.raises(FinalVersionError):
        minutes.save(update_fields=list(change))
    assert Minutes.objects.filter(pk=minutes.pk).values().get() == before


@pytest.mark.parametrize("change", [{"frozen": None}, {"validated_at": None}])
def test_the_database_refuses_a_final_version_without_its_data(
    scene: Scene, change: dict[str, object]
) -> None:
    scene.validate()
    with pytest.raises(IntegrityError), transaction.atomic():
        Minutes.objects.filter(pk=scene.minutes.pk).update(**change)


# --- Correcting -------------------------------------------------------------------------------


def test_a_correction_copies_the_content_and_keeps_the_first_version(scene: Scene) -> None:
    scene.write("Ouverture.", slot=Slot.OPENING)
    scene.write("Texte.", item=scene.items[1])
    Question.objects.create(
        minutes=scene.minutes, item=scene.items[2], asker=scene.chair, text="Pourquoi ?"
    )
    Question.objects.create(
        minutes=scene.minutes, asker_name="M. X", text="Retirée", removed_at=timezone.now()
    )
    Opinion.objects.create(minutes=scene.minutes, document_title="Courriels", verdict="favourable")
    Decision.objects.create(minutes=scene.minutes, text="Afficher", owner="SGCD")
    scene.validate()
    first = scene.refreshed()
    second = start_correction(meeting=scene.meeting, reason=" Un nom manquait. ")
    assert (second.version, second.state, second.correction_reason) == (
        2,
        "draft",
        "Un nom manquait.",
    )
    assert list(second.texts.order_by("pk").values_list("slot", "item", "text", "revision")) == [
        ("opening", None, "Ouverture.", 1),
        ("item", scene.items[1].pk, "Texte.", 1),
    ]
    assert [q.text for q in second.questions.all()] == ["Pourquoi ?"]
    assert [o.document_title for o in second.opinions.all()] == ["Courriels"]
    assert [d.owner for d in second.decisions.all()] == ["SGCD"]
    first.refresh_from_db()
    assert first.state == MinutesState.VALIDATED
    assert TextBlock.objects.filter(minutes=first).count() == 2


def test_a_correction_says_why(scene: Scene) -> None:
    scene.validate()
    with pytest.raises(RefusedError, match="la raison est imprimée"):
        start_correction(meeting=scene.meeting, reason="  ")
    assert Minutes.objects.count() == 1


def test_a_correction_is_signed_with_its_notice(scene: Scene) -> None:
    scene.validate()
    validated_on = timezone.localdate(scene.refreshed().validated_at)
    act(scene, "correct")
    scene.validate()
    paper = scene.refreshed().frozen["paper"]
    assert paper["version"] == 2
    assert paper["notice"].startswith("Version 2 : elle remplace la version 1, validée le ")
    assert str(validated_on.year) in paper["notice"]
    assert paper["notice"].endswith("Motif de la correction : Un nom manquait.")


def test_a_second_correction_waits_for_the_first(scene: Scene) -> None:
    scene.validate()
    act(scene, "correct")
    with pytest.raises(MeetingError, match="encore en préparation"):
        act(scene, "correct")
    assert Minutes.objects.count() == 2
