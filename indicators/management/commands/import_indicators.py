"""``manage.py import_indicators FILE --prefecture 41 [--apply] [--json]``: figures of a workbook."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.commands import account_of, content_of, prefecture_of
from indicators.services.import_command import Outcome, import_now


class Command(BaseCommand):
    help = (
        "Lit un classeur de mesures (ODS, XLSX, XLS, CSV) et dit, cellule par cellule, ce qu’il "
        "changerait ; avec --apply, enregistre tout ou rien. Sans --apply, rien ne change."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER", help="ODS, XLSX, XLS ou CSV")
        parser.add_argument("--prefecture", required=True, help="code du département : 41")
        parser.add_argument("--apply", action="store_true", help="enregistrer, pas seulement lire")
        parser.add_argument("--by", metavar="COURRIEL", help="compte au nom duquel importer")
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="QUESTION=RÉPONSE",
            help="répondre à une question (répétable) ; « - » laisse les cellules de côté",
        )
        parser.add_argument(
            "--leave-out",
            action="store_true",
            help="enregistrer le reste quand des cellules sont à corriger ou à préciser",
        )
        parser.add_argument(
            "--reopen", default="", metavar="RAISON", help="remplacer des mesures validées"
        )
        parser.add_argument(
            "--reason",
            default="",
            metavar="RAISON",
            help="pourquoi les valeurs douteuses sont justes",
        )
        parser.add_argument("--json", action="store_true", help="répondre par un seul objet JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            if options["reopen"] and not options["by"]:
                raise CommandError(
                    "Rouvrir une mesure validée se fait au nom de quelqu’un : ajoutez --by."
                )
            outcome = import_now(
                prefecture=prefecture_of(options["prefecture"]),
                file_name=file.name,
                data=self.content(file),
                by=account_of(options["by"]),
                apply=options["apply"],
                answers=_answers(options["answer"]),
                leave_out=options["leave_out"],
                reopen=options["reopen"].strip(),
                reason=options["reason"].strip(),
            )
        except (CommandError, ValidationError) as error:
            outcome = Outcome(
                errors=error.messages if isinstance(error, ValidationError) else [str(error)]
            )
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_dict(), ensure_ascii=False))
        else:
            self._tell(file, outcome)
        if outcome.errors or (options["apply"] and outcome.pending):
            sys.exit(1)

    def content(self, file: Path) -> bytes:
        """Return the file; ``CommandError`` when it cannot be read, or is too large."""
        return content_of(file, advice="Copiez les tableaux utiles dans un classeur neuf.")

    def _tell(self, file: Path, outcome: Outcome) -> None:
        for line in outcome.lines():
            self.stdout.write(line)
        for question in outcome.questions:
            self.stdout.write(f'Question : {question["text"]} (--answer "{question["key"]}=…")')
        for message in (*outcome.errors, *outcome.pending):
            self.stderr.write(f"{file.name} : {message}")
        count = outcome.applied
        done = f"{count} mesure{'s' if count > 1 else ''} enregistrée{'s' if count > 1 else ''}"
        self.stdout.write(
            f"{outcome.counts_in_words()} ; {done if count else 'rien n’est enregistré'}."
        )


def _answers(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        key, mark, answer = pair.rpartition("=")
        if not mark or not key:
            raise CommandError(f"« {pair} » n’est pas une réponse : écrivez QUESTION=RÉPONSE.")
        found[key] = answer
    return found
