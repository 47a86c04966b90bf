"""Documents asked for, in production or kept: each row is its own log (floor 1)."""

from pathlib import PurePath
from typing import ClassVar, cast

from django.core.validators import MinLengthValidator
from django.db import models
from django.db.models import Q

from accounts.access import Scope, ScopedQuerySet
from accounts.enums import Role
from accounts.models import Prefecture, User
from reports.enums import PENDING, DocumentState
from reports.registry import readable_kinds
from reports.verification import new_code


CONTENT_TYPES = {
    "PDF": "application/pdf",
    "ZIP": "application/zip",
    "ODS": "application/vnd.oasis.opendocument.spreadsheet",
    "XLSX": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# Steps told on the page while a document is produced.
STEPS = ("rassemblement des données", "mise en page", "enregistrement du fichier")


def stored_path(document: "Document", name: str) -> str:
    """Return where the file is kept: one folder per document, so that names never meet."""
    return f"documents/{document.prefecture.code}/{document.pk}/{name}"


class DocumentQuerySet(ScopedQuerySet):
    def readable_by(self, scope: Scope) -> "DocumentQuerySet":
        """Keep the visible documents of the kinds that this scope may read."""
        free, limited = [], Q(pk__in=[])
        for kind in readable_kinds(scope):
            subjects = kind.readable_subjects(scope)
            if subjects is None:
                free.append(kind.code)
            else:
                limited |= Q(kind=kind.code, subject_id__in=subjects)
        visible = cast("DocumentQuerySet", self.visible_to(scope))
        return visible.filter(Q(kind__in=free) | limited)

    def for_subject(self, kind: str, subject_id: object) -> "DocumentQuerySet":
        """Keep the documents of one thing, newest first."""
        return self.filter(kind=kind, subject_id=str(subject_id)).order_by("-requested_at", "-pk")

    def pending(self) -> "DocumentQuerySet":
        return self.filter(state__in=PENDING)

    def ready(self) -> "DocumentQuerySet":
        return self.filter(state=DocumentState.READY)

    def light(self) -> "DocumentQuerySet":
        """Leave the frozen data in the database: lists never show them."""
        return self.defer("frozen")


class Document(models.Model):
    """A file asked for by somebody: what it says (frozen), where it is, how to verify it.

    ``subject_id`` is what the kind finds its subject by; ``series`` is shared by the successive
    versions of one document. ``claimed_by`` names the process that produces it
    (``reports.processes``); it owns the row as long as ``claimed_by`` and ``attempts`` stay.
    """

    prefecture = models.ForeignKey(
        Prefecture, models.PROTECT, related_name="documents", verbose_name="préfecture"
    )
    kind = models.CharField("nature", max_length=60)
    subject_id = models.CharField("sujet", max_length=64)
    series = models.CharField("série", max_length=100, blank=True)
    version = models.PositiveSmallIntegerField("version", default=1)
    title = models.CharField("titre", max_length=300)
    file_name = models.CharField("nom du fichier", max_length=200, blank=True)
    is_draft = models.BooleanField("projet", default=False)

    state = models.CharField(
        "état", max_length=10, choices=DocumentState.choices, default=DocumentState.QUEUED
    )
    progress_done = models.PositiveSmallIntegerField(default=0)
    progress_total = models.PositiveSmallIntegerField(default=len(STEPS))
    progress_label = models.CharField(max_length=120, blank=True)
    requested_by = models.ForeignKey(
        User,
        models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="demandé par",
    )
    requested_role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    requested_at = models.DateTimeField("demandé le")
    sent_at = models.DateTimeField("transmis le")
    claimed_at = models.DateTimeField("commencé le", null=True, blank=True)
    claimed_by = models.CharField("processus", max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    finished_at = models.DateTimeField("terminé le", null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.TextField("cause de l’échec", blank=True)

    frozen = models.JSONField("données figées", null=True, blank=True)
    file = models.FileField("fichier", upload_to=stored_path, max_length=400, blank=True)
    size = models.PositiveBigIntegerField("taille en octets", default=0)
    page_count = models.PositiveIntegerField("nombre de pages", default=0)
    sha256 = models.CharField("empreinte SHA-256", max_length=64, blank=True, db_index=True)
    verification_code = models.CharField(
        "code de vérification",
        max_length=14,
        unique=True,
        default=new_code,
        editable=False,
        validators=[MinLengthValidator(14)],
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = "document"
        ordering = ("-requested_at", "-pk")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state=DocumentState.READY)
                | (
                    ~Q(sha256="")
                    & ~Q(file="")
                    & ~Q(file_name="")
                    & Q(finished_at__isnull=False, frozen__isnull=False)
                ),
                name="document_ready_is_complete",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.FAILED)
                | (~Q(error_message="") & ~Q(error_code="") & Q(finished_at__isnull=False)),
                name="document_failed_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state=DocumentState.RUNNING)
                | (~Q(claimed_by="") & Q(claimed_at__isnull=False)),
                name="document_running_has_owner",
            ),
            # Two people (or two clicks) asking together get one document.
            models.UniqueConstraint(
                fields=("prefecture", "kind", "subject_id"),
                condition=Q(state__in=PENDING),
                name="document_one_pending_per_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=("prefecture", "-requested_at"), name="document_list"),
            models.Index(fields=("kind", "subject_id", "-requested_at"), name="document_subject"),
            models.Index(fields=("prefecture", "kind", "series"), name="document_series"),
            models.Index(fields=("state", "sent_at"), name="document_sweep"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def status(self) -> DocumentState:
        """The state with its words: ``document.status.label``, ``.tone``, ``.is_pending``."""
        return DocumentState(self.state)

    @property
    def is_ready(self) -> bool:
        return self.state == DocumentState.READY

    @property
    def is_failed(self) -> bool:
        return self.state == DocumentState.FAILED

    @property
    def is_pending(self) -> bool:
        return self.status.is_pending

    @property
    def progress_words(self) -> str:
        """« Étape 2 sur 3 : mise en page », or what it waits for."""
        if self.state == DocumentState.QUEUED:
            return "En attente d’un poste de production libre"
        if not self.progress_label:
            return "Production commencée"
        if self.progress_label not in STEPS:
            return f"{self.progress_label} : {self.progress_done} sur {self.progress_total}"
        return f"Étape {self.progress_done} sur {self.progress_total} : {self.progress_label}"

    @property
    def format(self) -> str:
        """« PDF », « ZIP », « ODS »…: the extension of its file in capitals."""
        return PurePath(self.file_name).suffix.lstrip(".").upper() or "PDF"

    @property
    def content_type(self) -> str:
        return CONTENT_TYPES.get(self.format, "application/octet-stream")

    @property
    def stamp(self) -> str:
        """What the page has seen of it; the polled fragment stays silent while it is the same."""
        return f"{self.state}-{self.attempts}-{self.progress_done}"


class WorkerHeartbeat(models.Model):
    """When each machine last executed a task: says on the health page that somebody works."""

    worker = models.CharField(max_length=120, unique=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ("-seen_at",)

    def __str__(self) -> str:
        return self.worker
