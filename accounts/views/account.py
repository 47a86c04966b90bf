"""One's own account: who I am, my roles, my password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import mails, selectors, services
from accounts.access import Permission, public, requires
from accounts.forms import (
    ChangePasswordForm,
    NewPasswordForm,
    PasswordResetForm,
    SwitchRoleForm,
)
from accounts.middleware import MEMBERSHIP_KEY
from accounts.tokens import invitation_tokens


# Seconds during which a second letter to the same address is not sent.
RESET_PAUSE = 60


@require_safe
@requires(Permission.ACCOUNT_USE)
def profile(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/profile.html", _profile_context(request))


def _profile_context(request: HttpRequest) -> dict[str, Any]:
    scope = request.scope  # type: ignore[attr-defined]
    held = selectors.memberships_held(scope.user, timezone.localdate())
    current = request.session.get(MEMBERSHIP_KEY)
    rows = selectors.role_rows(held, timezone.localdate())
    pks = [row.membership.pk for row in rows]
    acting = current if current in pks else pks[0]
    return {
        "person": scope.user,
        "held": [(role, role.membership.pk == acting) for role in rows],
        "rights": selectors.permissions_in_words(scope),
        "switch_form": SwitchRoleForm(held=held, initial={"membership": acting})
        if len(pks) > 1
        else None,
    }


@require_POST
@requires(Permission.ACCOUNT_USE)
def switch_role(request: HttpRequest) -> HttpResponse:
    held = selectors.memberships_held(request.user, timezone.localdate())
    form = SwitchRoleForm(request.POST, held=held)
    if not form.is_valid():
        context = {**_profile_context(request), "switch_form": form}
        return render(request, "accounts/profile.html", context, status=422)
    membership = form.cleaned_data["membership"]
    request.session[MEMBERSHIP_KEY] = membership.pk
    messages.success(request, f"Vous agissez maintenant en tant que : {membership}.")
    return redirect("home")


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.ACCOUNT_USE)
def password_change(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.set_password(user=request.user, password=form.cleaned_data["new_password1"])
        # Other sessions of the account end; this one goes on.
        update_session_auth_hash(request, request.user)
        messages.success(request, "Votre mot de passe est changé.")
        return redirect("accounts:profile")
    return render(request, "accounts/password_change.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@public("people without their password have no session")
def password_reset(request: HttpRequest) -> HttpResponse:
    form = PasswordResetForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _send_link_once(form.cleaned_data["email"])
        return redirect("accounts:password_reset_done")
    return render(request, "accounts/password_reset.html", {"form": form})


def _send_link_once(email: str) -> None:
    """Send the link if the account exists; a second asking within the minute sends nothing."""
    user = selectors.user_for_reset(email)
    if user is None:
        return
    key = "reset-" + salted_hmac("accounts.reset", user.email).hexdigest()
    if cache.add(key, 1, RESET_PAUSE) and not mails.send_reset_link(user):
        cache.delete(key)


@require_safe
@public("follows the request for a new password")
def password_reset_done(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/password_reset_done.html")


class _NewPasswordView(auth_views.PasswordResetConfirmView):
    """Django's page of the link; its owner has proved who they are, so the account is unlocked."""

    form_class = NewPasswordForm
    template_name = "accounts/password_reset_confirm.html"
    success_url = reverse_lazy("accounts:password_reset_complete")

    def form_valid(self, form: Any) -> HttpResponse:
        services.set_password(user=self.user, password=form.cleaned_data["new_password1"])
        services.unlock_account(user=self.user)
        del self.request.session[auth_views.INTERNAL_RESET_SESSION_TOKEN]
        return redirect(self.get_success_url())


@require_http_methods(["GET", "HEAD", "POST"])
@public("the link of the letter is the proof")
def password_reset_confirm(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    view = _NewPasswordView.as_view(
        token_generator=default_token_generator,
        extra_context={"heading": "Choisir un nouveau mot de passe"},
    )
    return view(request, uidb64=uidb64, token=token)


@require_http_methods(["GET", "HEAD", "POST"])
@public("the link of the letter is the proof")
def invitation(request: HttpRequest, uidb64: str, token: str) -> HttpResponse:
    view = _NewPasswordView.as_view(
        token_generator=invitation_tokens,
        reset_url_token="choisir",  # noqa: S106
        extra_context={"heading": "Ouvrir votre compte"},
    )
    return view(request, uidb64=uidb64, token=token)


@require_safe
@public("follows the choice of a new password")
def password_reset_complete(request: HttpRequest) -> HttpResponse:
    return render(
        request, "accounts/password_reset_complete.html", {"login_url": reverse("accounts:login")}
    )
