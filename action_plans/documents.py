"""The documents of the plan: the plan, what it changed, the section of the committee's agenda."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.models import Prefecture
from action_plans import thread_document as thread_document  # its kind declares itself
from action_plans.selectors import plan_documents as data
from common.typography import date_in_words
from reports.errors import SubjectNotFound
from reports.paper import paper_of, pdf_name
from reports.registry import DocumentKind, Frozen, register_document, register_section


P = Permission
EVERY_YEAR = "tout"


@dataclass(frozen=True, slots=True)
class PlanSubject:
    """The plan of a préfecture, of one year or of all (``year`` is ``None``)."""

    prefecture: Prefecture
    year: int | None

    def __str__(self) -> str:
        return str(self.year) if self.year else "toutes les années"


def subject_id_of(prefecture: Prefecture, year: int | None) -> str:
    """Return what names a plan in the documents: « 12-2022 », « 12-tout »."""
    return f"{prefecture.pk}-{year or EVERY_YEAR}"


class PlanKind(DocumentKind):
    """What the documents of the plan share: their subject, who reads them, where they lead back."""

    read_permissions = (P.ACTION_READ,)
    subject_link = "Revenir aux documents du plan d’actions"
    heading: ClassVar[str]

    def subject(self, scope: Scope, subject_id: str) -> PlanSubject:
        key, _, year = subject_id.partition("-")
        prefecture = scope.prefecture
        is_year = year == EVERY_YEAR or (year.isdecimal() and len(year) == 4)
        if prefecture is None or key != str(prefecture.pk) or not is_year:
            raise SubjectNotFound(f"{self.code} {subject_id}")
        return PlanSubject(prefecture, None if year == EVERY_YEAR else int(year))

    def paper(self, subject: PlanSubject) -> Any:
        today = timezone.localdate()
        period = f" {subject.year}" if subject.year else ""
        return paper_of(
            subject.prefecture,
            title=f"{self.heading}{period}",
            running_title=f"{self.heading}{period} au {date_in_words(today)}",
            kicker="Démarche qualité",
            subtitle=f"État au {date_in_words(today)}",
            dated_on=today,
        )

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["paper"]["dated_on"], frozen["paper"]["title"])

    def subject_url(self, subject_id: str) -> str:
        return reverse("action_plans:plan_documents")


@register_document
class PlanDocument(PlanKind):
    code = "action_plans.plan"
    label = "Plan d’actions"
    heading = "Plan d’actions"
    template = "documents/action_plan.html"
    landscape = True

    def collect(self, subject: PlanSubject) -> Frozen:
        today = timezone.localdate()
        return {
            "paper": self.paper(subject),
            **data.plan_data(subject.prefecture, subject.year, today),
        }


@register_document
class EffectsDocument(PlanKind):
    code = "action_plans.effects"
    label = "Bilan du plan d’actions"
    heading = "Bilan du plan d’actions"
    template = "documents/action_plan_effects.html"

    def collect(self, subject: PlanSubject) -> Frozen:
        today = timezone.localdate()
        return {
            "paper": self.paper(subject),
            **data.effects_data(subject.prefecture, subject.year, today),
        }


@register_section(
    "actions",
    "Plan d’actions : points les plus intéressants",
    "documents/sections/action_highlights.html",
)
def highlights(prefecture: Prefecture) -> dict[str, Any] | None:
    """Return the actions that the référent chose for the committee."""
    return data.highlights_data(prefecture, timezone.localdate())
