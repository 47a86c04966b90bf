"""What the commands that answer with ``--json`` share."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError


class JsonCommand(BaseCommand):
    """A command whose refusal is a JSON object too (``{"errors": ["…"]}``) when ``--json`` asks for one."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except CommandError as error:
            if options.get("json"):
                self.stdout.write(json.dumps({"errors": [str(error)]}, ensure_ascii=False))
            raise
