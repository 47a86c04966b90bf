"""Tables of the app, cut by noun."""

from modules.models.assessments import (
    AssessmentRow,
    AssessmentSheet,
    SelfAssessment,
)
from modules.models.corrections import (
    Correction,
    HeadingRevision,
    ModuleRevision,
)
from modules.models.cycles import (
    CERTIFICATION_NEEDS_BODY,
    VALIDATION_FOLLOWS_CHOICE,
    CycleModule,
    LabelCycle,
    PlannedAudit,
    plausible_day,
)
from modules.models.evidence import (
    EXPIRES_SOON_DAYS,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
)
from modules.models.files import (
    StoredFile,
)
from modules.models.groups import (
    Correspondent,
    Deliverable,
    GroupMember,
    WorkingGroup,
)
from modules.models.label import (
    Adoption,
    CycleAuditor,
    CycleDocument,
)
from modules.models.procedures import (
    Procedure,
    ProcedureReading,
    ProcedureVersion,
)
from modules.models.referentials import (
    Commitment,
    CommitmentMapping,
    CommitmentRevision,
    Heading,
    Module,
    ModuleMapping,
    Referential,
)


__all__ = [
    "Correction",
    "HeadingRevision",
    "ModuleRevision",
    "AssessmentRow",
    "AssessmentSheet",
    "SelfAssessment",
    "CERTIFICATION_NEEDS_BODY",
    "VALIDATION_FOLLOWS_CHOICE",
    "CycleModule",
    "LabelCycle",
    "PlannedAudit",
    "plausible_day",
    "EXPIRES_SOON_DAYS",
    "Evidence",
    "EvidenceLink",
    "EvidenceVersion",
    "StoredFile",
    "Correspondent",
    "Deliverable",
    "GroupMember",
    "WorkingGroup",
    "Adoption",
    "CycleAuditor",
    "CycleDocument",
    "Procedure",
    "ProcedureReading",
    "ProcedureVersion",
    "Commitment",
    "CommitmentMapping",
    "CommitmentRevision",
    "Heading",
    "Module",
    "ModuleMapping",
    "Referential",
]
