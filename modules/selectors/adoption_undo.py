"""What somebody did in a démarche since it was made by an adoption."""

from collections.abc import Iterator

from modules.enums import SheetState
from modules.models import (
    Adoption,
    AssessmentRow,
    AssessmentSheet,
    Correspondent,
    CycleAuditor,
    CycleDocument,
    Deliverable,
    EvidenceLink,
    LabelCycle,
    PlannedAudit,
    SelfAssessment,
    WorkingGroup,
)


# Revision of a démarche that nobody has changed: made, then saved once with its modules.
REVISION_AS_MADE = 2


def work_since(adoption: Adoption, cycle: LabelCycle) -> list[str]:
    """Return what removing the new démarche would lose, each in French with its number.

    Empty when nobody worked in it (12 queries).
    """
    return [
        f"{number} {many if number > 1 else one}"
        for number, one, many in _counts(adoption, cycle)
        if number
    ]


def _counts(adoption: Adoption, cycle: LabelCycle) -> Iterator[tuple[int, str, str]]:
    made_at = adoption.made_at
    rows = AssessmentRow.objects.filter(sheet__assessment__cycle=cycle)
    # A reminder saves a grid too: only its state tells that its service worked.
    sheets = AssessmentSheet.objects.filter(assessment__cycle=cycle).exclude(
        state=SheetState.TO_FILL
    )
    links = EvidenceLink.objects.filter(cycle=cycle, linked_at__gt=made_at)
    campaigns = SelfAssessment.objects.filter(cycle=cycle)
    yield int(cycle.revision > REVISION_AS_MADE), "changement de la démarche", ""
    yield rows.filter(revision__gt=1).count(), "réponse", "réponses"
    yield sheets.count(), "grille transmise ou relue", "grilles transmises ou relues"
    yield campaigns.count() - bool(adoption.summary["assessment"]), "campagne", "campagnes"
    yield links.count(), "pièce jointe depuis", "pièces jointes depuis"
    for model, one, many in (
        (CycleDocument, "document", "documents"),
        (PlannedAudit, "audit prévu", "audits prévus"),
        (Correspondent, "correspondant", "correspondants"),
        (WorkingGroup, "groupe de travail", "groupes de travail"),
        (Deliverable, "livrable", "livrables"),
        (CycleAuditor, "auditeur", "auditeurs"),
    ):
        yield model.objects.filter(cycle=cycle).count(), one, many
    followers = LabelCycle.objects.filter(predecessor=cycle)
    yield followers.count(), "démarche qui la suit", "démarches qui la suivent"
