"""Tables of the app, cut by noun."""

from modules.models.cycles import (
    CERTIFICATION_NEEDS_BODY,
    VALIDATION_FOLLOWS_CHOICE,
    CycleModule,
    LabelCycle,
    PlannedAudit,
    plausible_day,
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
    "CERTIFICATION_NEEDS_BODY",
    "VALIDATION_FOLLOWS_CHOICE",
    "Commitment",
    "CommitmentMapping",
    "CommitmentRevision",
    "CycleModule",
    "Heading",
    "LabelCycle",
    "Module",
    "ModuleMapping",
    "PlannedAudit",
    "Referential",
    "plausible_day",
]
