"""``manage.py import_actions FILE --prefecture 41 [--apply] [--by COURRIEL] [--json]``: import a plan."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.commands import account_of, content_of, prefecture_of
from accounts.models import Prefecture
from action_plans.exchange.outcome import LineStatus, Outcome
from action_plans.services.imports import import_now
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
            prefecture = prefecture_of(options["prefecture"])
            outcome, imported = import_now(
                prefecture=prefecture,
                file_name=file.name,
                data=content_of(file, advice="Retirez-en les images et les autres feuilles."),
                by=account_of(options["by"]),
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
