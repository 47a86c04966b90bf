"""The dossier de preuves: the one PDF and the archive of the same pieces."""

from typing import Any

from django.utils import timezone

from accounts.access import Permission
from modules.document_kinds.base import OfCycle
from modules.dossier.archive import compose_archive
from modules.dossier.pdf import compose_pdf
from modules.models import LabelCycle
from modules.selectors.dossier import dossier_data
from reports.errors import DocumentError
from reports.paper import paper_of, pdf_name
from reports.registry import ComposedKind, Frozen, register_document
from reports.workshop import ComposedFile, Workshop


class _Dossier(OfCycle, ComposedKind):
    read_permissions = (Permission.EVIDENCE_READ,)

    def collect(self, subject: LabelCycle) -> Frozen:
        today = timezone.localdate()
        data = dossier_data(subject, today)
        if not data["modules"]:
            raise DocumentError(
                "no_perimeter",
                "La démarche n’a aucun engagement : retenez d’abord ses modules, puis relancez.",
            )
        doubts = [
            item["to_confirm"] for module in data["modules"] for item in module["commitments"]
        ]
        paper = paper_of(
            subject.prefecture,
            title="Dossier de preuves",
            running_title=f"Dossier de preuves – {subject.name}",
            kicker="Label qualité de la préfecture",
            subtitle=subject.name,
            dated_on=today,
        )
        return {"paper": paper, "has_doubt": any(doubts), **data}

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["today"], "Dossier de preuves", frozen["cycle"]["name"])


@register_document
class EvidenceDossier(_Dossier):
    code = "modules.evidence_dossier"
    label = "Dossier de preuves (PDF)"
    template = "documents/evidence_dossier.html"

    def compose(self, frozen: Frozen, workshop: Workshop, *, document: Any) -> ComposedFile:
        return compose_pdf(self, frozen, workshop, document=document)


@register_document
class EvidenceArchive(_Dossier):
    code = "modules.evidence_archive"
    label = "Dossier de preuves (archive ZIP)"

    def file_name(self, frozen: Frozen) -> str:
        return super().file_name(frozen).removesuffix(".pdf") + ".zip"

    def compose(self, frozen: Frozen, workshop: Workshop, *, document: Any) -> ComposedFile:
        return compose_archive(frozen, workshop)
