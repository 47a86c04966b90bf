"""``manage.py referential_diff OLD NEW [--json]``: what changes from one référentiel to the next."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from modules.management.referential_output import refuse, write_json
from modules.models import Referential
from modules.referential_files import SHIPPED, find, parse, read
from modules.referential_files_entries import ReferentialFileError
from modules.rules.changes import NoMappingError, Version, as_json, compare
from modules.rules.changes_text import agenda_text
from modules.selectors.changes import version_of, version_of_entry


class Command(BaseCommand):
    help = "Compare deux référentiels, l’ancien puis le nouveau : adresses courtes ou fichiers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", metavar="ANCIEN")
        parser.add_argument("new", metavar="NOUVEAU")
        parser.add_argument("--json", action="store_true", help="écrire un seul objet JSON")

    def handle(self, *args: Any, old: str, new: str, **options: Any) -> None:
        versions = [self._version(name, as_json=options["json"]) for name in (old, new)]
        try:
            comparison = compare(*versions)
        except NoMappingError as error:
            if options["json"]:
                write_json(self, {"errors": [{"place": f"{old}, {new}", "message": str(error)}]})
            raise CommandError(str(error)) from error
        if options["json"]:
            write_json(self, as_json(comparison))
            return
        self.stdout.write(agenda_text(comparison))

    def _version(self, name: str, *, as_json: bool) -> Version:
        """A file by its path; else what is loaded under this name; else a shipped file."""
        path = Path(name)
        try:
            if path.is_file():
                return version_of_entry(parse(read(path)))
            shipped = SHIPPED / f"{name}.yaml"
            slug = parse(read(shipped)).slug if shipped.is_file() else name
        except ReferentialFileError as error:
            refuse(self, f"{name} est fautif", error, as_json=as_json)
        version = _loaded(slug)
        if version is None and (entry := find(slug, SHIPPED)):
            version = version_of_entry(entry)
        if version is None:
            message = f"{name} n’est ni un fichier ni un référentiel connu."
            if as_json:
                write_json(self, {"errors": [{"place": name, "message": message}]})
            raise CommandError(message)
        return version


def _loaded(slug: str) -> Version | None:
    try:
        referential = Referential.objects.filter(slug=slug).select_related("predecessor").first()
        return version_of(referential) if referential else None
    except DatabaseError:  # no table yet: the files answer, on a fresh clone too
        return None
