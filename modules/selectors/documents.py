"""The page « Documents » of a démarche: what can be produced, and what was."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from accounts.access import Scope
from modules.models import AssessmentSheet, LabelCycle, Referential, SelfAssessment
from modules.selectors.changes_documents import WHATS_NEW
from reports.models import Document
from reports.registry import get_kind


@dataclass(frozen=True, slots=True)
class Offer:
    """A document that may be asked for: its kind, its subject, its newest production if any."""

    kind: str
    subject_id: int | str
    title: str
    note: str
    document: Document | None


@dataclass(frozen=True, slots=True)
class OfferGroup:
    """Documents that go together, under one heading."""

    title: str
    offers: list[Offer]


_DOSSIER = (
    (
        "modules.evidence_dossier",
        "Dossier de preuves, en un seul PDF",
        "Index par engagement, pages numérotées de bout en bout, liste de ce qui manque.",
    ),
    (
        "modules.evidence_archive",
        "Dossier de preuves, archive ZIP",
        "Les mêmes pièces renommées, un index et leurs empreintes SHA-256.",
    ),
)
_CONSOLIDATED = (
    (
        "modules.assessment",
        "Auto-diagnostic consolidé (PDF)",
        "Tous les services, écarts, matrice.",
    ),
    (
        "modules.assessment_ods",
        "Auto-diagnostic (classeur ODS)",
        "Une ligne par engagement et service.",
    ),
    ("modules.assessment_xlsx", "Auto-diagnostic (classeur XLSX)", "Le même tableau."),
)


def documents_of_cycle(cycle: LabelCycle, scope: Scope) -> list[OfferGroup]:
    """Return the documents that this scope may read, by group; 5 queries whatever their number."""
    assessment = (
        SelfAssessment.objects.visible_to(scope)
        .filter(cycle=cycle)
        .order_by("-opened_on", "-pk")
        .first()
    )
    sheets = (
        AssessmentSheet.objects.visible_to(scope)
        .filter(assessment=assessment)
        .select_related("service")
        .order_by("service__name", "pk")
    )
    wanted: list[tuple[str, int | str, str, str]] = [
        (kind, cycle.pk, title, note) for kind, title, note in _DOSSIER
    ]
    if assessment is not None:
        wanted += [(kind, assessment.pk, title, note) for kind, title, note in _CONSOLIDATED]
        wanted += [
            ("modules.assessment_sheet", sheet.pk, str(sheet.service), sheet.current_state.label)
            for sheet in sheets
        ]
    wanted += _comparisons(cycle, scope)
    wanted = [item for item in wanted if scope.may(*get_kind(item[0]).read_permissions)]
    newest = newest_documents(wanted, scope)
    offers = [Offer(*item, newest.get((item[0], str(item[1])))) for item in wanted]
    name = assessment.name if assessment else ""
    groups = [
        OfferGroup(
            "Dossier de preuves",
            [o for o in offers if o.subject_id == cycle.pk and "evidence" in o.kind],
        ),
        OfferGroup(name, [o for o in offers if o.kind in {kind for kind, *_ in _CONSOLIDATED}]),
        OfferGroup(
            f"{name}, service par service",
            [o for o in offers if o.kind == "modules.assessment_sheet"],
        ),
    ]
    groups.append(OfferGroup("Ce qui change", [o for o in offers if o.kind == WHATS_NEW]))
    return [group for group in groups if group.offers]


def _comparisons(cycle: LabelCycle, scope: Scope) -> list[tuple[str, int | str, str, str]]:
    """Return what the référentiel of the démarche changed, and what those that follow it change.

    The document speaks of the préfecture that one belongs to: nothing is offered from elsewhere.
    """
    if cycle.prefecture_id != scope.prefecture_id:
        return []
    own = cycle.referential_id
    found = (
        Referential.objects.visible_to(scope)
        .filter(Q(pk=own) | Q(predecessor=own), predecessor__isnull=False)
        .select_related("predecessor")
        .order_by("published_on", "pk")
    )
    return [
        (
            WHATS_NEW,
            item.slug,
            f"De {item.predecessor.name} à {item.name}",
            "Module par module et mot à mot, avec ce qu’il en résulte pour la préfecture.",
        )
        for item in found
    ]


def newest_documents(
    wanted: Iterable[tuple[str, int | str, str, str]], scope: Scope
) -> dict[tuple[str, str], Document]:
    """Return the newest document of each (kind, subject, …), in one query."""
    asked = [(kind, str(subject_id)) for kind, subject_id, *_ in wanted]
    found: dict[tuple[str, str], Document] = {}
    documents = (
        Document.objects.readable_by(scope)
        .light()
        .filter(kind__in={kind for kind, _ in asked}, subject_id__in={pk for _, pk in asked})
        .order_by("requested_at", "pk")
    )
    for document in documents:
        found[(document.kind, document.subject_id)] = document
    return found


def offer_of(cycle: LabelCycle, scope: Scope, kind: str, subject_id: str) -> Offer | None:
    """Return the offer that this address asks for; ``None`` when the page does not make it."""
    offers = [offer for group in documents_of_cycle(cycle, scope) for offer in group.offers]
    return next((o for o in offers if (o.kind, str(o.subject_id)) == (kind, subject_id)), None)
