"""The « fil rouge » on paper, for the auditor: nothing that an auditor may not know is printed.

Imported by ``documents.py``.
"""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.models import Prefecture
from action_plans.selectors.signals import orphan_signals
from action_plans.selectors.thread import ThreadLine, texts_of, thread_actions, thread_lines
from reports.errors import DocumentError, SubjectNotFound
from reports.paper import paper_of, pdf_name
from reports.registry import DocumentKind, Frozen, register_document


KIND = "action_plans.thread"


@dataclass(frozen=True, slots=True)
class ThreadSubject:
    """The plan of a préfecture, read with the rights of whoever asks."""

    prefecture: Prefecture
    scope: Scope

    def __str__(self) -> str:
        return f"Fil rouge, {self.prefecture}"


@register_document
class ThreadOfProof(DocumentKind):
    code = KIND
    label = "Fil rouge"
    template = "documents/action_thread.html"
    read_permissions = (Permission.ACTION_READ,)
    landscape = True
    subject_link = "Revenir au fil rouge"

    def subject(self, scope: Scope, subject_id: str) -> ThreadSubject:
        prefecture = scope.prefecture
        if prefecture is None or str(prefecture.pk) != subject_id:
            raise SubjectNotFound(f"{self.code} {subject_id}")
        return ThreadSubject(prefecture, scope)

    def collect(self, subject: ThreadSubject) -> Frozen:
        scope, today = subject.scope, timezone.localdate()
        lines = thread_lines(thread_actions(scope), scope, today, only_shared=True)
        if not lines:
            raise DocumentError(
                "no_action", "Le plan ne contient aucune action : ouvrez-en une, puis relancez."
            )
        shared = [item for item in orphan_signals(scope) if item.fact.is_shared]
        return {
            "paper": paper_of(
                subject.prefecture,
                title="Fil rouge",
                running_title="Fil rouge du plan d’actions",
                kicker="Plan d’actions qualité",
                subtitle="Du signal à l’effet mesuré",
                dated_on=today,
            ),
            "lines": [_frozen(line) for line in lines],
            "signals": [{"kind": item.kind, "label": item.fact.label} for item in shared],
            "without_origin": [line.action.number for line in lines if not line.origins],
            "without_measure": [line.action.number for line in lines if line.lacks_measure],
        }

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["paper"]["dated_on"], "Fil rouge")

    def subject_url(self, subject_id: str) -> str:
        return reverse("action_plans:thread_list")


def _frozen(line: ThreadLine) -> dict[str, Any]:
    action = line.action
    return {
        "number": action.number,
        "title": action.title,
        "origins": texts_of(line.origins),
        "problem": action.problem,
        "cause": action.cause,
        "state": action.current_state.label,
        "is_late": line.is_late,
        "reason": action.state_reason if action.is_closed or action.verdict else "",
        "due_on": action.due_on,
        "done_on": action.done_on,
        "owner": action.owner_label,
        "service": str(action.service or ""),
        "lacks_measure": line.lacks_measure,
        "pieces": [piece.title for piece in line.pieces],
        "measures": [
            {
                "label": measure.label,
                "baseline": measure.baseline,
                "target": measure.target,
                "measure_on": measure.measure_on,
                "outcome": measure.outcome.label,
                "sentence": measure.latest.sentence if measure.latest else "",
                "source": measure.latest.source_note if measure.latest else "",
            }
            for measure in line.measures
        ],
        "verdict": action.current_verdict.label if action.current_verdict else "",
    }
