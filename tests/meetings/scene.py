"""A committee that has met: bodies, members, agenda, attendance; its minutes as far as asked."""

from dataclasses import dataclass
from datetime import date, time

from django.utils import timezone

from accounts.models import Prefecture
from accounts.scopes import scope_of
from meetings.enums import BodyCategory, Presence, Slot
from meetings.models import (
    AgendaItem,
    Attendance,
    Body,
    Committee,
    Meeting,
    Member,
    Minutes,
)
from meetings.services.minutes import save_text, start_minutes
from meetings.services.workflow import submit_minutes, validate_minutes
from tests.cast import Cast


@dataclass
class Scene:
    """What a test of the minutes needs at hand."""

    cast: Cast
    meeting: Meeting
    chair: Member
    absent: Member
    items: list[AgendaItem]
    minutes: Minutes

    @property
    def slug(self) -> str:
        return self.meeting.slug

    def refreshed(self) -> Minutes:
        """Return the newest version as stored."""
        newest = self.meeting.minutes_versions.order_by("-version").first()
        assert newest is not None
        return newest

    def write(self, text: str, *, item: AgendaItem | None = None, slot: Slot = Slot.ITEM) -> None:
        """Write a text as the referent, over what is there."""
        item = item or (self.items[0] if slot == Slot.ITEM else None)
        minutes = self.refreshed()
        block = minutes.texts.filter(slot=slot, item=item).first()
        save_text(
            minutes=minutes,
            slot=slot,
            item=item,
            text=text,
            revision=block.revision if block else 0,
            by=self.cast.user("referente"),
        )

    def submit(self) -> Minutes:
        return submit_minutes(minutes=self.refreshed(), by=self.cast.user("referente"))

    def validate(self) -> Minutes:
        """Submit if needed, then sign as the préfet."""
        if self.refreshed().is_editable:
            self.submit()
        prefet = self.cast.user("prefet")
        return validate_minutes(
            minutes=self.refreshed(),
            scope=scope_of(prefet, today=timezone.localdate()),
            name=prefet.full_name,
            function=prefet.job_title,
        )


def build_scene(
    cast: Cast,
    prefecture: Prefecture | None = None,
    *,
    slug: str = "clu-2022",
    started: bool = True,
) -> Scene:
    """Build a meeting held on 12 May 2022 whose minutes may be submitted (nothing blocks)."""
    prefecture = prefecture or cast.prefecture
    committee, chair, absent = _build_committee(prefecture, slug)
    meeting = Meeting.objects.create(
        committee=committee,
        slug=slug,
        title="Comité local des usagers 2022",
        held_on=date(2022, 5, 12),
        starts_at=time(14, 0),
        ends_at=time(15, 30),
        place="Salle des fêtes, Blois",
        chair=chair,
        secretary=cast.user("agent"),
    )
    Attendance.objects.create(meeting=meeting, member=chair, presence=Presence.PRESENT)
    first = AgendaItem.objects.create(meeting=meeting, position=0, title="Résultats")
    child = AgendaItem.objects.create(
        meeting=meeting, parent=first, position=0, title="Enquête de satisfaction"
    )
    last = AgendaItem.objects.create(meeting=meeting, position=1, title="Questions diverses")
    minutes = start_minutes(meeting=meeting) if started else Minutes()
    return Scene(cast, meeting, chair, absent, [first, child, last], minutes)


def _build_committee(prefecture: Prefecture, slug: str) -> tuple[Committee, Member, Member]:
    """Return a committee of two bodies, its chair and somebody who never comes."""
    committee = Committee.objects.create(
        prefecture=prefecture,
        slug=f"comite-{slug}",
        name="Comité local des usagers",
        legal_basis="Arrêté du 3 mars 2021",
        service_line="Mission qualité",
    )
    state = Body.objects.create(
        committee=committee, name="Préfecture", category=BodyCategory.STATE, protocol_order=1
    )
    association = Body.objects.create(committee=committee, name="UFC Que Choisir", protocol_order=2)
    chair = Member.objects.create(
        body=state,
        civility="M.",
        first_name="François",
        last_name="Durand",
        function="préfet",
        protocol_order=1,
        email="prefet.durand@exemple.fr",
    )
    absent = Member.objects.create(
        body=association,
        civility="Mme",
        first_name="Zoé",
        last_name="Garnier",
        function="présidente",
        protocol_order=2,
    )
    return committee, chair, absent
