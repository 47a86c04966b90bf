"""``manage.py import_actions FILE --prefecture 41 [--apply] [--by COURRIEL] [--json]``: import a plan."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Prefecture, User
from action_plans.exchange.outcome import LineStatus, Outcome
from action_plans.services.imports import import_now
from common.local_files import unreadable
from common.spreadsheets import UnreadableFileError


class Command(BaseCommand):
    help = (
        "Compare un tableau avec le plan d’actions d’une préfecture et, avec --apply, l’importe s’il "
        "n’y a rien à corriger. Sans --apply, rien ne change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="tableau ODS, XLSX ou CSV")
        parser.add_argument("--prefecture", required=True, help="code du département : 41")
        parser.add_argument("--apply", action="store_true", help="importer, pas seulement comparer")
        parser.add_argument("--by", metavar="COURRIEL", help="compte au nom duquel importer")
        parser.add_argument("--json", action="store_true", help="répondre par un seul objet JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        as_json: bool = options["json"]
        try:
            prefecture = _prefecture(options["prefecture"])
            outcome, imported = import_now(
                prefecture=prefecture,
                file_name=file.name,
                data=_content(file),
                by=_account(options["by"]),
                apply=options["apply"],
            )
        except UnreadableFileError as error:
            self._refuse(file, error.message, as_json)
        except CommandError as error:
            self._refuse(file, str(error), as_json)
        else:
            applied = 0 if imported is None else _written(outcome)
            self._answer(file, prefecture, outcome, applied, as_json)
            if outcome.is_refused:
                sys.exit(1)

    def _refuse(self, file: Path, message: str, as_json: bool) -> None:
        if as_json:
            told = {"sheet": "", "cell": "", "message": message}
            answer = {"file": file.name, "rows": [], "applied": 0, "errors": [told]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        raise CommandError(message)

    def _answer(
        self, file: Path, prefecture: Prefecture, outcome: Outcome, applied: int, as_json: bool
    ) -> None:
        if as_json:
            about = {"file": file.name, "prefecture": prefecture.code, "applied": applied}
            self.stdout.write(json.dumps({**outcome.as_dict(), **about}, ensure_ascii=False))
            return
        for fault in (*outcome.faults, *(one for line in outcome.lines for one in line.faults)):
            self.stderr.write(f"Feuille « {fault.sheet} », cellule {fault.cell} : {fault.message}")
        for line in outcome.lines:
            for change in line.changes:
                told = change.as_dict()
                self.stdout.write(
                    f"{line.sheet} {change.cell}, {change.column.title} : "
                    f"{told['old_text'] or 'vide'} → {told['new_text'] or 'vide'}"
                )
        counts = ", ".join(
            f"{status.label.lower()} {outcome.count(status)}" for status in LineStatus
        )
        done = f"{applied} lignes importées" if applied else "rien n’est importé"
        self.stdout.write(f"{file.name} : {counts} ; {done}.")


def _written(outcome: Outcome) -> int:
    return outcome.count(LineStatus.ADDED) + outcome.count(LineStatus.CHANGED)


def _prefecture(code: str) -> Prefecture:
    found = Prefecture.objects.filter(code=code).first()
    if found is None:
        raise CommandError(f"Aucune préfecture ne porte le code {code}.")
    return found


def _account(email: str | None) -> User | None:
    if email is None:
        return None
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError(f"Aucun compte ouvert ne porte l’adresse {email}.")
    return found


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > settings.MAX_UPLOAD_BYTES:
            raise CommandError(
                f"{file.name} pèse plus de {settings.MAX_UPLOAD_BYTES // (1024 * 1024)} Mo. Retirez-en "
                "les images et les autres feuilles."
            )
        return file.read_bytes()
    except OSError as error:
        raise CommandError(unreadable(file, error)) from error
