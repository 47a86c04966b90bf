"""``manage.py referential_check FILE [--json]``: every fault of a référentiel file; nothing is loaded."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from modules.enums import Certainty
from modules.management.referential_output import refuse, write_json
from modules.referential_files import check, read
from modules.referential_files_entries import ReferentialEntry, ReferentialFileError
from modules.referential_parts import file_parts


class Command(BaseCommand):
    help = "Vérifie un fichier de référentiel (YAML) et dit toutes ses fautes. Ne charge rien."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FICHIER")
        parser.add_argument("--json", action="store_true", help="écrire un seul objet JSON")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            entry = check(read(file), file.parent)
        except ReferentialFileError as error:
            refuse(self, f"{file} est fautif", error, as_json=options["json"])
        facts = _facts(entry)
        if options["json"]:
            write_json(self, facts)
            return
        self.stdout.write(
            f"{file} est en ordre : référentiel {entry.slug} ; modules : {facts['modules']} ; "
            f"rubriques : {facts['headings']} ; engagements : {facts['commitments']}, dont "
            f"{facts['commitments_to_confirm']} à confirmer."
        )
        for part in file_parts():
            if facts[part.key]:
                self.stdout.write(f"{part.label} : {facts[part.key]}.")


def _facts(entry: ReferentialEntry) -> dict[str, Any]:
    commitments = entry.commitments
    return {
        "referential": entry.slug,
        "previous": entry.mapping.previous if entry.mapping else None,
        "modules": len(entry.modules),
        "headings": sum(len(module.headings) for module in entry.modules),
        "commitments": len(commitments),
        "commitments_to_confirm": sum(
            item.certainty is Certainty.TO_CONFIRM for item in commitments
        ),
        **{part.key: len(part.names(entry.parts[part.key])) for part in file_parts()},
        "errors": [],
    }
