"""Bring the tables up to date and load the demonstration into an empty installation (make run).

Prints the demonstration accounts, one « e-mail TAB role » per line; the rest goes to standard error.
"""

import sys
from pathlib import Path


sys.path.insert(0, str(Path(__file__).resolve().parents[2]))


def main() -> None:
    import django

    django.setup()
    from django.core.management import call_command, get_commands

    from accounts.models import Membership

    call_command("migrate", verbosity=0, interactive=False, stdout=sys.stderr)
    if "demo" in get_commands():
        call_command("demo", if_empty=True, stdout=sys.stderr)
    held = Membership.objects.filter(user__is_demo=True).select_related("user", "prefecture")
    for membership in held.order_by("prefecture", "pk"):
        sys.stdout.write(f"{membership.user.email}\t{membership}\n")


if __name__ == "__main__":
    main()
