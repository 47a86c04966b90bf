"""« Ce qui change » from one référentiel to the next, and the same in short for an agenda item."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.access import Permission, Scope
from accounts.enums import Role
from accounts.models import Prefecture
from modules.models import Referential
from modules.selectors.changes import changes_for_page
from modules.selectors.changes_document import changes_data, news_data
from modules.selectors.documents import CHANGES
from reports.errors import DocumentError, SubjectNotFound
from reports.paper import paper_of, pdf_name
from reports.registry import DocumentKind, Frozen, register_document, register_section


@dataclass(frozen=True, slots=True)
class ChangesSubject:
    """A référentiel, as it is read by somebody of a préfecture."""

    referential: Referential
    scope: Scope
    prefecture: Prefecture

    def __str__(self) -> str:
        return str(self.referential)


@register_document
class ChangesDocument(DocumentKind):
    """Subject: the référentiel that changes things, by its slug, and the préfecture of the scope."""

    code = CHANGES
    label = "Ce qui change"
    template = "documents/changes.html"
    read_permissions = (Permission.DOCUMENT_READ,)
    subject_link = "Revenir à la comparaison"

    def subject(self, scope: Scope, subject_id: str) -> ChangesSubject:
        visible = Referential.objects.visible_to(scope)
        found = visible.filter(slug=subject_id).select_related("predecessor").first()
        if found is None or scope.prefecture is None:
            raise SubjectNotFound(f"{self.code} {subject_id}")
        return ChangesSubject(found, scope, scope.prefecture)

    def collect(self, subject: ChangesSubject) -> Frozen:
        page = changes_for_page(subject.referential, subject.scope)
        if page is None:
            raise DocumentError(
                "no_predecessor",
                "Ce référentiel ne fait suite à aucun autre : il n’y a rien à comparer.",
            )
        today = timezone.localdate()
        data = changes_data(page)
        paper = paper_of(
            subject.prefecture,
            title="Ce qui change",
            running_title=f"Ce qui change de {data['old']} à {data['new']}",
            kicker="Label qualité de la préfecture",
            subtitle=f"De {data['old']} à {data['new']}",
            dated_on=today,
        )
        return {"paper": paper, "today": today, **data}

    def readable_subjects(self, scope: Scope) -> QuerySet[Any] | None:
        """An auditor reads the comparison on its page, not what it means for the work of a démarche."""
        if scope.role != Role.AUDITOR:
            return None
        return Referential.objects.none().values_list("slug", flat=True)

    def file_name(self, frozen: Frozen) -> str:
        return pdf_name(frozen["today"], "Ce qui change", frozen["new"])

    def subject_url(self, subject_id: str) -> str:
        return reverse("modules:referential_changes", args=[subject_id])


@register_section(
    "modules.nouveautes", "Nouveautés du référentiel", "documents/sections/whats_new.html"
)
def whats_new(prefecture: Prefecture) -> dict[str, Any] | None:
    """Return what the référentiel of the present démarche changes, module by module."""
    return news_data(prefecture)
