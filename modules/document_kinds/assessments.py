"""The documents of an auto-diagnostic: one service, all of them together, and as a workbook."""

from datetime import date
from typing import Any, ClassVar

from django.utils import timezone

from accounts.access import Permission
from common.spreadsheets import write_table
from modules.document_kinds.base import OfCycle
from modules.models import AssessmentSheet, LabelCycle, SelfAssessment
from modules.selectors.assessment_documents import (
    FLAT_HEADERS,
    consolidated_data,
    flat_rows,
    sheet_data,
)
from reports.errors import DocumentError
from reports.paper import paper_of, pdf_name
from reports.registry import ComposedKind, Frozen, register_document
from reports.workshop import ComposedFile, Workshop


@register_document
class SheetDocument(OfCycle):
    code = "modules.assessment_sheet"
    label = "Auto-diagnostic d’un service"
    template = "documents/assessment_sheet.html"
    read_permissions = (Permission.ASSESSMENT_READ,)
    model = AssessmentSheet

    def cycle(self, subject: AssessmentSheet) -> LabelCycle:
        return subject.assessment.cycle

    def cycle_id(self, subject_id: str) -> int:
        return AssessmentSheet.objects.values_list("assessment__cycle", flat=True).get(
            pk=subject_id
        )

    def collect(self, subject: AssessmentSheet) -> Frozen:
        today = timezone.localdate()
        data = sheet_data(subject)
        paper = paper_of(
            self.prefecture(subject),
            title="Auto-diagnostic",
            running_title=f"Auto-diagnostic – {data['service']}",
            kicker=data["cycle"],
            subtitle=data["service"],
            dated_on=today,
            notice=""
            if data["is_accepted"]
            else f"État de cette grille : {data['state'].lower()}.",
        )
        return {"paper": paper, "today": today, **data}

    def is_draft(self, frozen: Frozen) -> bool:
        return not frozen["is_accepted"]

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["today"], "Auto-diagnostic", frozen["service"])


class _Consolidated(OfCycle):
    """Every service of an auto-diagnostic, accepted or not: for those who pilot, not for auditors."""

    read_permissions = (Permission.ASSESSMENT_REVIEW, Permission.ASSESSMENT_READ_PRIVATE)
    model = SelfAssessment

    def cycle(self, subject: SelfAssessment) -> LabelCycle:
        return subject.cycle

    def cycle_id(self, subject_id: str) -> int:
        return SelfAssessment.objects.values_list("cycle", flat=True).get(pk=subject_id)

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["today"], "Auto-diagnostic consolidé", frozen["assessment"])


@register_document
class ConsolidatedDocument(_Consolidated):
    code = "modules.assessment"
    label = "Auto-diagnostic consolidé"
    template = "documents/assessment.html"
    landscape = True

    def collect(self, subject: SelfAssessment) -> Frozen:
        today = timezone.localdate()
        data = consolidated_data(subject)
        if not data["services"]:
            raise DocumentError(
                "no_sheet", "Aucun service ne remplit cet auto-diagnostic : il n’y a rien à réunir."
            )
        paper = paper_of(
            self.prefecture(subject),
            title="Auto-diagnostic consolidé",
            running_title=f"{data['assessment']} – tous les services",
            kicker=data["cycle"],
            subtitle=data["assessment"],
            dated_on=today,
        )
        return {"paper": paper, "today": today, **data}


class _Workbook(_Consolidated, ComposedKind):
    """A line for each service and commitment."""

    format: ClassVar[str]

    def collect(self, subject: SelfAssessment) -> Frozen:
        today = timezone.localdate()
        title = f"{subject.name} – tous les services"
        return {
            "paper": paper_of(self.prefecture(subject), title=title, running_title=title),
            "today": today,
            "assessment": subject.name,
            "rows": flat_rows(subject),
        }

    def file_name(self, frozen: Frozen) -> str:
        return super().file_name(frozen).removesuffix("pdf") + self.format

    def compose(self, frozen: Frozen, workshop: Workshop, *, document: Any) -> ComposedFile:
        path = workshop.path(f"workbook.{self.format}")
        # Dates are frozen as text; a workbook sorts true ones.
        rows = [
            [*row[:-1], date.fromisoformat(row[-1]) if row[-1] else None] for row in frozen["rows"]
        ]
        table = write_table(frozen["assessment"], FLAT_HEADERS, rows, self.format)
        path.write_bytes(table)
        return ComposedFile(path)


@register_document
class AssessmentOds(_Workbook):
    code = "modules.assessment_ods"
    label = "Auto-diagnostic (classeur ODS)"
    format = "ods"


@register_document
class AssessmentXlsx(_Workbook):
    code = "modules.assessment_xlsx"
    label = "Auto-diagnostic (classeur XLSX)"
    format = "xlsx"
