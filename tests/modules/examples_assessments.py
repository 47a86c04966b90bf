"""Objects and rows of the auto-diagnostic for the guards; see tests/examples.py."""

from accounts.models import Membership, Prefecture, Service
from modules.models import AssessmentRow, AssessmentSheet
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import DUE_ON, accept_sheets, make_assessment, make_evidence, make_scene


def make_sheet(prefecture: Prefecture) -> AssessmentSheet:
    """Return the sheet of the service « accueil », not filled yet."""
    scene = make_scene(prefecture)
    make_assessment(scene)
    return AssessmentSheet.objects.get(service=scene.services[0])


@example(
    "modules:assessment_list",
    "modules:assessment_create",
    "modules:assessment_compare",
)
def cycle(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    scene = make_scene(prefecture)
    accept_sheets(make_assessment(scene))
    return {"pk": scene.cycle.pk}


@example(
    "modules:assessment_detail",
    "modules:assessment_edit",
    "modules:assessment_complete",
    "modules:assessment_close",
    "modules:assessment_reopen",
    "modules:assessment_remind",
)
def assessment(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_sheet(prefecture).assessment_id}


@example(
    "modules:sheet_detail",
    "modules:sheet_save",
    "modules:sheet_submit",
    "modules:sheet_review",
    "modules:sheet_deadline",
    "modules:sheet_remind",
    hidden_from=("auditeur",),
)
def sheet(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_sheet(prefecture).pk}


@example("modules:row_save", "modules:row_history", hidden_from=("auditeur",))
def row(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    sheet = make_sheet(prefecture)
    return {"pk": sheet.pk, "row_pk": sheet.rows.earliest("pk").pk}


@growing("modules:assessment_list", reader="referente", budget=11)
def assessments(cast: Cast, numbers: range) -> dict[str, object]:
    scene = make_scene(cast.prefecture) if numbers.start == 0 else None
    cycle = scene.cycle if scene else cast.prefecture.label_cycles.get()
    for number in numbers:
        made = cycle.assessments.create(
            name=f"Auto-diagnostic {number}",
            opened_on=DUE_ON,
            due_on=DUE_ON,
            closed_on=DUE_ON,
            state="closed",
        )
        made.sheets.create(service=cast.service, due_on=DUE_ON)
    return {"pk": cycle.pk}


@growing("modules:assessment_detail", reader="referente", budget=29)
def services(cast: Cast, numbers: range) -> dict[str, object]:
    if numbers.start == 0:
        make_assessment(make_scene(cast.prefecture))
    made = cast.prefecture.label_cycles.get().assessments.get()
    commitment = made.cycle.referential.commitments.earliest("pk")
    for number in numbers:
        service = Service.objects.create(prefecture=cast.prefecture, name=f"Bureau {number}")
        sheet = made.sheets.create(service=service, due_on=DUE_ON)
        sheet.rows.create(commitment=commitment)
        made.cycle.correspondents.create(service=service, name=f"Mme {number}")
        Membership.objects.get(user=cast.user("correspondant")).services.add(service)
    return {"pk": made.pk}


@growing("modules:sheet_detail", reader="correspondant", budget=16)
def rows(cast: Cast, numbers: range) -> dict[str, object]:
    if numbers.start == 0:
        scene = make_scene(cast.prefecture, modules=1, commitments=60)
        make_assessment(scene)
        AssessmentRow.objects.filter(sheet__service=cast.service).exclude(
            commitment__in=scene.commitments[:2]
        ).delete()
        make_evidence(scene, *scene.commitments)
        return {"pk": AssessmentSheet.objects.get(service=cast.service).pk}
    found = AssessmentSheet.objects.get(service=cast.service)
    asked = found.assessment.cycle.referential.commitments.order_by("position")
    for commitment in asked[2:60]:
        found.rows.create(
            commitment=commitment,
            result="partial",
            comment="Plaque illisible",
            assessed_by=cast.user("referente"),
        )
    return {"pk": found.pk}
