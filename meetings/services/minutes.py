"""Writing the minutes: opening a version, saving its texts without overwriting anybody's."""

from django.db import transaction

from accounts.models import User
from common.markdown import clean_pasted_text
from common.typography import number_in_words
from meetings.enums import Slot
from meetings.errors import LockedError, RefusedError, TextConflictError
from meetings.models import AgendaItem, Meeting, Minutes, TextBlock
from meetings.selectors.pages import lock_reason


# About fifteen printed pages: no text of a meeting is longer, a pasted file may be.
MAX_TEXT_LENGTH = 50_000


def locked_draft(minutes: Minutes) -> Minutes:
    """Return the version, locked until the transaction ends; ``LockedError`` unless it is a draft.

    Every write of the minutes goes through here, so that none slips in while they are submitted.
    """
    stored = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    if not stored.is_editable:
        raise LockedError(lock_reason(stored))
    return stored


@transaction.atomic
def start_minutes(*, meeting: Meeting) -> Minutes:
    """Open the first version of the minutes, or return the newest: clicking twice is harmless."""
    newest = meeting.minutes_versions.order_by("-version").first()
    if newest is not None:
        return newest
    return Minutes.objects.get_or_create(meeting=meeting, version=1)[0]


@transaction.atomic
def save_text(
    *, minutes: Minutes, slot: Slot, item: AgendaItem | None, text: str, revision: int, by: User
) -> TextBlock | None:
    """Save one text, read by ``by`` at ``revision`` (0: nothing was written yet).

    Return it as it now stands (``None``: still nothing). A text that ``by`` did not touch is left
    as somebody else made it. Raises ``LockedError``, ``RefusedError`` when it is too long, and
    ``TextConflictError`` when both changed it: nothing is written then.
    """
    locked_draft(minutes)
    text = clean_pasted_text(text)
    refuse_too_long(text)
    block = (
        TextBlock.objects.select_for_update(of=("self",))
        .filter(minutes=minutes, slot=slot, item=item)
        .first()
    )
    if block is None:
        if not text:
            return None
        return TextBlock.objects.create(
            minutes=minutes, slot=slot, item=item, text=text, updated_by=by
        )
    # The second half also makes a retry harmless, when the answer to the first try was lost.
    if block.text == text:
        return block
    if block.revision != revision:
        base = text_at_revision(block, revision)
        if base == text:
            return block
        raise TextConflictError(block, base)
    block.text = text
    block.revision += 1
    block.updated_by = by
    block.save()
    return block


def refuse_too_long(text: str) -> None:
    """Raise ``RefusedError`` when a cleaned text passes the limit."""
    excess = len(text) - MAX_TEXT_LENGTH
    if excess > 0:
        raise RefusedError(
            f"Ce texte compte {number_in_words(len(text))} caractères ; la limite est de "
            f"{number_in_words(MAX_TEXT_LENGTH)}. Il n’est pas enregistré : retirez au moins "
            f"{number_in_words(excess)} caractères, ou répartissez-le entre plusieurs points."
        )


def text_at_revision(block: TextBlock, revision: int) -> str:
    """Return the text as it stood at a revision; empty before the first one, or when unknown."""
    past = block.history.filter(revision=revision).order_by("-history_id").first()
    return past.text if past is not None else ""


@transaction.atomic
def copy_content(*, source: Minutes, target: Minutes) -> None:
    """Give a new version the texts, questions, opinions and decisions of the one it corrects."""
    for block in source.texts.order_by("pk"):
        TextBlock.objects.create(
            minutes=target,
            slot=block.slot,
            item=block.item,
            text=block.text,
            updated_by=block.updated_by,
        )
    for rows in (source.questions, source.opinions, source.decisions):
        for row in rows.filter(removed_at__isnull=True).order_by("position", "pk"):
            row.first_row_id = row.lineage
            row.pk = None
            row._state.adding = True
            row.minutes = target
            row.revision = 1
            row.save()
