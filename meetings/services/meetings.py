"""Writing the facts of a meeting."""

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from accounts.models import Prefecture
from common.editing import is_stale
from meetings.errors import ConflictError
from meetings.models import Committee, Meeting
from meetings.services.locks import lock_open_meeting


@transaction.atomic
def create_meeting(*, committee: Committee, meeting: Meeting) -> Meeting:
    """Save a new meeting, checked by its form; its address is « clu-loir-et-cher-2022 »."""
    # Two meetings created together must not take the same address.
    prefecture = Prefecture.objects.select_for_update().get(pk=committee.prefecture_id)
    year = (meeting.held_on or timezone.localdate()).year
    meeting.committee = committee
    meeting.slug = _free_slug(slugify(f"{committee.kind} {prefecture.slug} {year}"))
    meeting.save()
    return meeting


@transaction.atomic
def edit_meeting(*, meeting: Meeting) -> Meeting:
    """Save changed facts. ``LockedError``; ``ConflictError`` when they changed since they were read."""
    lock_open_meeting(meeting)
    if is_stale(meeting):
        raise ConflictError(
            "Quelqu’un vient de modifier cette séance. Rechargez la page, puis recommencez."
        )
    meeting.save()
    return meeting


def _free_slug(base: str) -> str:
    """Return ``base``, or ``base-2``, ``base-3``… when it is taken."""
    taken = set(Meeting.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug
