"""What a careful secretary would notice before the minutes leave the house."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from common.typography import date_in_words
from meetings.enums import Presence, Severity
from meetings.rules.attendance import BodyFacts, PersonFacts
from meetings.rules.people import name_words, same_person


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses of the pages where a finding is mended."""

    facts: str
    agenda: str
    attendance: str
    minutes: str


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An agenda item. ``has_content``: a text, or a question, an opinion or a decision under it.

    ``section_label`` is empty without data to insert; ``section_is_empty`` when there is none.
    """

    number: str
    title: str
    url: str
    is_leaf: bool = True
    expects_opinion: bool = False
    has_content: bool = False
    has_opinion: bool = False
    section_label: str = ""
    section_is_empty: bool = False


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question; somebody chosen in the lists has a ``…_pk``, else only a typed name."""

    rank: int
    url: str
    asker_pk: int | None = None
    asker_name: str = ""
    answerer_pk: int | None = None
    answerer_name: str = ""
    has_answer: bool = True


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    rank: int
    url: str
    owner: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class MeetingFacts:
    """All that is looked at. ``has_minutes`` is false before anything is written."""

    places: Places
    held_on: date | None = None
    place: str = ""
    has_start: bool = False
    has_end: bool = False
    chair_pk: int | None = None
    has_secretary: bool = False
    bodies: tuple[BodyFacts, ...] = ()
    guests: tuple[PersonFacts, ...] = ()
    items: tuple[ItemFacts, ...] = ()
    questions: tuple[QuestionFacts, ...] = ()
    decisions: tuple[DecisionFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend: what, where, how, and the address of the very place."""

    code: str
    severity: Severity
    message: str
    url: str

    @property
    def is_blocking(self) -> bool:
        return self.severity == Severity.BLOCKING


def meeting_findings(facts: MeetingFacts, *, today: date) -> list[Finding]:
    """Return the findings, blocking ones first, each list in the order of the pages.

    Before the day of the meeting only its preparation is looked at: nobody can have been ticked.
    """
    findings = [*_header(facts, today), *_agenda(facts)]
    if facts.held_on is None or facts.held_on <= today:
        url = facts.places.attendance
        findings += attendance_findings(facts.bodies, facts.guests, facts.chair_pk, url)
        findings += [*_questions(facts), *_decisions(facts)]
    return sorted(findings, key=lambda finding: not finding.is_blocking)


def _header(facts: MeetingFacts, today: date) -> Iterator[Finding]:
    url = facts.places.facts
    if facts.held_on is None:
        yield _blocking("no_date", "La séance n’a pas de date. Indiquez-la.", url)
    elif facts.held_on > today:
        yield _blocking(
            "future_date",
            f"La séance est datée du {date_in_words(facts.held_on)}, qui n’est pas encore passé : "
            "le compte rendu se soumet après la séance. Corrigez la date si elle est fausse.",
            url,
        )
    if not facts.place:
        yield _blocking("no_place", "La séance n’a pas de lieu. Indiquez-le.", url)
    if facts.chair_pk is None:
        yield _blocking(
            "no_chair",
            "Personne ne préside la séance. Choisissez sa présidence parmi les membres.",
            url,
        )
    if not facts.has_start:
        yield _warning("no_start", "L’heure de début manque. Indiquez-la.", url)
    if not facts.has_end:
        yield _warning("no_end", "L’heure de fin manque. Indiquez-la.", url)
    if not facts.has_secretary:
        yield _warning(
            "no_secretary", "La séance n’a pas de secrétaire. Choisissez son compte.", url
        )


def _agenda(facts: MeetingFacts) -> Iterator[Finding]:
    if not facts.items:
        yield _warning(
            "no_agenda", "L’ordre du jour est vide. Ajoutez-y un point.", facts.places.agenda
        )
    for item in facts.items:
        if item.section_label and item.section_is_empty:
            yield _warning(
                "section_without_data",
                f"{_point(item)} annonce les données « {item.section_label} », mais il n’y en a "
                "pas. Saisissez-les, ou retirez-les de ce point.",
                item.url,
            )


def attendance_findings(
    bodies: Sequence[BodyFacts], guests: Sequence[PersonFacts], chair_pk: int | None, url: str
) -> list[Finding]:
    """Return what the attendance alone shows; ``url#body-3``, ``url#member-7`` name the row."""
    people = [person for body in bodies for person in body.people]
    present = [person for person in people if _is_present(person)]
    findings: list[Finding] = []
    if not (guests or present or any(_body_is_present(body) for body in bodies)):
        findings.append(
            _blocking(
                "nobody_present",
                "Aucune présence n’est pointée. Pointez les personnes présentes.",
                url,
            )
        )
    chair = next((person for person in people if person.pk == chair_pk), None)
    if chair and not _is_present(chair):
        findings.append(
            _warning(
                "chair_not_present",
                f"{chair.label} préside la séance, mais sa présence n’est pas pointée. Pointez-la, "
                "ou changez la présidence.",
                _row(url, "member", chair.pk),
            )
        )
    for body in bodies:
        findings += _body(body, url)
    findings += _twice([*present, *guests], url)
    return findings


def _body(body: BodyFacts, url: str) -> Iterator[Finding]:
    row = _row(url, "body", body.pk)
    present = body.people_marked(Presence.PRESENT)
    represented = body.people_marked(Presence.REPRESENTED)
    there = _contradicts(body)
    if body.mark and there and there.mark:
        mend = (
            "L’observation en dit la raison : vérifiez-la."
            if body.mark.note
            else "Gardez l’une des deux mentions, ou dites pourquoi en observation."
        )
        yield _warning(
            "body_present_and_absent",
            f"« {body.name} » est dans la liste « {_list_name(body.mark.presence)} », alors que "
            f"{_known_as(there)} est dans la liste « {_list_name(there.mark.presence)} ». {mend}",
            row,
        )
    sitting = len(present) + len(represented)
    if sitting > body.seats:
        yield _warning(
            "more_present_than_seats",
            f"« {body.name} » a {_count(body.seats, 'siège')}, et {_count(sitting, 'personne')} y "
            "siègent ou y sont représentées. Corrigez le pointage ou le nombre de sièges.",
            row,
        )
    for person in present:
        if not person.in_mandate:
            yield _warning(
                "outside_mandate",
                f"{person.label} est dans la liste des présents, mais son mandat ne couvre pas le "
                "jour de la séance. Corrigez le mandat ou inscrivez cette personne parmi les "
                "invités.",
                _row(url, "member", person.pk),
            )


def _contradicts(body: BodyFacts) -> PersonFacts | None:
    """Return somebody whose presence denies what is ticked for the whole body."""
    if body.mark is None:
        return None
    denying = {
        Presence.ABSENT: (Presence.PRESENT, Presence.EXCUSED, Presence.REPRESENTED),
        Presence.EXCUSED: (Presence.PRESENT,),
    }.get(body.mark.presence, ())
    return next((p for p in body.people if p.mark and p.mark.presence in denying), None)


def _list_name(presence: Presence) -> str:
    return f"{presence.label}s"


def _twice(present: Iterable[PersonFacts], url: str) -> Iterator[Finding]:
    """Find the names that the list of the present would print twice."""
    named = [person for person in present if person.last_name]
    counts = Counter(name_words(f"{p.first_name} {p.last_name}") for p in named)
    for words, count in counts.items():
        if count > 1:
            first = next(p for p in named if name_words(f"{p.first_name} {p.last_name}") == words)
            yield _warning(
                "present_twice",
                f"{first.name} figure {count} fois parmi les présents. Gardez une seule ligne.",
                url,
            )


def _questions(facts: MeetingFacts) -> Iterator[Finding]:
    yield from _texts(facts)
    for question in facts.questions:
        start = f"Question {question.rank}"
        yield from _speaker(
            facts, question.asker_pk, question.asker_name, f"{start} : ", "la pose", question.url
        )
        yield from _speaker(
            facts,
            question.answerer_pk,
            question.answerer_name,
            f"{start} : ",
            "y répond",
            question.url,
        )
        if not question.has_answer:
            yield _warning(
                "question_without_answer",
                f"{start} : la réponse manque. Écrivez-la, ou dites qu’elle sera donnée plus tard.",
                question.url,
            )
        elif question.answerer_pk is None and not question.answerer_name:
            yield _warning(
                "question_without_answerer",
                f"{start} : on ne sait pas qui répond. Indiquez-le.",
                question.url,
            )


def _texts(facts: MeetingFacts) -> Iterator[Finding]:
    leaves = [item for item in facts.items if item.is_leaf]
    empty = [item for item in leaves if not item.has_content]
    if len(empty) > 1 and len(empty) == len(leaves):
        yield _warning(
            "no_text",
            f"Aucun des {len(leaves)} points de l’ordre du jour n’a encore de texte. Commencez la "
            "rédaction.",
            facts.places.minutes,
        )
        empty = []
    for item in empty:
        yield _warning(
            "item_without_text",
            f"{_point(item)} n’a pas de texte. Rédigez-le, ou retirez le point de l’ordre du jour.",
            item.url,
        )
    for item in facts.items:
        if item.expects_opinion and not item.has_opinion:
            yield _warning(
                "item_without_opinion",
                f"{_point(item)} est soumis pour avis, mais aucun avis n’est noté. Notez-le, même "
                "« pas d’avis rendu ».",
                item.url,
            )


def _speaker(
    facts: MeetingFacts, pk: int | None, name: str, start: str, act: str, url: str
) -> Iterator[Finding]:
    """Look for who spoke in the lists: by identity, else by the name as typed."""
    if pk is None and not name:
        return
    people = [person for body in facts.bodies for person in body.people]
    if pk is None:
        if any(same_person(name, guest.first_name, guest.last_name) for guest in facts.guests):
            return
        found = [p for p in people if same_person(name, p.first_name, p.last_name)]
    else:
        found = [person for person in people if person.pk == pk]
    if not found:
        yield _warning(
            "speaker_in_no_list",
            f"{start}{name or 'quelqu’un'} {act}, mais n’est ni membre du comité ni parmi les "
            "invités. Ajoutez cette personne à la liste, ou corrigez son nom.",
            url,
        )
    elif not any(_is_present(person) for person in found):
        yield _warning(
            "speaker_not_present",
            f"{start}{_known_as(found[0])} {act}, mais sa présence n’est pas pointée. Pointez-la, "
            "ou corrigez le nom.",
            url,
        )


def _decisions(facts: MeetingFacts) -> Iterator[Finding]:
    for decision in facts.decisions:
        missing = [
            word
            for word, is_missing in (
                ("de responsable", not decision.owner),
                ("d’échéance", decision.due_on is None),
            )
            if is_missing
        ]
        if missing:
            yield _warning(
                "decision_incomplete",
                f"La décision {decision.rank} n’a pas {' ni '.join(missing)}. Dites qui fait quoi, "
                "et pour quand.",
                decision.url,
            )


def _is_present(person: PersonFacts) -> bool:
    return person.mark is not None and person.mark.presence == Presence.PRESENT


def _body_is_present(body: BodyFacts) -> bool:
    return body.mark is not None and body.mark.presence == Presence.PRESENT


def _known_as(person: PersonFacts) -> str:
    """Name somebody inside a sentence: a function alone takes its body."""
    return person.name or f"« {person.label} »"


def _point(item: ItemFacts) -> str:
    return f"Le point {item.number} « {item.title} »"


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"


def _row(url: str, kind: str, pk: int) -> str:
    return f"{url}#{kind}-{pk}"


def _blocking(code: str, message: str, url: str) -> Finding:
    return Finding(code, Severity.BLOCKING, message, url)


def _warning(code: str, message: str, url: str) -> Finding:
    return Finding(code, Severity.WARNING, message, url)
