"""The consistency panel: facts of a meeting gathered for ``meetings.rules``."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from meetings import rules
from meetings.models import Meeting, Minutes
from meetings.selectors.agenda import AgendaNode, agenda_tree
from meetings.selectors.attendance import attendance_facts
from reports.registry import get_section


def meeting_findings(meeting: Meeting, minutes: Minutes | None) -> list[rules.Finding]:
    """Return what a careful secretary would notice, blocking findings first (at most 9 queries)."""
    return rules.meeting_findings(meeting_facts(meeting, minutes), today=timezone.localdate())


def meeting_facts(meeting: Meeting, minutes: Minutes | None) -> rules.MeetingFacts:
    """Gather what the rules look at."""
    bodies, guests = attendance_facts(meeting)
    rows = _Rows(minutes)
    slug = meeting.slug
    return rules.MeetingFacts(
        places=rules.Places(
            facts=reverse("meetings:meeting_edit", args=[slug]),
            agenda=reverse("meetings:agenda", args=[slug]),
            attendance=reverse("meetings:attendance", args=[slug]),
            minutes=reverse("meetings:minutes", args=[slug]),
        ),
        held_on=meeting.held_on,
        place=meeting.place,
        has_start=meeting.starts_at is not None,
        has_end=meeting.ends_at is not None,
        chair_pk=meeting.chair_id,
        has_secretary=meeting.secretary_id is not None,
        bodies=bodies,
        guests=guests,
        items=tuple(_item(meeting, node, rows) for node in agenda_tree(meeting)),
        questions=tuple(
            rules.QuestionFacts(
                rank=rank,
                url=reverse("meetings:question_edit", args=[slug, question.pk]),
                asker_pk=question.asker_id,
                asker_name=question.asker.full_name if question.asker else question.asker_name,
                answerer_pk=question.answerer_id,
                answerer_name=(
                    question.answerer.full_name if question.answerer else question.answerer_name
                ),
                has_answer=bool(question.answer.strip()),
            )
            for rank, question in enumerate(rows.questions, start=1)
        ),
        decisions=tuple(
            rules.DecisionFacts(
                rank=rank,
                url=reverse("meetings:decision_edit", args=[slug, decision.pk]),
                owner=decision.owner,
                due_on=decision.due_on,
            )
            for rank, decision in enumerate(rows.decisions, start=1)
        ),
    )


class _Rows:
    """What is written in a version of the minutes, and under which items."""

    def __init__(self, minutes: Minutes | None) -> None:
        self.questions: list[Any] = []
        self.opinions: list[Any] = []
        self.decisions: list[Any] = []
        self.written: set[int] = set()
        if minutes is None:
            return
        self.questions = _kept(minutes.questions.select_related("asker", "answerer"))
        self.opinions = _kept(minutes.opinions)
        self.decisions = _kept(minutes.decisions)
        texts = minutes.texts.filter(item__isnull=False).exclude(text="")
        self.written = set(texts.order_by("pk").values_list("item_id", flat=True))

    def has_content(self, item_pk: int) -> bool:
        rows = (*self.questions, *self.opinions, *self.decisions)
        return item_pk in self.written or any(row.item_id == item_pk for row in rows)

    def has_opinion(self, item_pk: int) -> bool:
        return any(row.item_id == item_pk for row in self.opinions)


def _kept(rows: Any) -> list[Any]:
    return list(rows.filter(removed_at__isnull=True).order_by("position", "pk"))


def _item(meeting: Meeting, node: AgendaNode, rows: _Rows) -> rules.ItemFacts:
    item = node.item
    label, is_empty = _section(meeting, item.section)
    # What is announced is mended on the agenda; what is not written, where one writes.
    page = "meetings:agenda" if is_empty else "meetings:minutes"
    return rules.ItemFacts(
        number=node.number,
        title=item.title,
        url=f"{reverse(page, args=[meeting.slug])}#point-{item.pk}",
        is_leaf=node.is_leaf,
        expects_opinion=item.expects_opinion,
        has_content=rows.has_content(item.pk),
        has_opinion=rows.has_opinion(item.pk),
        section_label=label,
        section_is_empty=is_empty,
    )


def _section(meeting: Meeting, code: str) -> tuple[str, bool]:
    """Return the title of the data announced by an item, and whether there is none to show."""
    if not code:
        return "", False
    try:
        section = get_section(code)
    except LookupError:
        return code, True
    return section.title, section.frozen(meeting.committee.prefecture) is None
