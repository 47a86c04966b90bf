"""``manage.py first_admin E-MAIL --nom NOM``: open the account from which all others are made."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.enums import Role
from accounts.mails import invitation_link
from accounts.models import User
from accounts.services import create_user, grant_role


class Command(BaseCommand):
    help = (
        "Ouvre un compte d’administrateur technique et donne l’adresse où choisir son mot de passe."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="COURRIEL")
        parser.add_argument("--nom", required=True)
        parser.add_argument("--prenom", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            user = self._open(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write("Compte ouvert. Choisissez son mot de passe à cette adresse (7 jours) :")
        self.stdout.write(invitation_link(user))

    @transaction.atomic
    def _open(self, options: dict[str, Any]) -> User:
        values = {
            "email": options["email"],
            "last_name": options["nom"],
            "first_name": options["prenom"],
        }
        user = create_user(values=values)
        grant_role(user=user, role=Role.ADMIN)
        return user
