"""``manage.py referential_import FILE [--json]``: load a référentiel file."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from modules.management.referential_output import refuse, write_json
from modules.referential_files import read
from modules.referential_files_entries import ReferentialFileError
from modules.referential_parts import Counts, file_parts
from modules.services import import_referential


class Command(BaseCommand):
    help = "Charge un fichier de référentiel (YAML). Le recharger ne double rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--json", action="store_true", help="écrire un seul objet JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            report = import_referential(text=read(file))
        except ReferentialFileError as error:
            name = f"{file} n’est pas chargé, rien n’est changé"
            refuse(self, name, error, as_json=options["json"])
        if options["json"]:
            write_json(self, asdict(report))
            return
        self.stdout.write(
            f"Référentiel {report.referential} {'créé' if report.created else 'relu'}.\n"
            f"Modules : {_words(report.modules)}.\n"
            f"Rubriques : {_words(report.headings)}.\n"
            f"Engagements : {_words(report.commitments)}.\n"
            f"Correspondances : {_words(report.mappings)}."
        )
        for part in file_parts():
            if report.parts[part.key] != Counts():
                self.stdout.write(f"{part.label} : {_words(report.parts[part.key])}.")


def _words(counts: Counts) -> str:
    words = (
        f"{counts.created} en plus, {counts.updated} avec un changement, {counts.unchanged} sans "
        f"changement, {counts.removed} en moins"
    )
    if counts.corrected:
        words += f" ; corrections de l’application gardées : {counts.corrected}"
    if counts.overruled:
        words += f" ; corrections de l’application remplacées : {counts.overruled}"
    return words
