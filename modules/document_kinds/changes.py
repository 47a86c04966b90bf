"""« Ce qui change » from one référentiel to the next, for one préfecture; and the same as a section."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.models import Prefecture
from modules.models import Referential
from modules.selectors.changes_documents import WHATS_NEW, changes_data, news_of
from reports.errors import DocumentError, SubjectNotFound
from reports.paper import paper_of, pdf_name
from reports.registry import DocumentKind, Frozen, register_document, register_section


@dataclass(frozen=True, slots=True)
class Change:
    """The subject: a référentiel, read from a préfecture, with the rights of whoever asks."""

    referential: Referential
    scope: Scope

    def __str__(self) -> str:
        return str(self.referential)


@register_document
class WhatsNew(DocumentKind):
    code = WHATS_NEW
    label = "Ce qui change"
    template = "documents/whats_new.html"
    # What the services answered is in it: for those who prepare the audit.
    read_permissions = (Permission.READINESS_READ,)
    subject_link = "Revenir à la comparaison"

    def subject(self, scope: Scope, subject_id: str) -> Change:
        found = Referential.objects.visible_to(scope).filter(slug=subject_id).first()
        if found is None or scope.prefecture is None:
            raise SubjectNotFound(f"{self.code} {subject_id}")
        return Change(found, scope)

    def prefecture(self, subject: Change) -> Prefecture:
        assert subject.scope.prefecture is not None  # noqa: S101 (told by ``subject``)
        return subject.scope.prefecture

    def collect(self, subject: Change) -> Frozen:
        data = changes_data(subject.referential, subject.scope)
        if data is None:
            raise DocumentError(
                "no_predecessor",
                "Ce référentiel n’en suit aucun autre : il n’y a rien à comparer.",
            )
        today = timezone.localdate()
        paper = paper_of(
            self.prefecture(subject),
            title="Ce qui change",
            running_title=f"Ce qui change de {data['old']} à {data['new']}",
            kicker="Label qualité de la préfecture",
            subtitle=f"De {data['old']} à {data['new']}",
            dated_on=today,
        )
        return {"paper": paper, "today": today, **data}

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["today"], "Ce qui change", frozen["new"])

    def subject_url(self, subject_id: str) -> str:
        return reverse("modules:referential_changes", args=[subject_id])


@register_section(
    "modules.nouveautes", "Ce qui change dans le référentiel", "documents/sections/whats_new.html"
)
def whats_new(prefecture: Prefecture) -> dict[str, Any] | None:
    """Return what changes in the référentiel of the present démarche."""
    return news_of(prefecture)
