"""What the documents of a démarche share: who reads them, where they lead back."""

from typing import Any, ClassVar

from django.db.models import CharField, Model, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse

from accounts.access import Scope
from accounts.enums import Role
from accounts.models import Prefecture
from modules.models import LabelCycle
from reports.registry import DocumentKind


class OfCycle(DocumentKind):
    """Subject: a démarche, or a row of one. An auditor reads those opened to them, and no other."""

    model: ClassVar[type[Model] | None] = LabelCycle
    subject_link = "Revenir à la démarche"

    def cycle(self, subject: Any) -> LabelCycle:
        return subject

    def prefecture(self, subject: Any) -> Prefecture:
        return self.cycle(subject).prefecture

    def readable_subjects(self, scope: Scope) -> QuerySet[Any] | None:
        if scope.role != Role.AUDITOR:
            return None
        rows: Any = self.model
        visible = rows._default_manager.visible_to(scope)
        return visible.order_by().values_list(Cast("pk", CharField()), flat=True)

    def subject_url(self, subject_id: str) -> str:
        return reverse("modules:cycle_documents", args=[self.cycle_id(subject_id)])

    def cycle_id(self, subject_id: str) -> int:
        """Return the key of the démarche of a subject, without any scope: only for an address."""
        return int(subject_id)
