"""To whom the minutes go, and what a link sent by e-mail opens."""

from dataclasses import dataclass

from django.db.models import Count, Q

from meetings.enums import DeliveryState
from meetings.models import Delivery, Meeting, Member, Minutes
from meetings.selectors.documents import MINUTES_KIND
from reports.models import Document


@dataclass(frozen=True, slots=True)
class Recipients:
    """Members of the committee on the day of the meeting: by e-mail, or by hand for lack of one."""

    by_email: tuple[Member, ...]
    by_hand: tuple[Member, ...]


def recipients(meeting: Meeting) -> Recipients:
    """Return everybody once per address, in protocol order (1 query)."""
    members = (
        Member.objects.holding_on(meeting.held_on)
        .filter(body__committee=meeting.committee_id, body__removed_at__isnull=True)
        .select_related("body")
        .order_by("protocol_order", "last_name", "pk")
    )
    by_email: dict[str, Member] = {}
    by_hand: list[Member] = []
    for member in members:
        if member.email:
            by_email.setdefault(member.email.strip().lower(), member)
        else:
            by_hand.append(member)
    return Recipients(tuple(by_email.values()), tuple(by_hand))


def official_document(minutes: Minutes) -> Document | None:
    """Return the signed PDF of a version; ``None`` until a worker has produced it."""
    return (
        Document.objects.for_subject(MINUTES_KIND, minutes.pk)
        .ready()
        .light()
        .order_by("finished_at", "pk")
        .first()
    )


@dataclass(frozen=True, slots=True)
class DeliveryCounts:
    """How many messages left, wait or failed."""

    sent: int
    waiting: int
    failed: int

    @property
    def is_going_on(self) -> bool:
        return self.waiting > 0


def delivery_counts(minutes: Minutes) -> DeliveryCounts:
    """Return the counts of a version (1 query)."""
    waiting = Q(state__in=[DeliveryState.QUEUED, DeliveryState.SENDING])
    return DeliveryCounts(
        **minutes.deliveries.aggregate(
            sent=Count("pk", filter=Q(state=DeliveryState.SENT)),
            waiting=Count("pk", filter=waiting),
            failed=Count("pk", filter=Q(state=DeliveryState.FAILED)),
        )
    )


def delivery_for_token(token: str) -> Delivery | None:
    """Return what a link sent by e-mail opens; ``None`` for a link nobody was sent."""
    return (
        Delivery.objects.filter(token=token)
        .select_related("minutes__meeting__committee__prefecture", "document")
        .defer("minutes__frozen", "document__frozen")
        .first()
    )


def newer_final_version(minutes: Minutes) -> Minutes | None:
    """Return the validated version that replaces this one, if any."""
    return (
        minutes.meeting.minutes_versions.filter(
            version__gt=minutes.version, validated_at__isnull=False
        )
        .order_by("-version")
        .first()
    )
