"""Small démarches for the tests: a référentiel of two modules, services, auto-diagnostic, evidence."""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import ContentFile

from accounts.enums import Role
from accounts.models import Membership, Prefecture, Service, User
from modules import services
from modules.enums import AssessmentResult, EvidenceKind, Sensitivity, SheetState
from modules.models import (
    AssessmentRow,
    AssessmentSheet,
    Commitment,
    CycleAuditor,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    LabelCycle,
    Referential,
    SelfAssessment,
    StoredFile,
)


OPENED_ON, DUE_ON = date(2022, 3, 1), date(2022, 4, 15)
_HEAD = """\
format: 2
referential:
  slug: {slug}
  name: Référentiel d’essai
  publisher: Ministère
  published_on: 2018-12-19
  source: Page de titre
  certainty: sourced
modules:
"""
_MODULE = """\
  - number: {number}
    title: Module {number}
    compulsory: {compulsory}
    number_certainty: sourced
    title_certainty: sourced
    source: Compte rendu
    headings:
      - code: R-{number}
        title: Rubrique {number}
        certainty: sourced
        source: Compte rendu
        commitments:
"""
_COMMITMENT = """\
          - code: M{module}-{number}
            wording: Engagement {module}.{number}
            evidence: Registre
            audit: Lecture
            certainty: sourced
            evidence_certainty: to_confirm
            source: Charte
"""


@dataclass
class Scene:
    """A démarche and what is around it; ``services[0]`` is the service of the cast."""

    cycle: LabelCycle
    referential: Referential
    commitments: list[Commitment]
    services: list[Service]


def small_referential(modules: int = 2, commitments: int = 3, slug: str = "essai") -> Referential:
    """Load a référentiel of so many modules (n° 1 compulsory), with so many commitments each."""
    loaded = Referential.objects.filter(slug=slug).first()
    if loaded is not None:
        return loaded
    text = _HEAD.format(slug=slug)
    for number in range(1, modules + 1):
        text += _MODULE.format(number=number, compulsory="true" if number == 1 else "false")
        text += "".join(
            _COMMITMENT.format(module=number, number=rank + 1) for rank in range(commitments)
        )
    services.import_referential(text=text)
    return Referential.objects.get(slug=slug)


def open_to_auditors(cycle: LabelCycle) -> None:
    """Open the démarche to the auditors of its préfecture."""
    auditors = Membership.objects.filter(prefecture=cycle.prefecture, role=Role.AUDITOR)
    for membership in auditors.order_by("pk"):
        CycleAuditor.objects.get_or_create(cycle=cycle, user=membership.user)


def make_scene(
    prefecture: Prefecture,
    *,
    modules: int = 2,
    commitments: int = 3,
    extra_services: int = 1,
    name: str = "Qual-e-Pref 2022",
) -> Scene:
    """Open a démarche with every module of a small référentiel, open to the auditors."""
    referential = small_referential(modules, commitments)
    cycle = services.create_cycle(
        prefecture=prefecture, referential=referential, name=name, started_on=date(2021, 9, 1)
    )
    services.prepare_modules(cycle=cycle, modules=referential.modules.order_by("number"))
    open_to_auditors(cycle)
    for rank in range(extra_services):
        Service.objects.get_or_create(prefecture=prefecture, name=f"Service {rank + 1:02}")
    found = Service.objects.filter(prefecture=prefecture).order_by("pk")
    rows = referential.commitments.order_by("position").select_related("heading__module")
    return Scene(cycle, referential, list(rows), list(found))


def make_assessment(scene: Scene, name: str = "Auto-diagnostic 2022") -> SelfAssessment:
    """Write an auto-diagnostic: a sheet for each service, a row for each commitment, no answer."""
    made = SelfAssessment.objects.create(
        cycle=scene.cycle, name=name, opened_on=OPENED_ON, due_on=DUE_ON
    )
    for service in scene.services:
        sheet = AssessmentSheet.objects.create(assessment=made, service=service, due_on=DUE_ON)
        AssessmentRow.objects.bulk_create(
            AssessmentRow(sheet=sheet, commitment=commitment) for commitment in scene.commitments
        )
    return made


def accept_sheets(assessment: SelfAssessment) -> None:
    """Mark every sheet accepted, every row conforming."""
    AssessmentRow.objects.filter(sheet__assessment=assessment).update(
        result=AssessmentResult.CONFORMING
    )
    assessment.sheets.update(state=SheetState.ACCEPTED)


def make_stored(prefecture: Prefecture, content: bytes = b"%PDF-1.4 essai") -> StoredFile:
    """Keep a file without checking it."""
    stored = StoredFile(
        prefecture=prefecture,
        original_name="note.pdf",
        name="note.pdf",
        content_type="application/pdf",
        size=len(content),
        sha256="0" * 64,
    )
    stored.file.save("note.pdf", ContentFile(content), save=True)
    return stored


def make_evidence(
    scene: Scene,
    *commitments: Commitment,
    title: str = "Charte d’accueil",
    service: Service | None = None,
    by: User | None = None,
    sensitivity: Sensitivity = Sensitivity.AUDIT,
    expires_on: date | None = None,
    url: str = "https://exemple.fr/charte",
) -> Evidence:
    """Add a piece (an address) and join it to these commitments, for all services."""
    piece = Evidence.objects.create(
        prefecture=scene.cycle.prefecture,
        title=title,
        kind=EvidenceKind.DISPLAY,
        service=service,
        dated_on=date(2022, 1, 10),
        expires_on=expires_on,
        sensitivity=sensitivity,
        added_by=by,
    )
    piece.current = EvidenceVersion.objects.create(evidence=piece, number=1, url=url)
    piece.save()
    for commitment in commitments:
        EvidenceLink.objects.create(evidence=piece, cycle=scene.cycle, commitment=commitment)
    return piece
