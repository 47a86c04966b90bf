"""What the documents of a meeting say, as plain data: collected here, frozen by ``reports``."""

from collections import defaultdict
from typing import Any

from django.utils import timezone

from common.markdown import render_markdown
from common.typography import date_in_words, time_in_words
from meetings.enums import CommitteeKind, Presence, SignatureKind, Slot
from meetings.models import Decision, Meeting, Minutes, Opinion, Question
from meetings.rules import AttendanceSheet, BodyFacts, Line, PersonFacts
from meetings.selectors.agenda import AgendaNode, agenda_tree
from meetings.selectors.attendance import attendance_facts, attendance_sheet
from meetings.selectors.follow_up import action_numbers
from reports.paper import Paper, paper_of
from reports.registry import Frozen, get_section


AGENDA_KIND = "meetings.agenda"
ATTENDANCE_KIND = "meetings.attendance_sheet"
MINUTES_KIND = "meetings.minutes"
DRAFT_KIND = "meetings.minutes_draft"

# Lists whose lines all fit half the page are set in two columns; so are the long ones.
SHORT_LINE = 44
LONG_LIST = 10
# Empty rows at the end of the sign-in sheet, for people who come unannounced.
BLANK_ROWS = 4


# --- The three documents ----------------------------------------------------------------------


def agenda_data(meeting: Meeting) -> Frozen:
    """Return the agenda (« ordre du jour ») that goes with the convocation."""
    return {
        "paper": _paper(meeting, "Ordre du jour", dated_on=meeting.convened_on),
        "meeting": _meeting_facts(meeting),
        "agenda": _agenda_lines(agenda_tree(meeting)),
    }


def attendance_data(meeting: Meeting) -> Frozen:
    """Return the sign-in sheet: a row per member, per body without a known member, per guest."""
    bodies, guests = attendance_facts(meeting)
    rows = [row for body in bodies for row in _signing_rows(body)]
    rows += [_signing_row(guest.organisation, guest) for guest in guests]
    return {
        "paper": _paper(meeting, "Feuille d’émargement"),
        "meeting": _meeting_facts(meeting),
        "rows": rows,
        "blank_rows": list(range(BLANK_ROWS)),
    }


def draft_minutes(minutes: Minutes) -> Frozen:
    """Return the minutes as they stand: a draft, printed with « Projet » across the page."""
    return {**_minutes_data(minutes), "is_draft": True}


def official_minutes(minutes: Minutes) -> Frozen:
    """Return what a version says at the moment it is signed; frozen by ``validate_minutes``."""
    return {**_minutes_data(minutes), "is_draft": False}


def _minutes_data(minutes: Minutes) -> Frozen:
    meeting = minutes.meeting
    nodes = agenda_tree(meeting)
    texts = {block.item_id or block.slot: block.text for block in minutes.texts.order_by("pk")}
    questions = _kept(minutes.questions.select_related("asker__body", "answerer__body"))
    opinions = _kept(minutes.opinions)
    decisions = _kept(minutes.decisions)
    numbers = {node.item.pk: node.number for node in nodes}
    sheet = attendance_sheet(meeting)
    outcomes = _outcomes(opinions, decisions)
    return {
        "paper": _paper(
            meeting,
            "Compte rendu",
            dated_on=timezone.localdate(minutes.validated_at) if minutes.validated_at else None,
            notice=version_notice(minutes),
            version=minutes.version,
        ),
        "meeting": _meeting_facts(meeting),
        "attendance": _attendance(sheet),
        "agenda": _agenda_lines(nodes),
        "opening": render_markdown(texts.get(Slot.OPENING, ""), heading_level=3),
        "items": [
            _item(node, texts, questions, outcomes.get(node.item.pk, []), meeting) for node in nodes
        ],
        # Questions of no item, or of an item taken off the agenda since: nothing is lost.
        "other_questions": [_question(q) for q in questions if q.item_id not in numbers],
        "opinions": _opinion_rows(opinions, numbers),
        "decisions": _decision_rows(decisions, numbers, action_numbers(decisions)),
        "closing": render_markdown(texts.get(Slot.CLOSING, ""), heading_level=3),
        "signatures": _signatures(minutes),
    }


# --- Head -------------------------------------------------------------------------------------


def title_of_minutes(meeting: Meeting, words: str = "Compte rendu") -> str:
    """Return « Compte rendu du CLU du 5 juillet 2022 »: footer, PDF title, subject of e-mails."""
    of_committee = CommitteeKind(meeting.committee.kind).of_title
    day = f"du {date_in_words(meeting.held_on)}" if meeting.held_on else "(date à préciser)"
    return f"{words} {of_committee} {day}"


def version_notice(minutes: Minutes) -> str:
    """Return what the first page of a correction says; empty for a first version."""
    if minutes.version == 1:
        return ""
    replaced = minutes.meeting.minutes_versions.filter(version=minutes.version - 1).first()
    when = ""
    if replaced and replaced.validated_at:
        when = f", validée le {date_in_words(timezone.localdate(replaced.validated_at))}"
    return (
        f"Version {minutes.version} : elle remplace la version {minutes.version - 1}{when}. Motif "
        f"de la correction : {minutes.correction_reason}"
    )


def _paper(meeting: Meeting, title: str, **details: Any) -> Paper:
    committee = meeting.committee
    subtitle = f"Séance du {date_in_words(meeting.held_on)}" if meeting.held_on else meeting.title
    return paper_of(
        committee.prefecture,
        title=title,
        running_title=title_of_minutes(meeting, title),
        kicker=committee.name,
        subtitle=subtitle,
        service=committee.service_line,
        **details,
    )


def _meeting_facts(meeting: Meeting) -> dict[str, Any]:
    """Return date, hours, place and people of the meeting, as printed under the title."""
    return {
        "slug": meeting.slug,
        "title": meeting.title,
        "acronym": meeting.committee.acronym,
        "held_on": meeting.held_on,
        "date_note": meeting.date_note,
        "hours": _hours(meeting),
        "place": meeting.place,
        "chair": meeting.chair.label if meeting.chair else "",
        "secretary": meeting.secretary.signature_label if meeting.secretary else "",
        "legal_basis": meeting.committee.legal_basis,
    }


def _hours(meeting: Meeting) -> str:
    start = time_in_words(meeting.starts_at) if meeting.starts_at else ""
    end = time_in_words(meeting.ends_at) if meeting.ends_at else ""
    if start and end:
        return f"de {start} à {end}"
    return f"à {start}" if start else ""


# --- Agenda and what was said -----------------------------------------------------------------


def _agenda_lines(nodes: list[AgendaNode]) -> list[dict[str, Any]]:
    return [
        {
            "number": node.number,
            "level": node.level,
            "title": node.item.title,
            "presenter": node.item.presenter,
            # Said once: many titles already end with « pour avis ».
            "expects_opinion": node.item.expects_opinion
            and "pour avis" not in node.item.title.lower(),
        }
        for node in nodes
    ]


def _item(
    node: AgendaNode,
    texts: dict[Any, str],
    questions: list[Question],
    outcomes: list[dict[str, str]],
    meeting: Meeting,
) -> dict[str, Any]:
    own_questions = [
        _question(question) for question in questions if question.item_id == node.item.pk
    ]
    # The title of a first-level item is an h2 of the document.
    html = render_markdown(texts.get(node.item.pk, ""), heading_level=node.level + 2)
    section = section_data(node.item.section, meeting)
    return {
        "number": node.number,
        "level": node.level,
        "title": node.item.title,
        "presenter": node.item.presenter,
        "html": html,
        "section": section,
        "questions": own_questions,
        "outcomes": outcomes,
        "is_empty": node.is_leaf and not (html or section or own_questions or outcomes),
    }


def _outcomes(
    opinions: list[Opinion], decisions: list[Decision]
) -> dict[int | None, list[dict[str, str]]]:
    """Return what was thought and decided, by item: said there, and again in the tables at the end."""
    outcomes: dict[int | None, list[dict[str, str]]] = defaultdict(list)
    for opinion in opinions:
        text = f"{opinion.current_verdict.label} sur « {opinion.document_title} »"
        outcomes[opinion.item_id].append({"label": "Avis du comité", "text": text})
    for rank, decision in enumerate(decisions, start=1):
        outcomes[decision.item_id].append({"label": f"Décision n° {rank}", "text": decision.text})
    return outcomes


def section_data(code: str, meeting: Meeting) -> dict[str, Any] | None:
    """Return the data of the application that an item inserts; ``None`` when there are none."""
    if not code:
        return None
    try:
        section = get_section(code)
    except LookupError:
        return None
    return section.frozen(meeting.committee.prefecture)


def _opinion_rows(opinions: list[Opinion], numbers: dict[int, str]) -> list[dict[str, Any]]:
    return [
        {
            "item": numbers.get(opinion.item_id or 0, ""),
            "document": opinion.document_title,
            "verdict": opinion.current_verdict.label,
            "comment": opinion.comment,
        }
        for opinion in opinions
    ]


def _decision_rows(
    decisions: list[Decision], numbers: dict[int, str], actions: dict[int, list[int]]
) -> list[dict[str, Any]]:
    return [
        {
            "number": rank,
            "item": numbers.get(decision.item_id or 0, ""),
            "text": decision.text,
            "owner": decision.owner,
            "due_on": decision.due_on,
            "actions": actions.get(decision.lineage, []),
        }
        for rank, decision in enumerate(decisions, start=1)
    ]


def _question(question: Question) -> dict[str, str]:
    return {
        "asker": question.asker_label,
        "html": render_markdown(question.text, heading_level=5),
        "answerer": question.answerer_label,
        "answer_html": render_markdown(question.answer, heading_level=5),
    }


def _kept(rows: Any) -> list[Any]:
    return list(rows.filter(removed_at__isnull=True).order_by("position", "pk"))


# --- People -----------------------------------------------------------------------------------


def _attendance(sheet: AttendanceSheet) -> dict[str, Any]:
    """Return the lists as the paper draws them: ``[{heading, people: [{name, function}], short}]``."""
    absent = [_people(group.heading, group.lines, under_body=True) for group in sheet.absent]
    lines = [
        *sheet.present,
        *sheet.excused,
        *sheet.represented,
        *(line for group in sheet.absent for line in group.lines),
    ]
    return {
        "present": _people("Personnes présentes", sheet.present),
        "excused": _people("Personnes excusées", sheet.excused),
        "represented": _people("Personnes représentées", sheet.represented),
        "absent": absent,
        "observations": [{"about": line.label, "text": line.note} for line in lines if line.note],
    }


def _people(heading: str, lines: tuple[Line, ...], *, under_body: bool = False) -> dict[str, Any]:
    """``under_body``: the heading already names the body (« Députés »)."""
    people = [_person(line, with_body=not under_body) for line in lines]
    longest = max((len(f"{p['name']}, {p['function']}") for p in people), default=0)
    short = longest <= SHORT_LINE or len(people) >= LONG_LIST
    return {"heading": heading, "people": people, "short": short}


def _person(line: Line, *, with_body: bool) -> dict[str, str]:
    """Return the name and, after it, the function; without any, the body that is represented."""
    name = line.name or line.organisation
    words = line.function or (line.organisation if line.name and with_body else "")
    if line.represented_by:
        words = ", ".join(part for part in (words, f"représenté par {line.represented_by}") if part)
    return {"name": name, "function": words}


def _signing_rows(body: BodyFacts) -> list[dict[str, str]]:
    people = [person for person in body.people if person.in_mandate or person.mark]
    if not people:
        return [_signing_row(body.name, body)]
    return [_signing_row(body.name, person) for person in people]


def _signing_row(organisation: str, who: BodyFacts | PersonFacts) -> dict[str, str]:
    """Return one row; what is already known (excused, represented) is printed in its column."""
    presence = who.mark.presence if who.mark else None
    return {
        "organisation": organisation,
        "name": who.name if isinstance(who, PersonFacts) else "",
        "function": who.function if isinstance(who, PersonFacts) else "",
        "present": "X" if presence == Presence.PRESENT else "",
        "excused": "X" if presence == Presence.EXCUSED else "",
        "represented_by": who.mark.represented_by if who.mark else "",
    }


def _signatures(minutes: Minutes) -> list[dict[str, Any]]:
    """Return visa then signature, as ``documents/partials/signatures.html`` draws them."""
    rows = sorted(minutes.signatures.all(), key=lambda row: row.kind != SignatureKind.VISA)
    return [
        {
            "label": SignatureKind(row.kind).label,
            "name": row.name,
            "function": row.function,
            "delegation": row.delegation,
            "moment": row.signed_at,
        }
        for row in rows
    ]
