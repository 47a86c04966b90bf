"""Comments on an action: written, taken off, put back."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from action_plans.models import Action, ActionComment
from modules.models.scoping import kept
from modules.services.writing import remove, restore, write


# The same words from the same person within this time are one comment sent twice.
TWICE = timedelta(minutes=10)


@transaction.atomic
def write_comment(
    *, action: Action, text: str, author: User | None = None, author_name: str = ""
) -> ActionComment:
    """Write a comment, signed by an account or by the name of somebody who has none."""
    name = author.full_name if author is not None else author_name
    rows = ActionComment.objects.filter(
        kept(), action=action, text=text, author=author, author_name=name
    )
    twin: ActionComment | None = rows.filter(written_at__gte=timezone.now() - TWICE).first()
    if twin is not None:
        return twin
    comment = ActionComment(action=action)
    write(comment, {"text": text, "author": author, "author_name": name})
    return comment


@transaction.atomic
def remove_comment(*, comment: ActionComment) -> ActionComment:
    """Take a comment off the page."""
    return remove(comment)


@transaction.atomic
def restore_comment(*, comment: ActionComment) -> ActionComment:
    """Put a comment back."""
    return restore(comment)
