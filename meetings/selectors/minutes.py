"""The writing page: every text in the order of the agenda, with what stands under it."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.safestring import SafeString

from accounts.models import User
from common.markdown import render_markdown
from common.textdiff import Joined, Piece, join_texts, word_diff
from meetings.enums import Presence, Slot
from meetings.errors import TextConflictError
from meetings.models import Attendance, Decision, Meeting, Member, Minutes, Opinion, Question
from meetings.selectors.agenda import agenda_tree
from meetings.selectors.documents import section_data


OPENING, CLOSING = "ouverture", "cloture"
ITEM_PREFIX = "point-"


@dataclass(slots=True)
class Conflict:
    """Two people changed one text: who and when, both versions, how they differ, both joined."""

    who: str
    when: datetime
    theirs: str
    revision: int
    base_revision: int
    pieces: list[Piece]
    joined: Joined


@dataclass(slots=True)
class Place:
    """One text of the minutes on the page, and the rows under it.

    ``code`` is « ouverture », « cloture » or « point-12 »: anchor, names of fields, address.
    ``text`` is what is stored, or what was typed when it could not be saved.
    """

    code: str
    slot: Slot
    title: str
    number: str = ""
    level: int = 1
    item: Any = None
    is_leaf: bool = True
    text: str = ""
    revision: int = 0
    updated_by: User | None = None
    updated_at: datetime | None = None
    section: dict[str, Any] | None = None
    questions: list[Question] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    error: str = ""
    notice: str = ""
    conflict: Conflict | None = None

    @property
    def is_written(self) -> bool:
        return bool(self.text or self.questions or self.opinions or self.decisions)

    @property
    def is_optional(self) -> bool:
        """An item that has others under it needs no text of its own: its editor is folded."""
        return not (self.is_leaf or self.text or self.error or self.notice or self.conflict)

    @property
    def takes_rows(self) -> bool:
        """Questions, opinions and decisions stand under an item, or at the end for lack of one."""
        return self.slot != Slot.OPENING

    @property
    def html(self) -> SafeString:
        """The text as read when it does not change any more."""
        return render_markdown(self.text, heading_level=min(self.level + 3, 6))


def places_for_writing(minutes: Minutes) -> list[Place]:
    """Return every place of the minutes, in order (6 queries and those of the sections)."""
    blocks = {
        block.item_id or block.slot: block
        for block in minutes.texts.select_related("updated_by").order_by("pk")
    }
    nodes = agenda_tree(minutes.meeting)
    places = [Place(OPENING, Slot.OPENING, Slot.OPENING.label)]
    places += [
        Place(
            code=f"{ITEM_PREFIX}{node.item.pk}",
            slot=Slot.ITEM,
            title=node.item.title,
            number=node.number,
            level=node.level,
            item=node.item,
            is_leaf=node.is_leaf,
            section=section_data(node.item.section, minutes.meeting),
        )
        for node in nodes
    ]
    places.append(Place(CLOSING, Slot.CLOSING, Slot.CLOSING.label))
    for place in places:
        block = blocks.get(place.item.pk if place.item else place.slot)
        if block is not None:
            place.text, place.revision = block.text, block.revision
            place.updated_by, place.updated_at = block.updated_by, block.updated_at
    _add_rows(minutes, places)
    return places


def _add_rows(minutes: Minutes, places: list[Place]) -> None:
    """Put each row under its item; those of no item (any more) under the closing."""
    by_item: dict[int | None, Place] = defaultdict(lambda: places[-1])
    by_item.update({place.item.pk: place for place in places if place.item})
    kept = {"removed_at__isnull": True}
    for question in minutes.questions.filter(**kept).select_related("asker", "answerer"):
        by_item[question.item_id].questions.append(question)
    for opinion in minutes.opinions.filter(**kept):
        by_item[opinion.item_id].opinions.append(opinion)
    for decision in minutes.decisions.filter(**kept):
        by_item[decision.item_id].decisions.append(decision)


def place_for_code(minutes: Minutes, code: str) -> Place | None:
    """Return one place, without text nor rows, for a save; ``None`` when it is not there (any more)."""
    if code == OPENING:
        return Place(OPENING, Slot.OPENING, Slot.OPENING.label)
    if code == CLOSING:
        return Place(CLOSING, Slot.CLOSING, Slot.CLOSING.label)
    number = code.removeprefix(ITEM_PREFIX)
    if number == code or not (number.isascii() and number.isdigit()) or len(number) > 18:
        return None
    item = minutes.meeting.agenda_items.kept().filter(pk=int(number)).first()
    return Place(code, Slot.ITEM, item.title, item=item) if item else None


def conflict_for_page(error: TextConflictError, mine: str, base_revision: int) -> Conflict:
    """Return what the page shows of a refused save: nothing of ``mine`` was written."""
    block = error.block
    return Conflict(
        who=str(block.updated_by) if block.updated_by else "Quelqu’un",
        when=block.updated_at,
        theirs=block.text,
        revision=block.revision,
        base_revision=base_revision,
        pieces=word_diff(block.text, mine),
        joined=join_texts(error.base, block.text, mine),
    )


# --- Choices of the forms ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who may have spoken: a member, or a guest known by name."""

    code: str
    group: str
    label: str
    name: str
    organisation: str
    member_pk: int | None = None


def speakers(meeting: Meeting, also: Collection[int] = ()) -> list[Speaker]:
    """Return the members present, the guests, then the other members (3 queries).

    ``also`` are members to name even if they hold no mandate that day: they spoke already.
    """
    attendances = Attendance.objects.filter(meeting=meeting, member__isnull=False)
    there = set(
        attendances.filter(presence__in=[Presence.PRESENT, Presence.REPRESENTED])
        .order_by("pk")
        .values_list("member_id", flat=True)
    )
    holding = Member.objects.holding_on(meeting.held_on).filter(
        body__committee=meeting.committee_id, body__removed_at__isnull=True
    )
    members = (
        Member.objects.filter(Q(pk__in=holding.values("pk")) | Q(pk__in=also))
        .select_related("body")
        .order_by("protocol_order", "last_name", "pk")
    )
    known = [_speaking_member(member, member.pk in there) for member in members]
    guests = [
        Speaker(
            code=f"g{guest.pk}",
            group="Invités",
            label=guest.label,
            name=guest.full_name,
            organisation=guest.organisation or guest.function,
        )
        for guest in meeting.guests.filter(removed_at__isnull=True)
    ]
    present = [speaker for speaker in known if speaker.group == _PRESENT]
    return [*present, *guests, *(speaker for speaker in known if speaker.group != _PRESENT)]


_PRESENT = "Membres présents ou représentés"


def _speaking_member(member: Member, is_there: bool) -> Speaker:
    label = member.label if member.last_name else f"{member.body.name}, {member.function}"
    return Speaker(
        code=f"m{member.pk}",
        group=_PRESENT if is_there else "Autres membres du comité",
        label=label,
        name=member.full_name,
        organisation=member.body.name,
        member_pk=member.pk,
    )


def item_choices(meeting: Meeting) -> list[tuple[int, str]]:
    """Return the items of the agenda with their numbers, for a form."""
    return [(node.item.pk, f"{node.number} {node.item.title}") for node in agenda_tree(meeting)]
