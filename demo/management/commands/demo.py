"""``manage.py demo [--if-empty | --rebuild] [--json]``: load the demonstration."""

import json
from typing import Any

from django.core.management.base import CommandError, CommandParser

from common.commands import JsonCommand
from demo.content import DEMO_PASSWORD
from demo.errors import DemoError
from demo.services import DemoSummary, is_empty, load_demo, rebuild_demo


class Command(JsonCommand):
    help = "Charge la démonstration : deux préfectures, leurs comptes, la démarche de Loir-et-Cher."

    def add_arguments(self, parser: CommandParser) -> None:
        how = parser.add_mutually_exclusive_group()
        how.add_argument(
            "--if-empty", action="store_true", help="ne rien faire si la base contient des données"
        )
        how.add_argument(
            "--rebuild", action="store_true", help="retirer la démonstration, puis la reconstruire"
        )
        parser.add_argument("--json", action="store_true", help="répondre par un objet JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not is_empty():
            self._answer(options, None)
            return
        try:
            summary = rebuild_demo() if options["rebuild"] else load_demo()
        except DemoError as error:
            raise CommandError(error.message) from error
        self._answer(options, summary)

    def _answer(self, options: dict[str, Any], summary: DemoSummary | None) -> None:
        if options["json"]:
            answer: dict[str, Any] = {"loaded": summary is not None}
            if summary is not None:
                answer |= {
                    "prefectures": summary.prefectures,
                    "accounts": summary.accounts,
                    "password": DEMO_PASSWORD,
                    "meeting": summary.meeting,
                }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        elif summary is None:
            self.stdout.write("La base contient déjà des données : rien n’est changé.")
        else:
            self.stdout.write(
                f"Démonstration chargée : {', '.join(summary.prefectures)}, "
                f"{len(summary.accounts)} comptes."
            )
