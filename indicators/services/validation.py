"""Validation of the figures: validated and published by the référent, reopened with a reason."""

from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError

from accounts.models import Prefecture, User
from indicators.models import Measure
from indicators.services.measures import move_measures
from indicators.workflow import TRANSITIONS, Transition


def _move(
    transition: Transition,
    prefecture: Prefecture,
    ids: Iterable[int],
    by: User,
    reason: str = "",
    revisions: Mapping[int, int] | None = None,
) -> int:
    return move_measures(
        prefecture=prefecture,
        measure_ids=ids,
        sources=transition.sources,
        target=transition.target,
        by=by,
        reason=reason,
        revisions=revisions,
    )


def validate_measures(*, prefecture: Prefecture, measure_ids: Iterable[int], by: User) -> int:
    """Validate what is entered; return how many were. Doing it twice changes nothing more."""
    return _move(TRANSITIONS["validate"], prefecture, measure_ids, by)


def validate_seen(*, prefecture: Prefecture, revisions: Mapping[int, int], by: User) -> int:
    """Validate figures as they were read (key of the figure → revision); return how many were.

    Somebody who answers for a figure answers for the one that they saw: one changed since stays.
    """
    return _move(TRANSITIONS["validate"], prefecture, revisions, by, revisions=revisions)


def publish_measures(*, prefecture: Prefecture, measure_ids: Iterable[int], by: User) -> int:
    """Publish what is validated; return how many were."""
    return _move(TRANSITIONS["publish"], prefecture, measure_ids, by)


def reopen_measure(*, measure: Measure, by: User, reason: str) -> Measure:
    """Give a validated or published figure back to whoever enters it, and say why.

    Raise ``ValidationError`` without a reason, or when it is not validated.
    """
    if not reason.strip():
        raise ValidationError({"reason": "Dites pourquoi cette mesure est rouverte."})
    moved = _move(
        TRANSITIONS["reopen"], measure.prefecture, [measure.pk], by, reason=reason.strip()
    )
    if not moved:
        raise ValidationError("Cette mesure n’est pas validée : elle se modifie dans la grille.")
    return measure
