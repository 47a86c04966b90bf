"""What is asked of a composition: mandates that do not overlap, seats that are held. Pure.

The pages tell what is missing through ``composition_findings``; the services refuse the same person
twice in one body through ``same_mandate``.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.enums import Tone
from common.written import plain_key


EARLIEST, LATEST = date(1950, 1, 1), date(2100, 12, 31)
# A mandate that ends within this time is told: a successor takes weeks to be appointed.
ENDS_SOON = timedelta(days=90)


def person_key(first_name: str, last_name: str) -> tuple[str, str]:
    """Return what makes two records the same person; blank when no name is known."""
    return (plain_key(first_name), plain_key(last_name)) if last_name else ("", "")


def overlap(
    first: tuple[date | None, date | None], second: tuple[date | None, date | None]
) -> bool:
    """Tell whether two periods share a day (both ends included; ``None`` is open)."""
    (start_1, end_1), (start_2, end_2) = first, second
    return (start_1 is None or end_2 is None or start_1 <= end_2) and (
        start_2 is None or end_1 is None or start_2 <= end_1
    )


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A member as the rules see them; ``key`` is the ``person_key``."""

    label: str
    key: tuple[str, str]
    email: str
    starts_on: date | None
    ends_on: date | None

    def holds_on(self, day: date) -> bool:
        return overlap((self.starts_on, self.ends_on), (day, day))


@dataclass(frozen=True, slots=True)
class SeatedBody:
    """A body, its seats, and its members past and present."""

    name: str
    seats: int
    members: tuple[MemberFacts, ...]

    def holders(self, day: date) -> list[MemberFacts]:
        return [member for member in self.members if member.holds_on(day)]


@dataclass(frozen=True, slots=True)
class CompositionFinding:
    """What is missing or odd in a composition, with the names concerned."""

    code: str
    tone: Tone
    message: str
    details: tuple[str, ...]


def composition_findings(bodies: Sequence[SeatedBody], today: date) -> list[CompositionFinding]:
    """Return what a careful secretary would notice, the gravest first."""
    overfull, vacant, unheld = _seat_details(bodies, today)
    ended, ending = _mandate_details(bodies, today)
    found = {
        "overfull": overfull,
        "no_member": unheld,
        "vacant": vacant,
        "ended": ended,
        "ending": ending,
        "twice": _twice(bodies, today),
        "no_email": tuple(
            member.label for body in bodies for member in body.holders(today) if not member.email
        ),
    }
    return [
        CompositionFinding(code, _TONES.get(code, Tone.WATCH), _counted(code, details), details)
        for code, details in found.items()
        if details
    ]


_TONES = {"overfull": Tone.BAD}
# Code → noun, what one of them does, what several do.
_WORDS = {
    "overfull": (
        "organisme",
        "a plus de membres que de sièges",
        "ont plus de membres que de sièges",
    ),
    "no_member": ("organisme", "n’a pas de membre désigné", "n’ont pas de membre désigné"),
    "vacant": ("organisme", "a des sièges vacants", "ont des sièges vacants"),
    "ended": ("mandat", "est fini sans successeur", "sont finis sans successeur"),
    "ending": ("mandat", "finit dans les trois mois", "finissent dans les trois mois"),
    "twice": ("personne", "siège dans plusieurs organismes", "siègent dans plusieurs organismes"),
    "no_email": ("membre", "n’a pas de courriel", "n’ont pas de courriel"),
}


def _counted(code: str, details: tuple[str, ...]) -> str:
    noun, one, many = _WORDS[code]
    return f"1 {noun} {one}" if len(details) == 1 else f"{len(details)} {noun}s {many}"


def _seat_details(
    bodies: Sequence[SeatedBody], today: date
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the bodies that are overfull, those with vacant seats, those that nobody holds."""
    overfull, vacant, unheld = [], [], []
    for body in bodies:
        held = len(body.holders(today))
        if held == 0:
            unheld.append(body.name)
        elif held > body.seats:
            overfull.append(f"{body.name} : {held} membres pour {seats_in_words(body.seats)}")
        elif held < body.seats:
            left = body.seats - held
            words = "1 siège vacant" if left == 1 else f"{left} sièges vacants"
            vacant.append(f"{body.name} : {words} sur {body.seats}")
    return tuple(overfull), tuple(vacant), tuple(unheld)


def seats_in_words(count: int) -> str:
    """Return « 1 siège », « 4 sièges »."""
    return "1 siège" if count == 1 else f"{count} sièges"


def _mandate_details(
    bodies: Sequence[SeatedBody], today: date
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the mandates over whose body has a seat to fill, and those about to be over."""
    ended, ending = [], []
    for body in bodies:
        has_vacancy = len(body.holders(today)) < body.seats
        holding_keys = {member.key for member in body.holders(today) if any(member.key)}
        for member in body.members:
            if member.ends_on is None:
                continue
            when = f"{member.label} ({body.name}), le {member.ends_on:%d/%m/%Y}"
            if member.ends_on < today:
                if has_vacancy and member.key not in holding_keys:
                    ended.append(when)
            elif member.holds_on(today) and member.ends_on - today <= ENDS_SOON:
                ending.append(when)
    return tuple(ended), tuple(ending)


def _twice(bodies: Sequence[SeatedBody], today: date) -> tuple[str, ...]:
    """Return who holds a mandate in several bodies at once."""
    held: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for body in bodies:
        for member in body.holders(today):
            if any(member.key):
                held[member.key].append((member.label, body.name))
    return tuple(
        f"{places[0][0]} : {', '.join(body for _, body in places)}"
        for places in held.values()
        if len({body for _, body in places}) > 1
    )
