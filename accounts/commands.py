"""Whom and what the arguments of a command name: a préfecture, an account, a file."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from accounts.models import Prefecture, User
from common.local_files import unreadable


def prefecture_of(code: str) -> Prefecture:
    """Return the préfecture of a code (« 41 »); ``CommandError`` that lists the codes otherwise."""
    found = Prefecture.objects.filter(code__iexact=code.strip()).first()
    if found is None:
        known = ", ".join(Prefecture.objects.order_by("code").values_list("code", flat=True))
        raise CommandError(
            f"Aucune préfecture ne porte le code {code}. Codes possibles : {known or 'aucun'}."
        )
    return found


def account_of(email: str | None) -> User | None:
    """Return the open account of an address, None when none is given; ``CommandError`` otherwise."""
    if email is None:
        return None
    found = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    if found is None:
        raise CommandError(
            f"Aucun compte ouvert ne porte l’adresse {email}. Vérifiez l’adresse, ou ouvrez le compte dans "
            "Administration."
        )
    return found


def content_of(file: Path, *, advice: str) -> bytes:
    """Return what a file holds; ``CommandError``, with ``advice`` when it is larger than an upload."""
    try:
        if file.stat().st_size > settings.MAX_UPLOAD_BYTES:
            limit = settings.MAX_UPLOAD_BYTES // (1024 * 1024)
            raise CommandError(f"{file.name} pèse plus de {limit} Mo. {advice}")
        return file.read_bytes()
    except OSError as error:
        raise CommandError(unreadable(file, error)) from error
