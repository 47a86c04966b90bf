"""The documents of the indicators, and what the minutes of a committee may insert."""

from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.enums import Role
from accounts.models import Prefecture
from common.typography import date_in_words
from indicators.models import Indicator
from indicators.selectors import paper
from indicators.selectors.reading_documents import DASHBOARD, SHEET, VALIDATED
from indicators.selectors.strengths import strengths_of_prefecture
from reports.errors import SubjectNotFound
from reports.models import Document
from reports.paper import paper_of, pdf_name
from reports.registry import DocumentKind, Frozen, register_document, register_section


@dataclass(frozen=True, slots=True)
class Subject:
    """What is printed, for whom: the figures are those that this scope reads."""

    prefecture: Prefecture
    scope: Scope
    indicator: Indicator | None = None

    def __str__(self) -> str:
        return str(self.indicator or self.prefecture)


class _OfFigures(DocumentKind):
    """Whoever reads the figures may print them. An auditor has documents of their own (``VALIDATED``),
    made of validated figures only, whoever asks for them again."""

    request_permissions = (Permission.DOCUMENT_READ,)

    def readable_subjects(self, scope: Scope) -> QuerySet[Any] | None:
        if scope.role != Role.AUDITOR:
            return None
        theirs = Document.objects.filter(kind=self.code, subject_id__endswith=VALIDATED)
        return theirs.order_by().values_list("subject_id", flat=True)

    def _read(self, scope: Scope, subject_id: str) -> tuple[Prefecture, Scope, str]:
        """Return whose figures, under which rights, and what follows the préfecture in the subject."""
        number, _, rest = subject_id.removesuffix(VALIDATED).partition(":")
        own = scope.prefecture
        if own is None or str(own.pk) != number or not scope.may(Permission.INDICATOR_READ):
            raise SubjectNotFound(f"{self.code} {subject_id}")
        if not subject_id.endswith(VALIDATED):
            if scope.role == Role.AUDITOR:
                raise SubjectNotFound(f"{self.code} {subject_id}")
            return own, scope, rest
        return own, replace(scope, role=Role.AUDITOR), rest

    def _subtitle(self, words: str, subject: Subject) -> str:
        is_validated = subject.scope.role == Role.AUDITOR
        return f"{words} – chiffres validés seulement" if is_validated else words


@register_document
class Dashboard(_OfFigures):
    code = DASHBOARD
    label = "Tableau de bord des indicateurs"
    template = "documents/indicators.html"
    landscape = True
    subject_link = "Revenir aux indicateurs"

    def subject(self, scope: Scope, subject_id: str) -> Subject:
        prefecture, reader, rest = self._read(scope, subject_id)
        if rest:
            raise SubjectNotFound(f"{self.code} {subject_id}")
        return Subject(prefecture, reader)

    def collect(self, subject: Subject) -> Frozen:
        today = timezone.localdate()
        data = paper.dashboard_data(subject.scope, today)
        head = paper_of(
            subject.prefecture,
            title="Tableau de bord des indicateurs",
            running_title=f"Indicateurs au {date_in_words(data['day'])}",
            subtitle=self._subtitle(f"Situation au {date_in_words(data['day'])}", subject),
            dated_on=today,
            notice=paper.SAMPLE_NOTICE if data["has_samples"] else "",
        )
        return {"paper": head, "today": today, **data}

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["day"], "Indicateurs", "Tableau de bord")

    def subject_url(self, subject_id: str) -> str:
        return reverse("indicators:figure_list")


@register_document
class IndicatorSheet(_OfFigures):
    code = SHEET
    label = "Fiche d’un indicateur"
    template = "documents/indicators_sheet.html"
    subject_link = "Revenir à l’indicateur"

    def subject(self, scope: Scope, subject_id: str) -> Subject:
        prefecture, reader, code = self._read(scope, subject_id)
        try:
            indicator = Indicator.objects.visible_to(scope).get(code=code)
        except ObjectDoesNotExist as error:
            raise SubjectNotFound(f"{self.code} {subject_id}") from error
        return Subject(prefecture, reader, indicator)

    def collect(self, subject: Subject) -> Frozen:
        today: date = timezone.localdate()
        indicator: Any = subject.indicator
        data = paper.sheet_data(indicator, subject.scope, today)
        head = paper_of(
            subject.prefecture,
            title=indicator.label,
            running_title=f"Indicateur {indicator.code}",
            kicker="Fiche d’indicateur",
            subtitle=self._subtitle(f"Code {indicator.code}", subject),
            dated_on=today,
            notice=paper.SAMPLE_NOTICE if data["has_samples"] else "",
        )
        return {"paper": head, "today": today, **data}

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["today"], "Indicateur", frozen["code"])

    def subject_url(self, subject_id: str) -> str:
        return reverse("indicators:figure_detail", args=[subject_id.split(":")[1]])


@register_section(
    "indicateurs",
    "Points forts et points faibles des indicateurs",
    "documents/sections/indicators_strengths.html",
)
def strengths(prefecture: Prefecture) -> dict[str, Any] | None:
    """Return the points of the period that the référent commented last, else of the newest quarter."""
    found = strengths_of_prefecture(prefecture, timezone.localdate())
    return None if found is None else asdict(paper.strengths_facts(found))
