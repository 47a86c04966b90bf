"""Following up: the weekly letters, and what an owner answers through the link of a letter."""

import logging
from collections.abc import Iterable
from smtplib import SMTPException

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from action_plans.follow_up_links import Owner
from action_plans.mails import digest_letter
from action_plans.models import Action, FollowUpLetter, Step
from action_plans.rules.follow_up import week_of
from action_plans.selectors.follow_up import Digest, digests
from action_plans.services.actions import report_progress
from action_plans.services.comments import write_comment
from action_plans.services.steps import tick_step


logger = logging.getLogger(__name__)


def send_digests() -> int:
    """Write to everybody who owes an action; return how many letters left.

    Never twice in a week to one person of one préfecture, whatever the number of workers: each
    claims a letter first. One that could not leave is given up, for the next run.
    """
    return sum(_send(digest) for digest in digests())


def _send(digest: Digest) -> bool:
    today = timezone.localdate()
    claim = _claim(digest)
    if claim is None:
        return False
    letter = digest_letter(
        owner=digest.owner, prefecture=digest.prefecture, items=digest.items, today=today
    )
    try:
        letter.send()
    except (OSError, SMTPException):
        logger.exception("the weekly letter of claim %s could not leave", claim.pk)
        claim.delete()
        return False
    return True


def _claim(digest: Digest) -> FollowUpLetter | None:
    """Take the letter of this week; ``None`` when it was taken already."""
    try:
        with transaction.atomic():
            return FollowUpLetter.objects.create(
                prefecture=digest.prefecture,
                email=digest.owner.email.strip().lower(),
                week_on=week_of(timezone.localdate()),
            )
    except IntegrityError:
        return None


@transaction.atomic
def answer_link(
    *, action: Action, owner: Owner, progress: int, steps: Iterable[Step], comment: str
) -> bool:
    """Keep what an owner says of their action; return whether anything changed.

    Sending it twice changes nothing more. What changed is told in a comment signed by the owner:
    nobody is signed in, and the history would not say who. Raises ``ValidationError`` when the action
    takes no news any more.
    """
    if not action.is_open:
        raise ValidationError(
            f"Cette action est « {action.current_state.label.lower()} » : elle n’attend plus de "
            "nouvelles. Merci."
        )
    told = []
    for step in steps:
        if step.done_on is None:
            tick_step(step=step, done=True)
            told.append(f"Étape faite : {step.title}.")
    if progress != action.progress:
        told.append(f"Avancement : {action.progress} % → {progress} %.")
        report_progress(action=action, progress=progress)
    if comment.strip():
        told.insert(0, comment.strip())
    if not told:
        return False
    write_comment(
        action=action,
        text="\n".join(told),
        author=action.owner,
        author_name="" if action.owner else owner.name or owner.email,
    )
    return True
