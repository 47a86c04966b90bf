"""Writes of the auto-diagnostic: opening, answers, two people on a row, handing in, review."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Service
from modules.enums import AssessmentResult as R
from modules.enums import AssessmentState, SheetState
from modules.models import AssessmentRow, AssessmentSheet, LabelCycle, SelfAssessment
from modules.selectors.assessments import (
    assessment_to_carry,
    latest_assessment,
    missing_rows,
    rows_for_cycle,
)
from modules.services.assessment_review import accept_sheet, send_back_sheet, submit_sheet
from modules.services.assessment_rows import StaleRowError, save_row, save_rows
from modules.services.assessments import (
    close_assessment,
    complete_sheets,
    open_assessment,
    reopen_assessment,
    set_sheet_deadline,
    update_assessment,
)
from tests.cast import Cast
from tests.modules.builders import (
    DUE_ON,
    OPENED_ON,
    Scene,
    accept_sheets,
    make_assessment,
    make_scene,
)


CLOSED_ON = date(2022, 5, 2)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


@pytest.fixture
def assessment(scene: Scene) -> SelfAssessment:
    return make_assessment(scene)


@pytest.fixture
def sheet(assessment: SelfAssessment, cast: Cast) -> AssessmentSheet:
    return assessment.sheets.get(service=cast.service)


def start(cycle: LabelCycle, name: str = "Mars 2022", **values: object) -> SelfAssessment:
    return open_assessment(
        cycle=cycle,
        name=name,
        opened_on=OPENED_ON,
        due_on=DUE_ON,
        **values,  # type: ignore[arg-type]
    )


def answer(row: AssessmentRow, by: object, **values: object) -> AssessmentRow:
    given = {
        "revision": row.revision,
        "result": R.CONFORMING,
        "maturity": None,
        "comment": "",
        "private_note": "",
        **values,
    }
    return save_row(row=row, by=by, **given)  # type: ignore[arg-type]


def fill(sheet: AssessmentSheet) -> None:
    sheet.rows.update(result=R.CONFORMING)


# --- Opening ----------------------------------------------------------------------------------
def test_opening_gives_each_service_its_commitments(scene: Scene, cast: Cast) -> None:
    other = scene.services[1]
    second = scene.cycle.cycle_modules.get(module__number=2)
    second.services.add(other)
    made = start(scene.cycle, note="Répondez ensemble.")
    counts = {s.service_id: s.rows.count() for s in made.sheets.order_by("pk")}
    assert counts == {cast.service.pk: 3, other.pk: 6}
    assert set(made.sheets.order_by("pk").values_list("due_on", flat=True)) == {DUE_ON}
    row = made.sheets.get(service=other).rows.earliest("pk")
    assert (row.result, row.needs_review, row.history.count()) == ("not_assessed", False, 1)


def test_opening_takes_as_many_queries_for_many_services(scene: Scene) -> None:
    def cost(name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            made = start(scene.cycle, name)
        close_assessment(assessment=made, closed_on=CLOSED_ON)
        return len(captured)

    few = cost("Deux services")
    for rank in range(15):
        Service.objects.create(prefecture=scene.cycle.prefecture, name=f"Bureau {rank}")
    # Ninety rows more: SQLite, which takes so many values in a statement, cuts them in a few.
    assert cost("Dix-sept services") <= few + 4


def test_one_campaign_at_a_time(scene: Scene, assessment: SelfAssessment) -> None:
    with pytest.raises(ValidationError, match="déjà ouvert"):
        start(scene.cycle)
    assert scene.cycle.assessments.count() == 1


def test_perimeter_that_concerns_nobody_opens_nothing(scene: Scene) -> None:
    scene.cycle.cycle_modules.all().delete()
    with pytest.raises(ValidationError, match="aucun service"):
        start(scene.cycle)
    assert not SelfAssessment.objects.exists()


def test_answers_are_carried_to_be_read_again(
    scene: Scene, assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    first, second = sheet.rows.order_by("pk")[:2]
    AssessmentRow.objects.filter(pk=first.pk).update(
        result=R.PARTIAL, maturity=2, comment="Plaque illisible", private_note="À voir"
    )
    close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    made = start(scene.cycle, carry=True)
    rows = {
        row.commitment_id: row for row in made.sheets.get(service=sheet.service).rows.order_by("pk")
    }
    carried, blank = rows[first.commitment_id], rows[second.commitment_id]
    assert (carried.result, carried.maturity, carried.comment) == ("partial", 2, "Plaque illisible")
    assert (carried.private_note, carried.needs_review, carried.carried_from) == ("", True, first)
    assert (blank.result, blank.needs_review, blank.carried_from) == ("not_assessed", False, None)


def test_without_the_option_nothing_is_carried(
    scene: Scene, assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    fill(sheet)
    close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    made = start(scene.cycle)
    assert not AssessmentRow.objects.filter(sheet__assessment=made, needs_review=True).exists()


def test_carry_looks_at_closed_ones_only(scene: Scene, assessment: SelfAssessment) -> None:
    assert assessment_to_carry(scene.cycle) is None
    close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    assert assessment_to_carry(scene.cycle) == assessment


# --- A perimeter that changed -----------------------------------------------------------------
def test_completing_adds_and_removes_nothing(
    scene: Scene, assessment: SelfAssessment, sheet: AssessmentSheet, cast: Cast
) -> None:
    fill(sheet)
    late = Service.objects.create(prefecture=cast.prefecture, name="Bureau des élections")
    lost = sheet.rows.earliest("pk")
    lost.delete()
    other = scene.services[1]
    scene.cycle.cycle_modules.get(module__number=1).services.add(late, sheet.service)
    assert {s.name: len(asked) for s, asked in missing_rows(assessment).items()} == {
        late.name: 6,
        cast.service.name: 1,
    }
    assert complete_sheets(assessment=assessment) == 7
    assert assessment.sheets.get(service=late).rows.count() == 6
    assert assessment.sheets.get(service=other).rows.count() == 6
    assert sheet.rows.filter(result=R.CONFORMING).count() == 5
    assert complete_sheets(assessment=assessment) == 0


def test_completed_sheet_that_was_handed_in_comes_back(
    assessment: SelfAssessment, sheet: AssessmentSheet, cast: Cast
) -> None:
    accept_sheets(assessment)
    assessment.sheets.update(reviewed_by=cast.user("referente"))
    sheet.rows.earliest("pk").delete()
    complete_sheets(assessment=assessment)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.reviewed_by, sheet.review_note) == (
        "sent_back",
        None,
        "Le périmètre a changé : 1 engagement s’ajoute à la grille.",
    )
    assert assessment.sheets.filter(state=SheetState.ACCEPTED).count() == 1


# --- Deadlines, closing -----------------------------------------------------------------------
def test_sheets_follow_the_deadline_unless_they_have_their_own(
    assessment: SelfAssessment, sheet: AssessmentSheet
) -> None:
    set_sheet_deadline(sheet=sheet, due_on=date(2022, 5, 20))
    update_assessment(assessment=assessment, name="Mars", due_on=date(2022, 4, 30), note="")
    due = dict(assessment.sheets.order_by("pk").values_list("service_id", "due_on"))
    assert due.pop(sheet.service_id) == date(2022, 5, 20)
    assert set(due.values()) == {date(2022, 4, 30)}


def test_deadline_before_the_opening_is_refused(sheet: AssessmentSheet) -> None:
    with pytest.raises(ValidationError, match="précède"):
        set_sheet_deadline(sheet=sheet, due_on=date(2022, 2, 28))
    sheet.refresh_from_db()
    assert sheet.due_on == DUE_ON


def test_closing_and_taking_it_back(assessment: SelfAssessment, sheet: AssessmentSheet) -> None:
    closed = close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    assert (closed.state, closed.closed_on) == (AssessmentState.CLOSED, CLOSED_ON)
    with pytest.raises(ValidationError, match="clos"):
        close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    with pytest.raises(ValidationError, match="clos"):
        set_sheet_deadline(sheet=sheet, due_on=DUE_ON)
    opened = reopen_assessment(assessment=assessment)
    assert (opened.state, opened.closed_on) == (AssessmentState.OPEN, None)


def test_reopening_waits_while_another_is_open(scene: Scene, assessment: SelfAssessment) -> None:
    close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    newer = start(scene.cycle)
    with pytest.raises(ValidationError, match="déjà ouvert"):
        reopen_assessment(assessment=assessment)
    assert latest_assessment(scene.cycle) == newer
    close_assessment(assessment=newer, closed_on=CLOSED_ON)
    reopen_assessment(assessment=assessment)
    assert latest_assessment(scene.cycle) == assessment


def test_latest_is_the_newest_when_none_is_open(scene: Scene, assessment: SelfAssessment) -> None:
    close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    newer = open_assessment(
        cycle=scene.cycle, name="Juin", opened_on=date(2022, 6, 1), due_on=date(2022, 6, 30)
    )
    close_assessment(assessment=newer, closed_on=date(2022, 7, 1))
    assert latest_assessment(scene.cycle) == newer


def test_rows_for_an_auditor_are_those_of_accepted_sheets(
    assessment: SelfAssessment, sheet: AssessmentSheet, cast: Cast
) -> None:
    assert rows_for_cycle(assessment).count() == 12
    assert rows_for_cycle(assessment, cast.scope("auditeur")).count() == 0
    AssessmentSheet.objects.filter(pk=sheet.pk).update(state=SheetState.ACCEPTED)
    assert rows_for_cycle(assessment, cast.scope("auditeur")).count() == 6


# --- One row ----------------------------------------------------------------------------------
def test_saving_touches_that_row_only(sheet: AssessmentSheet, cast: Cast) -> None:
    row = sheet.rows.earliest("pk")
    saved = answer(row, cast.user("correspondant"), result=R.PARTIAL, maturity=2, comment="Un mot")
    row.refresh_from_db()
    assert (row.result, row.maturity, row.comment, row.revision) == ("partial", 2, "Un mot", 2)
    assert row.assessed_by == cast.user("correspondant")
    assert saved.revision == 2
    assert AssessmentRow.objects.exclude(pk=row.pk).exclude(revision=1).count() == 0


@pytest.mark.parametrize("commitments", [3, 30])
def test_saving_costs_the_same_whatever_the_grid(cast: Cast, commitments: int) -> None:
    made = make_assessment(make_scene(cast.prefecture, commitments=commitments))
    row = made.sheets.earliest("pk").rows.earliest("pk")
    with CaptureQueriesContext(connection) as captured:
        answer(row, cast.user("correspondant"))
    # The row with its sheet, the row, its history; around them a savepoint.
    writes = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    assert len(writes) == 3, "\n".join(writes)


def test_what_is_stored_is_not_written_again(sheet: AssessmentSheet, cast: Cast) -> None:
    row = answer(sheet.rows.earliest("pk"), cast.user("correspondant"))
    again = answer(row, cast.user("referente"), revision=1)
    assert (again.revision, again.assessed_by) == (2, cast.user("correspondant"))


def test_sans_objet_has_no_maturity(sheet: AssessmentSheet, cast: Cast) -> None:
    saved = answer(
        sheet.rows.earliest("pk"), cast.user("correspondant"), result=R.NOT_APPLICABLE, maturity=3
    )
    assert saved.maturity is None


def test_two_people_on_a_row(sheet: AssessmentSheet, cast: Cast) -> None:
    row = sheet.rows.earliest("pk")
    answer(row, cast.user("referente"), result=R.PARTIAL)
    with pytest.raises(StaleRowError) as refusal:
        answer(row, cast.user("correspondant"), result=R.CONFORMING)
    assert refusal.value.row.result == "partial"
    row.refresh_from_db()
    assert (row.result, row.revision) == ("partial", 2)
    answer(row, cast.user("correspondant"), revision=2)
    row.refresh_from_db()
    assert row.result == "conforming"


def test_carried_answer_is_read_again(sheet: AssessmentSheet, cast: Cast) -> None:
    row = sheet.rows.earliest("pk")
    AssessmentRow.objects.filter(pk=row.pk).update(needs_review=True, result=R.CONFORMING)
    row.refresh_from_db()
    by = cast.user("correspondant")
    assert answer(row, by).needs_review
    noted = answer(row, by, private_note="À voir")
    assert noted.needs_review
    assert not answer(noted, by, private_note="À voir", reviewed=True).needs_review


def test_changed_answer_is_read_again(sheet: AssessmentSheet, cast: Cast) -> None:
    row = sheet.rows.earliest("pk")
    AssessmentRow.objects.filter(pk=row.pk).update(needs_review=True)
    assert not answer(row, cast.user("correspondant")).needs_review


@pytest.mark.parametrize("state", [SheetState.SUBMITTED, SheetState.ACCEPTED])
def test_sheet_handed_in_is_not_written(sheet: AssessmentSheet, cast: Cast, state: str) -> None:
    AssessmentSheet.objects.filter(pk=sheet.pk).update(state=state)
    row = sheet.rows.earliest("pk")
    with pytest.raises(ValidationError, match="La grille est"):
        answer(row, cast.user("referente"))
    row.refresh_from_db()
    assert row.result == "not_assessed"


def test_closed_campaign_is_not_written(
    assessment: SelfAssessment, sheet: AssessmentSheet, cast: Cast
) -> None:
    close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    with pytest.raises(ValidationError, match="clos"):
        answer(sheet.rows.earliest("pk"), cast.user("referente"))


# --- The page sent whole ----------------------------------------------------------------------
def as_read(row: AssessmentRow, **values: object) -> dict[str, object]:
    return {
        "result": row.result,
        "maturity": row.maturity,
        "comment": row.comment,
        "private_note": row.private_note,
        "revision": row.revision,
        "reviewed": False,
        **values,
    }


def test_page_sent_whole_leaves_others_work_alone(scene: Scene, cast: Cast) -> None:
    sheet = start(scene.cycle).sheets.get(service=cast.service)
    mine, theirs, both = sheet.rows.order_by("pk")[:3]
    sent = {
        mine.pk: as_read(mine, result=R.CONFORMING),
        theirs.pk: as_read(theirs),
        both.pk: as_read(both, result=R.CONFORMING),
    }
    for row in (theirs, both):
        answer(row, cast.user("referente"), result=R.PARTIAL, comment="Vu")
    refused, conflicts = save_rows(sheet=sheet, wanted=sent, by=cast.user("correspondant"))
    assert refused == {}
    assert {pk: row.comment for pk, row in conflicts.items()} == {both.pk: "Vu"}
    assert list(sheet.rows.order_by("pk").values_list("result", flat=True)[:3]) == [
        "conforming",
        "partial",
        "partial",
    ]


# --- Handing in and review --------------------------------------------------------------------
def test_incomplete_sheet_is_not_handed_in(sheet: AssessmentSheet, cast: Cast) -> None:
    fill(sheet)
    sheet.rows.filter(pk=sheet.rows.earliest("pk").pk).update(result=R.PARTIAL)
    with pytest.raises(ValidationError, match="1 ligne reste à traiter"):
        submit_sheet(sheet=sheet, by=cast.user("correspondant"))
    sheet.refresh_from_db()
    assert (sheet.state, sheet.submitted_at) == ("to_fill", None)


def test_life_of_a_sheet(sheet: AssessmentSheet, cast: Cast) -> None:
    fill(sheet)
    filled = submit_sheet(sheet=sheet, by=cast.user("correspondant"))
    assert (filled.state, filled.submitted_by) == ("submitted", cast.user("correspondant"))
    with pytest.raises(ValidationError, match="transmise"):
        submit_sheet(sheet=sheet, by=cast.user("correspondant"))
    with pytest.raises(ValidationError, match="motif"):
        send_back_sheet(sheet=sheet, by=cast.user("referente"), reason="  ")
    back = send_back_sheet(sheet=sheet, by=cast.user("referente"), reason="Précisez les délais.")
    assert (back.state, back.review_note) == ("sent_back", "Précisez les délais.")
    with pytest.raises(ValidationError, match="renvoyée"):
        accept_sheet(sheet=sheet, by=cast.user("referente"))
    submit_sheet(sheet=sheet, by=cast.user("correspondant"))
    done = accept_sheet(sheet=sheet, by=cast.user("referente"))
    assert (done.state, done.review_note, done.reviewed_by) == (
        "accepted",
        "",
        cast.user("referente"),
    )
    opened = send_back_sheet(sheet=sheet, by=cast.user("referente"), reason="Erreur de saisie.")
    assert opened.state == "sent_back"


def test_closed_campaign_is_not_reviewed(
    assessment: SelfAssessment, sheet: AssessmentSheet, cast: Cast
) -> None:
    AssessmentSheet.objects.filter(pk=sheet.pk).update(state=SheetState.SUBMITTED)
    close_assessment(assessment=assessment, closed_on=CLOSED_ON)
    with pytest.raises(ValidationError, match="clos"):
        accept_sheet(sheet=sheet, by=cast.user("referente"))
    sheet.refresh_from_db()
    assert sheet.state == "submitted"
