"""``manage.py referential_import FILE [--json]``: load a référentiel file."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from modules.referential_files import ReferentialFileError, read
from modules.services import import_referential


class Command(BaseCommand):
    help = "Charge un fichier de référentiel (YAML). Le recharger met à jour, sans rien doubler."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--json", action="store_true", help="écrire un seul objet JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            report = import_referential(text=read(file))
        except ReferentialFileError as error:
            self._refuse(file, error, as_json=options["json"])
        if options["json"]:
            self.stdout.write(json.dumps(asdict(report), ensure_ascii=False))
            return
        self.stdout.write(
            f"Référentiel {report.referential} {'créé' if report.created else 'mis à jour'} : "
            f"{report.modules_created} modules créés, {report.modules_updated} modifiés, "
            f"{report.modules_unchanged} inchangés, {report.modules_removed} retirés."
        )

    def _refuse(self, file: Path, error: ReferentialFileError, *, as_json: bool) -> None:
        if as_json:
            faults = [asdict(fault) for fault in error.faults]
            self.stdout.write(json.dumps({"errors": faults}, ensure_ascii=False))
        count = len(error.faults)
        raise CommandError(
            f"{file} n’est pas chargé, rien n’est changé "
            f"({count} erreur{'s' if count > 1 else ''}) :\n{error}"
        )
