"""The two letters of the app: forgotten password, invitation. Texts in templates/emails/accounts."""

import logging
from smtplib import SMTPException

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import User
from accounts.tokens import INVITATION_LIFE, invitation_tokens


logger = logging.getLogger(__name__)


def send_reset_link(user: User) -> bool:
    """Send the link that sets a new password; ``False`` when the mail could not leave."""
    link = _link("accounts:password_reset_confirm", user, default_token_generator.make_token(user))
    minutes = settings.PASSWORD_RESET_TIMEOUT // 60
    return _send(
        user,
        "emails/accounts/password_reset_subject.txt",
        "emails/accounts/password_reset.txt",
        {"link": link, "minutes": minutes},
    )


def send_invitation(user: User, invited_by: User) -> bool:
    """Send the link that opens the account; ``False`` when the mail could not leave."""
    context = {
        "link": invitation_link(user),
        "days": INVITATION_LIFE.days,
        "invited_by": invited_by,
    }
    return _send(
        user,
        "emails/accounts/invitation_subject.txt",
        "emails/accounts/invitation.txt",
        context,
    )


def invitation_link(user: User) -> str:
    """Return the address where the owner of the account chooses a password."""
    return _link("accounts:invitation", user, invitation_tokens.make_token(user))


def _link(url_name: str, user: User, token: str) -> str:
    # The address comes from the settings: a forged Host header must not reach a letter.
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return settings.PUBLIC_URL + reverse(url_name, args=[uid, token])


def _send(user: User, subject_name: str, body_name: str, context: dict[str, object]) -> bool:
    context = {**context, "user": user, "public_url": settings.PUBLIC_URL}
    subject = render_to_string(subject_name, context).strip()
    body = render_to_string(body_name, context)
    try:
        send_mail(settings.EMAIL_SUBJECT_PREFIX + subject, body, None, [user.email])
    except (OSError, SMTPException):
        logger.exception("%s could not be sent to account %s", body_name, user.pk)
        return False
    return True
