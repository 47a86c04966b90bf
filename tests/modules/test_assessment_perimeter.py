"""A module that leaves the perimeter keeps its answers aside: they no longer count, then come back."""

import pytest
from django.urls import reverse

from modules import services
from modules.enums import AssessmentResult, AssessmentState, SheetState
from modules.models import AssessmentRow
from modules.selectors.assessment_documents import consolidated_data
from modules.selectors.assessments import assessments_for_list, rows_for_cycle
from modules.services.assessment_review import submit_sheet
from tests.cast import Cast
from tests.modules.builders import make_assessment, make_scene


@pytest.mark.django_db
def test_rows_kept_aside_are_not_asked_and_come_back(cast: Cast) -> None:
    scene = make_scene(cast.prefecture, extra_services=0)
    assessment = make_assessment(scene)
    sheet = assessment.sheets.get()
    AssessmentRow.objects.filter(commitment__heading__module__number=1).update(
        result=AssessmentResult.CONFORMING
    )
    second = scene.cycle.cycle_modules.get(module__number=2)
    second.delete()

    assert rows_for_cycle(assessment).count() == 3
    (line,) = assessments_for_list(scene.cycle, cast.scope("referente"))
    assert line.progress.counts[AssessmentResult.NOT_ASSESSED] == 0
    assert [module["number"] for module in consolidated_data(assessment)["modules"]] == [1]
    address = reverse("modules:sheet_detail", args=[sheet.pk])
    page = cast.client("referente").get(address).content.decode()
    assert "Engagement 1.1" in page
    assert "Engagement 2.1" not in page
    # What is aside does not hold the grid back.
    assert submit_sheet(sheet=sheet, by=cast.user("correspondant")).state == SheetState.SUBMITTED

    services.prepare_modules(
        cycle=scene.cycle, modules=scene.referential.modules.order_by("number")
    )
    assert rows_for_cycle(assessment).count() == 6


@pytest.mark.django_db
def test_a_closed_auto_diagnostic_keeps_what_it_said(cast: Cast) -> None:
    scene = make_scene(cast.prefecture, extra_services=0)
    assessment = make_assessment(scene)
    assessment.state = AssessmentState.CLOSED
    assessment.save()
    scene.cycle.cycle_modules.get(module__number=2).delete()
    assert rows_for_cycle(assessment).count() == 6
