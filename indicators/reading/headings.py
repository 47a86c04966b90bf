"""What one label says: a period, a service, an indicator, a unit, or several of these at once."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import NamedTuple

from common.spreadsheets import Value
from indicators.reading import departments
from indicators.reading.definitions import (
    IGNORE,
    WHOLE,
    IndicatorDefinition,
    KnownPrefecture,
    KnownService,
    Why,
)
from indicators.reading.matching import (
    QUALIFIERS,
    Match,
    Role,
    decided,
    decided_service,
    exact_labels,
    exact_names,
    indicator_matcher,
    service_matcher,
)
from indicators.reading.periods import (
    DoubtfulPeriod,
    Kind,
    Period,
    Reading,
    YearlessPeriod,
    find_period,
    period_of_day,
    read_period,
)
from indicators.reading.vocabulary import (
    FILLERS,
    FOOTNOTE,
    HEADS,
    LEFT_OUT,
    NOTE,
    PARTS,
    ROLES,
    TOTAL,
    YEARS_BACK,
    aside_of,
)
from indicators.reading.words import same_label, split_unit, words_of


# « Taux d’appels aboutis (objectif : 95 %) » is still the measure.
_TARGET_NOTE = re.compile(r"\((?:objectif|obj\b\.?|cible|seuil)[^)]*\d[^)]*\)", re.IGNORECASE)


_FEW_WORDS = 2


class Grip(IntEnum):
    """How a label names a service."""

    LOOSE = 0  # by words that also speak of indicators: « Téléphone », « Accueil »
    NEAR = 1
    EXACT = 2


class Heading(NamedTuple):
    """Everything that a label, or several labels joined, say about the figures they stand over."""

    text: str = ""
    period: Reading | None = None
    year: int | None = None
    service: str | None = None
    grip: Grip = Grip.EXACT  # how the service is named
    is_total: bool = False
    meanings: tuple[Match, ...] = ()
    label: str = ""  # the words that carry these meanings
    possible: tuple[Match, ...] = ()
    role: Role | None = None
    unit: str = ""
    head: str = ""
    aside: Why | None = None
    department: str = ""
    years_back: int = 0  # « N-1 »
    is_rate: bool = False  # « Taux », by itself
    unknown: str = ""
    stranger: str = ""  # an unknown name in a column of services
    confidence: float = 1.0
    bare: frozenset[str] = frozenset()  # its words without the period: a layout is known by them


NOTHING = Heading()
_made = tuple.__new__


def joined(upper: Heading, lower: Heading) -> Heading:
    """Return what two labels say together; the lower, nearer to the figures, prevails."""
    if upper is NOTHING:
        return lower
    # Field by field, at once: each row of a large file is joined here.
    (
        text, period, year, service, grip, is_total, meanings, label, possible, role, unit, head, aside,
        department, years_back, is_rate, unknown, stranger, confidence, bare,
    ) = lower  # fmt: skip
    (
        text_over, period_over, year_over, service_over, grip_over, is_total_over, meanings_over,
        label_over, possible_over, role_over, unit_over, head_over, aside_over, department_over,
        years_back_over, is_rate_over, unknown_over, stranger_over, confidence_over, bare_over,
    ) = upper  # fmt: skip
    if text and text_over:
        text = f"{text_over} – {text}"
    if period or year:
        period, year = _together(upper, lower)
    else:
        period, year = period_over, year_over
    if meanings and meanings_over:
        meanings = _narrowed(meanings_over, meanings)
        role = role or role_over or _value_said(meanings_over, meanings)
    if head_over and not head:
        head = _head_over(upper, lower)
    return _made(
        Heading,
        (
            text or text_over,
            period,
            year,
            service or (None if is_total else service_over),
            grip if service else grip_over,
            is_total or (is_total_over and not service),
            meanings or meanings_over,
            label or label_over,
            possible or possible_over,
            role or role_over,
            unit or unit_over,
            head,
            aside or aside_over,
            department or department_over,
            years_back or years_back_over,
            is_rate or is_rate_over,
            unknown or unknown_over,
            stranger or stranger_over,
            min(confidence_over, confidence),
            bare | bare_over if bare_over else bare,
        ),
    )


def _head_over(upper: Heading, lower: Heading) -> str:
    """« Mois » over « janvier 2021 » names the columns, and heads no column of labels."""
    announced = {
        "period": lower.period,
        "year": lower.period,
        "service": lower.service,
        "indicator": lower.meanings,
    }
    is_over = announced.get(upper.head) or upper.head in announced and lower.is_total
    return "" if is_over else upper.head


def is_whole_prefecture(text: str) -> bool:
    """Tell whether a label says « the whole préfecture », as a title does."""
    return same_label(text) in TOTAL | HEADS["prefecture"]


def without_loose_service(heading: Heading) -> Heading:
    """Return a heading where « Téléphone » is a matter, not the « Standard téléphonique »."""
    if not heading.service or heading.grip > Grip.LOOSE:
        return heading
    return heading._replace(service=None, grip=Grip.EXACT, unknown=heading.unknown or heading.text)


def _together(upper: Heading, lower: Heading) -> tuple[Reading | None, int | None]:
    """A year over months dates them; otherwise the lower period is the one meant."""
    year = lower.year or upper.year
    is_year = isinstance(lower.period, Period) and lower.period.kind == Kind.YEAR
    if isinstance(upper.period, DoubtfulPeriod) and is_year:
        return upper.period, year  # « trimestre », then « 2021 »
    for near, far in ((lower.period, upper.period), (upper.period, lower.period)):
        if isinstance(near, YearlessPeriod) and isinstance(far, Period):
            dated = near.of_year(far.year)
            if far.contains(dated):
                return dated, year
    return lower.period or upper.period, year


def _value_said(upper: tuple[Match, ...], both: tuple[Match, ...]) -> Role | None:
    """Under « ECR-MAIL », « Courriels dans les délais » may well be the rate itself."""
    if not upper or both is upper:  # most rows of a large file
        return None
    values = {match.target for match in upper if match.role == Role.VALUE}
    is_part = any(match.role == Role.NUMERATOR and match.target in values for match in both)
    return Role.VALUE if is_part else None


def _narrowed(upper: tuple[Match, ...], lower: tuple[Match, ...]) -> tuple[Match, ...]:
    """« Appels reçus » under « Taux d’appels perdus » is the denominator of that rate alone."""
    targets = {match.target for match in upper}
    return tuple(match for match in lower if match.target in targets) or lower


def _with_bare_words(heading: Heading) -> Heading:
    found = find_period(heading.text)
    words = same_label(found[1] if found else heading.text)
    return heading._replace(bare=frozenset({words})) if words else heading


def _is_of_years(text: str) -> bool:
    """« Bilan 2020-2021 » dates nothing."""
    return len(set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))) > 1


@dataclass
class Reader:
    """Reads labels, each once; ``remembered`` are the answers given to earlier questions."""

    definitions: Sequence[IndicatorDefinition]
    services: Sequence[KnownService]
    prefecture: KnownPrefecture
    remembered: Mapping[str, str]
    by_code: dict[str, IndicatorDefinition] = field(init=False)
    _memory: dict[str, Heading] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._indicators = indicator_matcher(self.definitions)
        self._services = service_matcher(self.services)
        self.by_code = {definition.code: definition for definition in self.definitions}
        self._keys = {service.key for service in self.services}
        self._exact_labels = exact_labels(self.definitions)
        self._exact_services = exact_names(
            (name, service.key)
            for service in self.services
            for name in (service.name, service.acronym, *service.synonyms)
        )

    def heading(self, cell: Value) -> Heading:
        """Return what a cell says as a label."""
        if isinstance(cell, str):
            if cell not in self._memory:
                self._memory[cell] = _with_bare_words(self._read(cell.strip()))
            return self._memory[cell]
        if isinstance(cell, date):
            return Heading(text=f"{cell:%d/%m/%Y}", period=period_of_day(cell))
        if isinstance(cell, int | float) and not isinstance(cell, bool) and cell == int(cell):
            return self.heading(str(int(cell)))
        return Heading(text=str(cell), unknown=str(cell))

    def parts(self, label: str) -> list[Match]:
        """Return the numerators and denominators that a label may name, best first."""
        return [match for match in self._indicators.matches(label) if match.role != Role.VALUE]

    def possible_services(self, label: str) -> list[Match]:
        """Return the services that a label may name, best first."""
        return self._services.matches(label)

    def _read(self, text: str) -> Heading:
        if not text:
            return NOTHING
        text = FOOTNOTE.sub("", _TARGET_NOTE.sub(" ", text)).strip()
        if len(text) > 160 or NOTE.match(text.lower()):
            return Heading(text=text, unknown=text)
        answered = self._answered(text)
        if answered:
            return answered
        if key := self._exact_services.get(same_label(text)):
            return Heading(text=text, service=key)  # « Pôle S1 » is no half-year
        period = read_period(text)
        if period is not None:
            return Heading(text=text, period=period)
        found = find_period(text)
        if found is None or isinstance(found[0], DoubtfulPeriod) or _is_of_years(text):
            return self._words(text)._replace(text=text)
        heading = self._words(found[1])._replace(text=text, period=found[0])
        if heading.aside:
            message = heading.aside.message.replace(f"« {found[1]} »", f"« {text} »")
            heading = heading._replace(aside=heading.aside._replace(message=message))
        return heading

    def _answered(self, text: str) -> Heading | None:
        name = same_label(text)
        code = self.remembered.get(f"indicator:{name}", "")
        key = self.remembered.get(f"service:{name}", "")
        if IGNORE in (code, key):
            return Heading(text=text, aside=LEFT_OUT)
        if code in self.by_code:
            meaning = Match(code, Role.VALUE, 1)
            return self._dated(text)._replace(
                meanings=(meaning,), label=text, unit=split_unit(text)[1]
            )
        if key == WHOLE:
            return self._dated(text)._replace(is_total=True)
        return self._dated(text)._replace(service=key) if key in self._keys else None

    def _dated(self, text: str) -> Heading:
        found = find_period(text)
        return Heading(text=text, period=found[0] if found else None)

    def _words(self, text: str) -> Heading:
        """Read a label that holds no period, whole, else part by part."""
        whole = self._one(text)
        is_lone_service = whole.service and not whole.meanings and whole.confidence < 1
        if not (whole.unknown or whole.possible or is_lone_service):
            return whole
        label, unit = (split_unit(text)[0], f" ({whole.unit})") if whole.unit else (text, "")
        parts = [f"{part}{unit}" for part in PARTS.split(label) if part and part.strip()]
        if len(parts) < 2:
            return whole
        heads = [self._one(part) for part in parts]
        if not any(head.meanings or head.service or head.role or head.is_total for head in heads):
            return whole
        if any(head.meanings for head in heads):
            if self._is_of_a_part(parts, heads):
                possible = whole.possible or whole.meanings
                return Heading(text=text, unknown=text, possible=possible, unit=whole.unit)
            heads = [
                head if head.meanings or head.grip > Grip.LOOSE else NOTHING for head in heads
            ]  # « Tél. – appels aboutis »
        found = NOTHING
        for head in heads:
            found = joined(found, head)
        best = max((match.score for match in whole.meanings), default=0)
        if best > max((match.score for match in found.meanings), default=0):
            found = found._replace(meanings=whole.meanings, label=whole.label)
        is_said = bool(found.meanings or found.service)
        return found._replace(unknown="" if is_said else found.unknown, text=text)

    def _is_of_a_part(self, parts: Sequence[str], heads: Sequence[Heading]) -> bool:
        """Tell whether words after the label narrow it: « Réclamations reçues (courrier) »."""
        rank, head = next((rank, head) for rank, head in enumerate(heads) if head.meanings)
        own = {w for match in head.meanings for w in self._indicators.words_for(match.target)}
        return any(
            (head.unknown or head.meanings)
            and len(words := words_of(part)) <= _FEW_WORDS
            and words & (self._indicators.vocabulary | QUALIFIERS) - own
            for part, head in zip(parts[rank + 1 :], heads[rank + 1 :], strict=True)
        )

    def _one(self, text: str) -> Heading:
        simple = same_label(text)
        if not simple or simple in FILLERS:
            return NOTHING
        if self.remembered and (answered := self._answered(text)):
            return answered  # what was said of a label holds when a period stands beside it
        if listed := self._listed(text, simple):
            return listed
        label, unit = split_unit(text)
        if not label:
            return Heading(text=text, unit=unit)
        if simple != same_label(label) and (listed := self._listed(text, same_label(label))):
            return listed._replace(unit=unit)
        meanings = self._indicators.matches(text)
        taken = decided(meanings)
        key, grip, rival = self._named_service(label)
        if taken and taken[0].score >= rival:
            # A count that may be its rate is kept with that other meaning: the figures will tell.
            return Heading(
                text=text, meanings=tuple(taken), label=text, unit=unit, confidence=taken[0].score,
                service=self._place_within(label, taken), grip=Grip.NEAR,
                possible=tuple(match for match in meanings if match.role == Role.VALUE),
            )  # fmt: skip
        if key:
            return Heading(text=text, service=key, grip=grip, unit=unit, confidence=rival)
        department = departments.named_in(text) or ""
        return Heading(
            text=text, unit=unit, unknown=text, possible=tuple(meanings), department=department
        )

    def _place_within(self, label: str, meanings: Sequence[Match]) -> str | None:
        """Return the place of « Fréquentation du point numérique de Vendôme »: in words of its own.

        What is counted for the whole préfecture is so whoever keeps it: « Appels perdus du standard ».
        """
        own = words_of(label) - self._indicators.vocabulary
        is_for_all = any(self.by_code[match.target].level == "prefecture" for match in meanings)
        if not own or is_for_all:
            return None
        key = decided_service(self._services.matches(" ".join(sorted(own))))
        return key if key and own & self._services.words_for(key) else None

    def _named_service(self, label: str) -> tuple[str | None, Grip, float]:
        """Return the key of the service that a label names, how it names it, and how surely."""
        matches, words = self._services.matches(label), words_of(label)
        key = decided_service(matches)
        if key is None:
            return None, Grip.EXACT, 0
        score = matches[0].score
        if score == 1:
            return key, Grip.EXACT, score
        shared = words & self._services.words_for(key)
        grip = Grip.NEAR if shared - self._indicators.vocabulary else Grip.LOOSE
        return key, grip, score

    def _listed(self, text: str, simple: str) -> Heading | None:
        """Return what the label says when it is one of the words that head tables."""
        if key := self._exact_services.get(simple):
            return Heading(text=text, service=key)
        if code := self._exact_labels.get(simple):
            return Heading(text=text, meanings=(Match(code, Role.VALUE, 1),), label=text)
        if simple in TOTAL or departments.is_of(text, self.prefecture):
            head = "prefecture" if simple in HEADS["prefecture"] else ""
            return Heading(text=text, is_total=True, head=head)
        if kind := next((kind for kind, words in HEADS.items() if simple in words), ""):
            return Heading(text=text, head=kind)
        if role := next((role for role, names in ROLES.items() if simple in names), None):
            return Heading(text=text, role=role, is_rate=simple == "taux")
        if back := YEARS_BACK.fullmatch(simple):
            return Heading(text=text, years_back=int(back[1] or 1), role=Role.VALUE)
        aside = aside_of(text, simple)
        return Heading(text=text, aside=aside) if aside else None
