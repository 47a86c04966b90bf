"""Links by which an owner keeps one action up to date without an account: signed, and dated.

A link holds the number of one action and a trace of its owner: it dies after ``LIFE``, when the
action changes hands, and says nothing to whoever guesses.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from action_plans.models import Action


LIFE = timedelta(days=30)
_SALT = "action_plans.follow_up"
EXPIRED = (
    f"Ce lien a plus de {LIFE.days} jours : il n’est plus valable. Ouvrez celui du dernier courriel "
    "reçu, ou demandez-en un au référent qualité."
)
UNKNOWN = (
    "Ce lien est incomplet ou abîmé. Ouvrez-le depuis le courriel, en entier, sans le recopier."
)
OTHER_HANDS = (
    "Cette action n’est plus la vôtre, ou n’est plus dans le plan : rien n’y est attendu. Merci."
)


class LinkError(Exception):
    """A link that opens nothing; ``message`` says why and what to do, in French."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for an action, with or without an account."""

    name: str
    email: str


def owner_of(action: Action) -> Owner | None:
    """Return who is written to; ``None`` when nobody can be. Reads ``owner``."""
    if action.owner is not None:
        account = action.owner
        return Owner(account.full_name, account.email) if account.is_active else None
    return Owner(action.owner_name, action.owner_email) if action.owner_email else None


def link_to(action: Action, owner: Owner) -> str:
    """Return the whole address that opens this action to its owner."""
    token = signing.dumps([action.pk, _trace(owner)], salt=_SALT)
    # The address comes from the settings: a request's host must not reach a letter.
    return settings.PUBLIC_URL + reverse("action_plans:follow_up", args=[token])


def open_link(token: str) -> tuple[Action, Owner]:
    """Return the action that a link opens, and to whom. Raises ``LinkError``."""
    try:
        pk, trace = signing.loads(token, salt=_SALT, max_age=LIFE)
    except signing.SignatureExpired:
        raise LinkError(EXPIRED) from None
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkError(UNKNOWN) from None
    rows = Action.objects.filter(pk=pk, removed_at__isnull=True)
    action = rows.select_related("owner", "prefecture").first()
    owner = owner_of(action) if action is not None else None
    if action is None or owner is None or not constant_time_compare(trace, _trace(owner)):
        raise LinkError(OTHER_HANDS)
    return action, owner


def _trace(owner: Owner) -> str:
    return salted_hmac(_SALT, owner.email.strip().lower()).hexdigest()[:16]
