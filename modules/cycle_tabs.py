"""Parts of a démarche, each with its own address: one line here per part, in the order of the page."""

from dataclasses import dataclass

from django.urls import reverse

from accounts.access import Permission, Scope
from modules.models import LabelCycle


P = Permission


@dataclass(frozen=True, slots=True)
class CyclePart:
    """One tab; ``url_name`` takes the key of the démarche, unless ``is_shared`` by all of them."""

    code: str
    label: str
    url_name: str
    permission: Permission
    is_shared: bool = False


PARTS = (
    CyclePart("overview", "Vue d’ensemble", "modules:cycle_detail", P.CYCLE_READ),
    CyclePart("assessments", "Auto-diagnostic", "modules:assessment_list", P.ASSESSMENT_READ),
    CyclePart("evidence", "Pièces", "modules:evidence_list", P.EVIDENCE_READ),
    CyclePart(
        "procedures", "Fiches de procédure", "modules:procedure_list", P.PROCEDURE_READ, True
    ),
    CyclePart("groups", "Groupes et livrables", "modules:group_list", P.GROUP_READ),
    CyclePart("readiness", "Préparation à l’audit", "modules:readiness", P.READINESS_READ),
    CyclePart("documents", "Documents", "modules:cycle_documents", P.DOCUMENT_READ),
)


def tabs_of(cycle: LabelCycle, current: str, scope: Scope) -> list[dict[str, object]]:
    """Return the tabs that this scope may open, for ``components/section_tabs.html``."""
    return [
        {
            "label": part.label,
            "url": reverse(part.url_name, args=() if part.is_shared else (cycle.pk,)),
            "is_current": part.code == current,
        }
        for part in PARTS
        if scope.may(part.permission)
    ]
