"""Write ``docs/permissions.md`` from the one table of ``accounts.access``."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.access import GRANTS, PERMISSION_LABELS
from accounts.enums import Role


PAGE = Path("docs") / "permissions.md"
HEAD = """# Qui peut quoi

Page écrite par `manage.py permissions_doc` d’après `accounts/access.py` : ne la modifiez pas à la main.
Hors de sa préfecture, rien n’existe (404) ; dans sa préfecture, sans la permission, l’accès est refusé (403).
"""


def permissions_markdown() -> str:
    """Return the page: one row per permission, one column per role, « ● » where it is granted."""
    rows = [
        ["Permission", "Code", *(str(role.label) for role in Role)],
        ["---", "---", *(":-:" for _ in Role)],
        *(
            [label, f"`{code}`", *("●" if code in GRANTS[role] else "" for role in Role)]
            for code, label in PERMISSION_LABELS.items()
        ),
    ]
    return HEAD + "\n" + "".join("| " + " | ".join(row) + " |\n" for row in rows)


class Command(BaseCommand):
    help = "Écrit docs/permissions.md d’après la table des permissions."

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / PAGE
        path.write_text(permissions_markdown())
        self.stdout.write(f"{PAGE} est à jour.")
