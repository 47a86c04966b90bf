"""The démarches of the demo: every page has something to show, every state is seen, nothing is left."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Service, User
from demo import content_evidence, content_indicators
from demo.content_demarche import FORMER
from demo.scenery import FILES
from meetings.models import Meeting
from modules.enums import (
    AssessmentResult,
    AssessmentState,
    CycleState,
    DeliverableState,
    EvidenceState,
    ProcedureState,
    Sensitivity,
    SheetState,
)
from modules.models import (
    Adoption,
    AssessmentRow,
    AssessmentSheet,
    Correspondent,
    CycleDocument,
    Deliverable,
    Evidence,
    EvidenceLink,
    LabelCycle,
    Procedure,
    ProcedureReading,
    SelfAssessment,
    StoredFile,
    WorkingGroup,
)


pytestmark = pytest.mark.django_db
OWNED = (
    LabelCycle,
    SelfAssessment,
    AssessmentSheet,
    AssessmentRow,
    Evidence,
    EvidenceLink,
    StoredFile,
    Procedure,
    ProcedureReading,
    WorkingGroup,
    Deliverable,
    Correspondent,
    CycleDocument,
    Service,
)


@pytest.fixture
def cycle() -> LabelCycle:
    """Load the demo; return the present démarche of Loir-et-Cher."""
    call_command("demo", stdout=StringIO())
    return LabelCycle.objects.get(name="Qual-e-Pref 2022")


def test_each_service_has_its_grid_in_a_state_of_its_own(cycle: LabelCycle) -> None:
    current = cycle.assessments.get(state=AssessmentState.OPEN)
    states = Counter(current.sheets.values_list("state", flat=True))

    assert states == {
        SheetState.ACCEPTED: 6,
        SheetState.TO_FILL: 1,
        SheetState.SENT_BACK: 1,
        SheetState.SUBMITTED: 1,
    }
    assert current.sheets.get(state=SheetState.SENT_BACK).review_note
    handed_in = AssessmentRow.objects.filter(sheet__assessment=current).exclude(
        sheet__state=SheetState.TO_FILL
    )
    assert not handed_in.filter(result=AssessmentResult.NOT_ASSESSED).exists()


def test_correspondent_has_half_a_grid_to_fill(cycle: LabelCycle) -> None:
    correspondent = User.objects.get(email="correspondant@loir-et-cher.demo")
    service = Service.objects.get(memberships__user=correspondent)
    sheet = AssessmentSheet.objects.get(
        assessment__cycle=cycle, service=service, state=SheetState.TO_FILL
    )

    left = sheet.rows.filter(result=AssessmentResult.NOT_ASSESSED).count()

    assert sheet.is_fillable
    assert (left, sheet.rows.count()) == (9, 19)


def test_a_gap_is_explained_in_one_sentence_at_least(cycle: LabelCycle) -> None:
    gaps = AssessmentRow.objects.filter(
        result__in=(AssessmentResult.PARTIAL, AssessmentResult.NONCONFORMING)
    )

    assert gaps.count() > 20
    assert not gaps.filter(comment="").exists()
    assert gaps.filter(comment__contains="52 %", private_note__contains="pandémie").exists()


def test_two_campaigns_differ_both_ways(cycle: LabelCycle) -> None:
    worth = {"conforming": 2, "partial": 1, "nonconforming": 0}
    said: dict[tuple[int, int], dict[str, str]] = {}
    for row in AssessmentRow.objects.filter(sheet__assessment__cycle=cycle).select_related(
        "sheet__assessment"
    ):
        key = (row.sheet.service_id, row.commitment_id)
        said.setdefault(key, {})[row.sheet.assessment.state] = row.result
    moves = Counter(
        (worth[both["open"]] > worth[both["closed"]])
        - (worth[both["open"]] < worth[both["closed"]])
        for both in said.values()
        if both["open"] in worth and both["closed"] in worth
    )

    assert moves[1] > 10
    assert moves[-1] >= 2


def test_pieces_are_seen_in_every_state_whatever_the_day(cycle: LabelCycle) -> None:
    pieces = Evidence.objects.filter(prefecture=cycle.prefecture)

    for day in (timezone.localdate(), timezone.localdate() + timedelta(days=1)):
        states = Counter(piece.state_on(day) for piece in pieces)
        assert states[EvidenceState.EXPIRED] == 1
        assert states[EvidenceState.SOON] == 1
        assert states[EvidenceState.VALID] == len(content_evidence.PIECES) - 2
    charter = pieces.get(title=content_evidence.CHARTER)
    assert charter.links.count() == 3
    assert pieces.get(sensitivity=Sensitivity.RESTRICTED).title == content_evidence.TRAINED
    assert pieces.filter(links=None).count() == 1
    assert pieces.filter(current__number=2).count() == 1


def test_files_are_small_marked_and_all_used(cycle: LabelCycle) -> None:
    shipped = {path.name for path in FILES.iterdir()}
    used = set(StoredFile.objects.values_list("original_name", flat=True))

    # The workbook of figures is written when the demo is loaded.
    assert used == shipped | {content_indicators.WORKBOOK}
    assert max(path.stat().st_size for path in FILES.iterdir()) < 60_000
    assert all("démonstration" in piece.description for piece in Evidence.objects.all())


def test_sheets_groups_and_deliverables_are_seen_in_every_state(cycle: LabelCycle) -> None:
    procedures = Procedure.objects.filter(prefecture=cycle.prefecture)
    states = {
        state for item in procedures for state in item.versions.values_list("state", flat=True)
    }
    today = timezone.localdate()
    deliverables = list(cycle.deliverables.all())

    assert states == set(ProcedureState.values)
    assert procedures.filter(review_on__lt=today).count() == 1
    assert ProcedureReading.objects.filter(version__procedure__in=procedures).count() == 5
    assert {item.state for item in deliverables} == set(DeliverableState.values)
    assert [item.title for item in deliverables if item.is_late_on(today)] == [
        "Tableau de suivi des appels perdus"
    ]
    assert all(group.members.filter(is_pilot=True).exists() for group in cycle.groups.all())
    assert Meeting.objects.get(committee__working_group__cycle=cycle).agenda_items.count() == 3
    named = set(cycle.correspondents.values_list("service__acronym", flat=True))
    concerned = {
        acronym
        for item in cycle.cycle_modules.all()
        for acronym in item.services.values_list("acronym", flat=True)
    }
    assert concerned - named == {"STD"}


def test_former_label_is_finished_and_followed(cycle: LabelCycle) -> None:
    former = cycle.predecessor

    assert former is not None
    assert former.state == CycleState.ENDED
    assert (former.labelled_on, former.label_ends_on) == (FORMER.labelled_on, FORMER.ended_on)
    assert "démonstration" in former.name
    assert former.referential == cycle.referential.predecessor
    assert former.assessments.get().state == AssessmentState.CLOSED
    assert former.documents.count() == 1


def test_auditor_is_given_the_present_demarche_only(cycle: LabelCycle) -> None:
    auditor = User.objects.get(email="auditeur@loir-et-cher.demo")

    assert list(LabelCycle.objects.filter(auditors__user=auditor)) == [cycle]


def test_rebuilding_leaves_as_much_and_no_file_behind(
    cycle: LabelCycle, django_capture_on_commit_callbacks: Any
) -> None:
    Adoption.objects.create(old_cycle=cycle, summary={})
    before = {model: model.objects.count() for model in OWNED}
    old = _files()

    with django_capture_on_commit_callbacks(execute=True):
        call_command("demo", "--rebuild", stdout=StringIO())

    assert {model: model.objects.count() for model in OWNED} == before
    assert not LabelCycle.objects.filter(pk=cycle.pk).exists()
    assert not Adoption.objects.exists()
    new = _files()
    assert len(new) >= len(old)
    assert not any(default_storage.exists(name) for name in old)
    assert all(default_storage.exists(name) for name in new)


def _files() -> set[str]:
    """Return the names of the files kept, with their previews."""
    rows = StoredFile.objects.all()
    return {field.name for row in rows for field in (row.file, row.preview) if field}
