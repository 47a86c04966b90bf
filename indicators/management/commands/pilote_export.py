"""``manage.py pilote_export --prefecture 41 [--output FILE] [--json]``: validated figures for PILOTE."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from accounts.commands import prefecture_of
from common.commands import JsonCommand
from common.local_files import unwritable
from indicators.selectors.pilote import PiloteExport, pilote_export


class Command(JsonCommand):
    help = "Écrit les mesures validées d’une préfecture dans la forme de PILOTE."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--prefecture", required=True, help="code du département : 41")
        parser.add_argument("--output", type=Path, metavar="FICHIER", help="écrire dans ce fichier")
        parser.add_argument("--json", action="store_true", help="répondre par un seul objet JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        export = pilote_export(prefecture_of(options["prefecture"]))
        output: Path | None = options["output"]
        if output is not None:
            _write(output, export.text)
        if options["json"]:
            self.stdout.write(json.dumps(_answer(export, output), ensure_ascii=False))
        elif output is None:
            self.stdout.write(export.text, ending="")
        else:
            self.stdout.write(f"{len(export.lines)} lignes écrites dans {output}.")
            for words in export.left:
                self.stdout.write(f"Non envoyé : {words}.")
        if export.nameless:
            self.stderr.write(
                f"Sans identifiant PILOTE, écrits sous leur code : {', '.join(export.nameless)}."
            )


def _write(output: Path, text: str) -> None:
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise CommandError(unwritable(output, error)) from error


def _answer(export: PiloteExport, output: Path | None) -> dict[str, Any]:
    return {
        "lines": len(export.lines),
        "left": list(export.left),
        "nameless": list(export.nameless),
        "output": str(output) if output else None,
        "text": None if output else export.text,
    }
