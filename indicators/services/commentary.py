"""What the référent writes of a weak point, and the answer given to it."""

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import Prefecture, User
from common.editing import is_stale
from indicators.models import Commentary, Indicator
from indicators.services.measures import lock_figures


@transaction.atomic
def save_commentary(
    *,
    prefecture: Prefecture,
    indicator: Indicator,
    period: str,
    commentary: Commentary | None,
    comment: str,
    answer: str,
    by: User,
) -> Commentary:
    """Write the comment of an indicator in a period; the same again changes nothing.

    ``commentary`` is what was read, ``None`` when there was none. Raise ``ValidationError`` when
    somebody wrote meanwhile: their words are told, and nothing is overwritten.
    """
    # The row of the préfecture is held: two first comments never meet.
    lock_figures(prefecture)
    stored = (
        Commentary.objects.filter(prefecture=prefecture, indicator=indicator, period=period)
        .select_related("written_by")
        .first()
    )
    if stored is not None and (stored.comment, stored.answer) == (comment, answer):
        return stored
    if stored is not None and (commentary is None or is_stale(commentary)):
        raise ValidationError(_written_meanwhile(stored))
    row = stored or Commentary(prefecture=prefecture, indicator=indicator, period=period)
    row.comment, row.answer, row.written_by = comment, answer, by
    row.save()
    return row


def _written_meanwhile(stored: Commentary) -> str:
    who = str(stored.written_by) if stored.written_by else "Quelqu’un"
    return (
        f"{who} a écrit pendant ce temps. Constat : « {stored.comment or '(vide)'} ». Réponse : "
        f"« {stored.answer or '(vide)'} ». Votre texte est conservé ci-dessous : reprenez-le en tenant "
        "compte du sien, puis enregistrez de nouveau."
    )
