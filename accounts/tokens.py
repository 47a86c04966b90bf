"""Link of an invitation: like a password reset, but it waits for people to come back from leave."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.crypto import constant_time_compare
from django.utils.http import base36_to_int


INVITATION_LIFE = timedelta(days=7)


class InvitationTokenGenerator(PasswordResetTokenGenerator):
    """Tokens that last ``INVITATION_LIFE`` and die once a password is set or somebody signs in."""

    key_salt = "accounts.tokens.InvitationTokenGenerator"

    def check_token(self, user: Any, token: str | None) -> bool:
        """Tell whether ``token`` was made for ``user`` and still holds (Django's own test ties the
        life of tokens to ``PASSWORD_RESET_TIMEOUT``, one hour here)."""
        if not (user and token):
            return False
        try:
            made_at = base36_to_int(token.partition("-")[0])
        except ValueError:
            return False
        genuine = any(
            constant_time_compare(self._make_token_with_timestamp(user, made_at, secret), token)
            for secret in [self.secret, *self.secret_fallbacks]
        )
        age = self._num_seconds(self._now()) - made_at
        return genuine and age <= INVITATION_LIFE.total_seconds()


invitation_tokens = InvitationTokenGenerator()
