"""``manage.py pilote_import FILE --prefecture 41 [--apply] [--json]``: figures of a PILOTE file."""

from pathlib import Path

from django.core.management.base import CommandError

from common.spreadsheets import UnreadableFileError, read_sheets
from indicators.management.commands import import_indicators
from indicators.reading.pilote import COLUMNS, is_pilote


class Command(import_indicators.Command):
    help = (
        "Lit un fichier de PILOTE et dit, ligne par ligne, ce qu’il changerait ; avec --apply, "
        "enregistre tout ou rien. Sans --apply, rien ne change."
    )

    def content(self, file: Path) -> bytes:
        """Return the file; refused when its columns are not those of PILOTE."""
        data = super().content(file)
        try:
            sheets = read_sheets(data)
        except UnreadableFileError as error:
            raise CommandError(error.message) from error
        if not is_pilote(sheets[0].lines):
            raise CommandError(
                f"{file.name} n’a pas la forme de PILOTE : sa première ligne doit être "
                f"{';'.join(COLUMNS)}. Un classeur s’importe par import_indicators."
            )
        return data
