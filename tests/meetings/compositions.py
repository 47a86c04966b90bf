"""Committees with a composition, for the tests of its pages and of its import."""

from datetime import date
from typing import Any

from accounts.models import Prefecture
from meetings.enums import BodyCategory
from meetings.models import Body, Committee, Meeting, Member


TODAY = date(2026, 3, 16)


def make_committee(prefecture: Prefecture, slug: str = "clu-essai", **values: Any) -> Committee:
    return Committee.objects.create(
        prefecture=prefecture, slug=slug, **{"name": "Comité local des usagers", **values}
    )


def make_body(committee: Committee, name: str = "EMMAÜS 41", **values: Any) -> Body:
    return Body.objects.create(committee=committee, name=name, **values)


def make_member(body: Body, last_name: str = "Valjean", **values: Any) -> Member:
    return Member.objects.create(body=body, last_name=last_name, **values)


def make_meeting(committee: Committee, held_on: date | None, slug: str) -> Meeting:
    return Meeting.objects.create(committee=committee, slug=slug, title=slug, held_on=held_on)


def make_composition(prefecture: Prefecture, slug: str = "clu-essai") -> Committee:
    """A committee of three bodies: the State (two members), the chamber (no name), EMMAÜS (nobody)."""
    committee = make_committee(prefecture, slug)
    state = make_body(
        committee, "Préfecture", category=BodyCategory.STATE, seats=2, protocol_order=1
    )
    chamber = make_body(
        committee,
        "Chambre de commerce et d’industrie du 41",
        category=BodyCategory.CHAMBER,
        protocol_order=2,
    )
    make_body(committee, protocol_order=3)
    make_member(
        state,
        "Pesneau",
        civility="M.",
        first_name="François",
        function="préfet",
        protocol_order=1,
        email="prefet@exemple.fr",
    )
    make_member(
        state,
        "Silbermann",
        civility="Mme",
        first_name="Pascale",
        function="sous-préfète, référente qualité",
        protocol_order=2,
        email="referente@exemple.fr",
        phone="+33 2 54 00 00 00",
        starts_on=date(2021, 4, 1),
        ends_on=date(2027, 3, 31),
    )
    make_member(chamber, "", function="trésorière", protocol_order=3)
    return committee
