"""The auto-diagnostics of the demo: campaigns, grids of the services, answers."""

from collections.abc import Callable
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Service
from demo import content_assessments as content
from demo.content_assessments import Answer, AssessmentFacts, GridFacts
from demo.scenery import Scenery, morning_of
from modules.enums import AssessmentResult, AssessmentState, SheetState
from modules.models import AssessmentRow, AssessmentSheet, Commitment, SelfAssessment
from modules.selectors.perimeter import commitments_of_perimeter, services_by_module


UNKNOWN_WORDING = "Énoncé non retrouvé : rien à évaluer tant que le livret officiel n’est pas lu."
# Days after the opening on which the grids are answered, handed in, then read.
ANSWERED, SUBMITTED, REVIEWED = timedelta(7), timedelta(10), timedelta(14)


def build_assessments(scenery: Scenery) -> None:
    """Build the campaign of September 2021, closed, and the one of March 2022, under way."""
    earlier = _open(scenery, content.EARLIER)
    current = _open(scenery, content.CURRENT)
    for facts in content.GRIDS:
        service = scenery.services[facts.service]
        before = {**_answers(facts, facts.answers), **_answers(facts, facts.earlier)}
        _fill(_sheet(earlier, service, SheetState.ACCEPTED, scenery), before, scenery)
        sheet = _sheet(current, service, facts.state, scenery, facts.review_note)
        _fill(sheet, _answers(facts, facts.answers), scenery, facts.answered_until)


def build_uniform_assessment(
    scenery: Scenery, facts: AssessmentFacts, state: SheetState, partial: tuple[str, ...] = ()
) -> SelfAssessment:
    """Build a campaign where every service answers « conforme » but for these codes.

    Grids that are still to be filled get no answer at all.
    """
    made = _open(scenery, facts)
    answers = {code: Answer(code, content.PARTIAL, 2, "À améliorer.") for code in partial}
    for service in _concerned(scenery):
        sheet = _sheet(made, service, state, scenery)
        _write(sheet, scenery, (lambda _: None) if sheet.is_fillable else _usual(answers))
    return made


def _open(scenery: Scenery, facts: AssessmentFacts) -> SelfAssessment:
    return SelfAssessment.objects.create(
        cycle=scenery.cycle,
        name=facts.name,
        opened_on=facts.opened_on,
        due_on=facts.due_on,
        closed_on=facts.closed_on,
        state=AssessmentState.CLOSED if facts.closed_on else AssessmentState.OPEN,
        note=facts.note,
    )


def _sheet(
    assessment: SelfAssessment,
    service: Service,
    state: SheetState,
    scenery: Scenery,
    review_note: str = "",
) -> AssessmentSheet:
    """Write a grid as its state wants it: who handed it in and who read it, when."""
    is_submitted = state is not SheetState.TO_FILL
    is_reviewed = state in {SheetState.ACCEPTED, SheetState.SENT_BACK}
    opened_on = assessment.opened_on
    return AssessmentSheet.objects.create(
        assessment=assessment,
        service=service,
        due_on=assessment.due_on,
        state=state,
        submitted_at=morning_of(opened_on + SUBMITTED) if is_submitted else None,
        submitted_by=scenery.by if is_submitted else None,
        reviewed_at=morning_of(opened_on + REVIEWED) if is_reviewed else None,
        reviewed_by=scenery.by if is_reviewed else None,
        review_note=review_note,
        # The demo is late by nature: without this, the clock would write on the day of loading.
        reminded_at=timezone.now() if state in {SheetState.TO_FILL, SheetState.SENT_BACK} else None,
    )


def _concerned(scenery: Scenery) -> list[Service]:
    found = services_by_module(scenery.cycle).values()
    return list({service.pk: service for services in found for service in services}.values())


def _answers(facts: GridFacts, said: tuple[Answer, ...]) -> dict[str, Answer]:
    """Return what a service says, by code: « sans objet » first, then its answers."""
    none = {
        code: Answer(
            code,
            AssessmentResult.NOT_APPLICABLE,
            0,
            UNKNOWN_WORDING if code in content.UNKNOWN else "",
        )
        for code in facts.out_of_scope
    }
    return none | {answer.code: answer for answer in said}


def _usual(answers: dict[str, Answer]) -> Callable[[Commitment], Answer | None]:
    """Answer these codes as said, every other one « conforme »."""
    return lambda commitment: answers.get(
        commitment.code, Answer(commitment.code, content.CONFORMING, content.USUAL_MATURITY)
    )


def _fill(
    sheet: AssessmentSheet, answers: dict[str, Answer], scenery: Scenery, until: str = ""
) -> None:
    """Answer every commitment of a grid, or those that come before ``until`` and itself."""
    usual = _usual(answers)
    last = scenery.commitments[until].position if until else None

    def answer(commitment: Commitment) -> Answer | None:
        return usual(commitment) if last is None or commitment.position <= last else None

    _write(sheet, scenery, answer)


def _write(
    sheet: AssessmentSheet, scenery: Scenery, answer: Callable[[Commitment], Answer | None]
) -> None:
    """Write one row per commitment of the modules that concern the service."""
    by_module = services_by_module(scenery.cycle)
    concerned = {pk for pk, services in by_module.items() if sheet.service in services}
    AssessmentRow.objects.bulk_create(
        _row(sheet, commitment, answer(commitment), scenery, sheet.assessment.opened_on)
        for commitment in commitments_of_perimeter(scenery.cycle)
        if commitment.heading.module_id in concerned
    )


def _row(
    sheet: AssessmentSheet,
    commitment: Commitment,
    answer: Answer | None,
    scenery: Scenery,
    opened_on: date,
) -> AssessmentRow:
    if answer is None:
        return AssessmentRow(sheet=sheet, commitment=commitment)
    return AssessmentRow(
        sheet=sheet,
        commitment=commitment,
        result=answer.result,
        maturity=answer.maturity or None,
        comment=answer.comment,
        private_note=answer.private,
        assessed_by=scenery.by,
        assessed_at=morning_of(opened_on + ANSWERED),
    )
