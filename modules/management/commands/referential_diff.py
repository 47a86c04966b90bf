"""``manage.py referential_diff OLD NEW [--json]``: what changes from one référentiel to the next."""

from argparse import ArgumentParser
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from modules.management.referential_output import refuse, write_json
from modules.models import Referential
from modules.referential_files import SHIPPED, find, parse, read
from modules.referential_files_entries import ReferentialEntry, ReferentialFileError
from modules.referential_parts import changes_as_json, file_parts
from modules.rules.changes import NoMappingError, Version, as_json, compare
from modules.rules.changes_text import agenda_text
from modules.selectors.changes import version_of, version_of_entry


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two référentiels: what is compared, and the parts that the apps above read."""

    version: Version
    parts: Mapping[str, Any]


class Command(BaseCommand):
    help = "Compare deux référentiels, l’ancien puis le nouveau : adresses courtes ou fichiers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("old", metavar="ANCIEN")
        parser.add_argument("new", metavar="NOUVEAU")
        parser.add_argument("--json", action="store_true", help="écrire un seul objet JSON")

    def handle(self, *args: Any, old: str, new: str, **options: Any) -> None:
        sides = [self._side(name, as_json=options["json"]) for name in (old, new)]
        try:
            comparison = compare(*(side.version for side in sides))
        except NoMappingError as error:
            if options["json"]:
                write_json(self, {"errors": [{"place": f"{old}, {new}", "message": str(error)}]})
            raise CommandError(str(error)) from error
        before, after = (side.parts for side in sides)
        changes = {part: part.compare(before[part.key], after[part.key]) for part in file_parts()}
        if options["json"]:
            parts = {part.key: changes_as_json(found) for part, found in changes.items()}
            write_json(self, {**as_json(comparison), **parts})
            return
        self.stdout.write(agenda_text(comparison))
        for part, found in changes.items():
            if found:
                lines = "\n".join(f"– {change}" for change in found)
                self.stdout.write(f"\n{part.label}\n{lines}")

    def _side(self, name: str, *, as_json: bool) -> Side:
        """A file by its path; else what is loaded under this name; else a shipped file."""
        path = Path(name)
        try:
            if path.is_file():
                return _side_of_entry(parse(read(path)))
            shipped = SHIPPED / f"{name}.yaml"
            slug = parse(read(shipped)).slug if shipped.is_file() else name
        except ReferentialFileError as error:
            refuse(self, f"{name} est fautif", error, as_json=as_json)
        side = _loaded(slug)
        if side is None and (entry := find(slug, SHIPPED)):
            side = _side_of_entry(entry)
        if side is None:
            message = f"{name} n’est ni un fichier ni un référentiel connu."
            if as_json:
                write_json(self, {"errors": [{"place": name, "message": message}]})
            raise CommandError(message)
        return side


def _side_of_entry(entry: ReferentialEntry) -> Side:
    return Side(version_of_entry(entry), entry.parts)


def _loaded(slug: str) -> Side | None:
    try:
        referential = Referential.objects.filter(slug=slug).select_related("predecessor").first()
        if referential is None:
            return None
        parts = {part.key: part.stored(referential) for part in file_parts()}
        return Side(version_of(referential), parts)
    except DatabaseError:  # no table yet: the files answer, on a fresh clone too
        return None
