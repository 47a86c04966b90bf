"""``manage.py minutes <slug> --output FILE [--version N] [--json]``: the PDF that the page gives."""

import json
import os
import tempfile
import time
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from accounts.access import Permission, Scope
from common.commands import JsonCommand
from common.local_files import unwritable
from meetings.models import Meeting, Minutes
from meetings.selectors.delivery import official_document
from meetings.selectors.documents import DRAFT_KIND, MINUTES_KIND
from reports.models import Document
from reports.services import produce_now


# A worker may be producing the same document: its result is waited for, not doubled.
PATIENCE_SECONDS = 120
POLL_SECONDS = 0.2


class Command(JsonCommand):
    help = "Écrit le PDF du compte rendu d’une séance : le fichier signé, ou le projet."

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        # Our « --version N » takes the place of the one that every command has (Django's).
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", help="adresse courte de la séance : clu-loir-et-cher-2022")
        parser.add_argument("--output", required=True, type=Path, help="fichier à écrire")
        parser.add_argument(
            "--version", type=int, dest="number", metavar="N", help="par défaut, la dernière"
        )
        parser.add_argument("--json", action="store_true", help="répondre par un objet JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path = options["output"]
        _refuse_unwritable(output)
        minutes = _minutes(options["slug"], options["number"])
        document = _document(minutes)
        with document.file.open("rb") as file:
            _write(output, file.read())
        answer = {
            "meeting": minutes.meeting.slug,
            "version": minutes.version,
            "state": minutes.state,
            "file": str(output),
            "file_name": document.file_name,
            "pages": document.page_count,
            "bytes": document.size,
            "sha256": document.sha256,
            "verification_code": document.verification_code,
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(
                f"{output} : {document.title}, version {minutes.version} "
                f"({minutes.current_state.label.lower()}), {document.page_count} pages."
            )


def _minutes(slug: str, number: int | None) -> Minutes:
    meeting = Meeting.objects.filter(slug=slug).first()
    if meeting is None:
        raise CommandError(f"Aucune séance ne porte l’adresse courte « {slug} ».")
    versions = meeting.minutes_versions.order_by("-version")
    if number is not None:
        versions = versions.filter(version=number)
    minutes = versions.first()
    if minutes is None:
        raise CommandError(
            f"La séance « {slug} » n’a pas de compte rendu"
            + (f" en version {number}." if number is not None else " : commencez sa rédaction.")
        )
    return minutes


def _document(minutes: Minutes) -> Document:
    """Return the signed PDF as stored, or what the worker's code produces now."""
    if minutes.is_final:
        stored = official_document(minutes)
        if stored is not None:
            return stored
    scope = Scope(
        prefecture=minutes.meeting.committee.prefecture,
        permissions=frozenset({Permission.DOCUMENT_REQUEST}),
    )
    kind = MINUTES_KIND if minutes.is_final else DRAFT_KIND
    document = produce_now(kind=kind, subject_id=minutes.pk, scope=scope)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while document.is_pending and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
        document.refresh_from_db()
    if not document.is_ready:
        raise CommandError(document.error_message or "Le document est encore en production.")
    return document


def _refuse_unwritable(output: Path) -> None:
    """Refuse before any work: nothing is written when the answer could not be kept."""
    folder = output.parent
    if output.is_dir():
        raise CommandError(f"{output} est un dossier : indiquez un nom de fichier.")
    if not folder.is_dir():
        raise CommandError(f"Le dossier {folder} n’existe pas.")
    if not os.access(folder, os.W_OK) or (output.exists() and not os.access(output, os.W_OK)):
        raise CommandError(f"{output} ne peut pas être écrit : vérifiez les droits.")


def _write(output: Path, content: bytes) -> None:
    """Write beside, then rename: a reader never sees half a file."""
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=".minutes-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(output)
    except OSError as error:
        raise CommandError(unwritable(output, error)) from error
