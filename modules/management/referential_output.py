"""What the commands of the référentiels share: telling the faults of a file, in French or as JSON."""

import json
from dataclasses import asdict
from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError

from modules.referential_files_entries import ReferentialFileError


def write_json(command: BaseCommand, value: Any) -> None:
    """Write one JSON object on the standard output."""
    command.stdout.write(json.dumps(value, ensure_ascii=False))


def refuse(
    command: BaseCommand, name: str, error: ReferentialFileError, *, as_json: bool
) -> NoReturn:
    """End the command in error with every fault; ``name`` begins the sentence."""
    if as_json:
        write_json(command, {"errors": [asdict(fault) for fault in error.faults]})
    count = len(error.faults)
    raise CommandError(f"{name} ({count} erreur{'s' if count > 1 else ''}) :\n{error}")
