"""Tables of the app, cut by noun."""

from action_plans.models.actions import (
    Action,
    ActionComment,
    ActionCounter,
    ActionEvidence,
    Axis,
    SavedView,
    Step,
)
from action_plans.models.plans import ActionImport, PlanVersion
from action_plans.models.signals import (
    BY_HAND,
    EffectReading,
    FollowUpLetter,
    Origin,
    SuccessMeasure,
)


__all__ = [
    "BY_HAND",
    "Action",
    "ActionComment",
    "ActionCounter",
    "ActionEvidence",
    "ActionImport",
    "Axis",
    "EffectReading",
    "FollowUpLetter",
    "Origin",
    "PlanVersion",
    "SavedView",
    "Step",
    "SuccessMeasure",
]
