"""The auto-diagnostics of the demo: campaigns, grids of the services, answers.

Campaigns are opened and closed by the services of the app. Grids were answered, handed in and read in
the past: their rows are written with the dates that they tell, which no service takes.
"""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone
from simple_history.utils import bulk_update_with_history

from demo import content_assessments as content
from demo.content_assessments import Answer, AssessmentFacts, GridFacts
from demo.content_demarche import CORRESPONDENTS
from demo.scenery import Scenery, morning_of
from modules.enums import AssessmentResult, SheetState
from modules.models import AssessmentRow, AssessmentSheet, SelfAssessment
from modules.services.assessments import close_assessment, open_assessment


UNKNOWN_WORDING = "Énoncé non retrouvé : rien à évaluer tant que le livret officiel n’est pas lu."
# Days after the opening on which the grids are answered, handed in, then read.
ANSWERED, SUBMITTED, REVIEWED = timedelta(7), timedelta(10), timedelta(14)
ANSWER_FIELDS = ("result", "maturity", "comment", "private_note", "assessed_by", "assessed_at")


def build_assessments(scenery: Scenery) -> None:
    """Build the campaign of September 2021, closed, and the one of March 2022, under way."""
    earlier = _open(scenery, content.EARLIER)
    for facts in content.GRIDS:
        sheet = _sheet(earlier, facts.service)
        _fill(sheet, scenery, {**_answers(facts, facts.answers), **_answers(facts, facts.earlier)})
        _hand_in(sheet, SheetState.ACCEPTED, scenery)
    _close(earlier, content.EARLIER)
    current = _open(scenery, content.CURRENT)
    for facts in content.GRIDS:
        sheet = _sheet(current, facts.service)
        _fill(sheet, scenery, _answers(facts, facts.answers), facts.answered_until)
        _hand_in(sheet, facts.state, scenery, facts.review_note)


def build_accepted_assessment(
    scenery: Scenery, facts: AssessmentFacts, partial: tuple[str, ...]
) -> None:
    """Build a closed campaign where every service answered « conforme » but for these codes."""
    made = _open(scenery, facts)
    answers = {code: Answer(code, content.PARTIAL, 2, "À améliorer.") for code in partial}
    for sheet in made.sheets.order_by("pk"):
        _fill(sheet, scenery, answers)
        _hand_in(sheet, SheetState.ACCEPTED, scenery)
    _close(made, facts)


def build_empty_assessment(scenery: Scenery, facts: AssessmentFacts) -> None:
    """Build a campaign that nobody has answered yet."""
    for sheet in _open(scenery, facts).sheets.order_by("pk"):
        _hand_in(sheet, SheetState.TO_FILL, scenery)


def _open(scenery: Scenery, facts: AssessmentFacts) -> SelfAssessment:
    return open_assessment(
        cycle=scenery.cycle,
        name=facts.name,
        opened_on=facts.opened_on,
        due_on=facts.due_on,
        note=facts.note,
    )


def _close(assessment: SelfAssessment, facts: AssessmentFacts) -> None:
    if facts.closed_on is not None:
        close_assessment(assessment=assessment, closed_on=facts.closed_on)


def _sheet(assessment: SelfAssessment, acronym: str) -> AssessmentSheet:
    return assessment.sheets.get(service__acronym=acronym)


def _answers(facts: GridFacts, said: tuple[Answer, ...]) -> dict[str, Answer]:
    """Return what a service says, by code: « sans objet » first, then its answers."""
    none = {
        code: Answer(
            code,
            AssessmentResult.NOT_APPLICABLE,
            None,
            UNKNOWN_WORDING if code in content.UNKNOWN else "",
        )
        for code in facts.out_of_scope
    }
    return none | {answer.code: answer for answer in said}


def _fill(
    sheet: AssessmentSheet, scenery: Scenery, answers: Mapping[str, Answer], until: str = ""
) -> None:
    """Answer a grid, « conforme » where nothing is said: all of it, or up to the commitment ``until``."""
    accounts = {facts.service: facts.account for facts in CORRESPONDENTS if facts.account}
    by = scenery.user(accounts.get(sheet.service.acronym, "")) or scenery.by
    at = morning_of(sheet.assessment.opened_on + ANSWERED)
    rows = sheet.rows.select_related("commitment").order_by("commitment__position")
    if until:
        rows = rows.filter(commitment__position__lte=scenery.commitments[until].position)
    filled = list(rows)
    for row in filled:
        answer = answers.get(row.commitment.code, content.USUAL)
        row.result, row.maturity = answer.result, answer.maturity
        row.comment, row.private_note = answer.comment, answer.private
        row.assessed_by, row.assessed_at = by, at
    bulk_update_with_history(filled, AssessmentRow, ANSWER_FIELDS, default_user=by, default_date=at)


def _hand_in(
    sheet: AssessmentSheet, state: SheetState, scenery: Scenery, review_note: str = ""
) -> None:
    """Put a grid in a state: who handed it in and who read it, when."""
    opened_on = sheet.assessment.opened_on
    sheet.state, sheet.review_note = state, review_note
    if state is not SheetState.TO_FILL:
        sheet.submitted_at, sheet.submitted_by = morning_of(opened_on + SUBMITTED), scenery.by
    if state in {SheetState.ACCEPTED, SheetState.SENT_BACK}:
        sheet.reviewed_at, sheet.reviewed_by = morning_of(opened_on + REVIEWED), scenery.by
    if sheet.is_fillable:
        # The demo is late by nature: without this, the clock would write on the day of loading.
        sheet.reminded_at = timezone.now()
    sheet.save()
