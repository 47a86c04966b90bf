"""Pieces that show that an action was done: attached, detached."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from action_plans.models import Action, ActionEvidence
from modules.models import Evidence


@transaction.atomic
def attach_evidence(*, action: Action, pieces: Iterable[Evidence], by: User | None) -> int:
    """Attach pieces of the préfecture; return how many are new. Doing it twice changes nothing."""
    rows = list(pieces)
    if any(piece.prefecture_id != action.prefecture_id for piece in rows):
        raise ValidationError("Une des pièces est celle d’une autre préfecture.")
    made = 0
    for piece in rows:
        _, is_new = ActionEvidence.objects.get_or_create(
            action=action, evidence=piece, defaults={"linked_by": by}
        )
        made += is_new
    return made


@transaction.atomic
def detach_evidence(*, link: ActionEvidence) -> None:
    """Take a piece off an action; the piece itself stays."""
    ActionEvidence.objects.filter(pk=link.pk).delete()
