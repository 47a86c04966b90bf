"""« Administration »: accounts and roles."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import mails, selectors, services
from accounts.access import Permission, requires
from accounts.forms_admin import MembershipEditForm, MembershipForm, UserFilterForm, UserForm
from accounts.models import Membership, User
from common.form_tools import attempt
from common.history import history_entries


ACCOUNTS_PER_PAGE = 25


@require_safe
@requires(Permission.USER_MANAGE)
def user_list(request: HttpRequest) -> HttpResponse:
    filters = UserFilterForm(request.GET)
    users = filters.apply(selectors.users_for_list(request.scope))  # type: ignore[attr-defined]
    page = Paginator(users, ACCOUNTS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": selectors.rows_for_users(page.object_list, timezone.localdate()),
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
    }
    return render(request, "accounts/user_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_MANAGE)
def user_create(request: HttpRequest) -> HttpResponse:
    form = UserForm(request.POST or None, cancel_url=reverse("accounts:user_list"))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.create_user(values=form.values()))
        if made is not None:
            _invite(request, made)
            return redirect("accounts:membership_create", made.pk)
    return render(request, "accounts/user_create.html", {"form": form})


def _invite(request: HttpRequest, user: User) -> None:
    """Send the invitation and tell what became of it."""
    if mails.send_invitation(user, request.user):
        messages.success(request, f"L’invitation est envoyée à {user.email}.")
    else:
        messages.error(
            request,
            f"Le courriel destiné à {user.email} n’est pas parti : le serveur de messagerie ne "
            "répond pas. Le compte existe ; renvoyez l’invitation depuis sa page.",
        )


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_MANAGE, subject=User)
def user_edit(request: HttpRequest, user: User) -> HttpResponse:
    title, state = user.full_name, user.state
    form = UserForm(request.POST or None, instance=user, cancel_url=reverse("accounts:user_list"))
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_user(user=user, values=form.values()))
        if done is not None:
            messages.success(request, f"Le compte de {done.full_name} est enregistré.")
            return redirect("accounts:user_edit", done.pk)
    context = {
        "form": form,
        "person": user,
        "title": title,
        "state": state,
        "roles": selectors.role_rows(selectors.memberships_of(user), timezone.localdate()),
        "history": history_entries(user),
    }
    return render(request, "accounts/user_edit.html", context)


@require_POST
@requires(Permission.USER_MANAGE, subject=User)
def user_invite(request: HttpRequest, user: User) -> HttpResponse:
    _invite(request, user)
    return redirect("accounts:user_edit", user.pk)


@require_POST
@requires(Permission.USER_MANAGE, subject=User)
def user_close(request: HttpRequest, user: User) -> HttpResponse:
    try:
        services.close_account(user=user, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, f"Le compte de {user.full_name} est fermé.")
    return redirect("accounts:user_edit", user.pk)


@require_POST
@requires(Permission.USER_MANAGE, subject=User)
def user_open(request: HttpRequest, user: User) -> HttpResponse:
    services.open_account(user=user)
    messages.success(request, f"Le compte de {user.full_name} est de nouveau ouvert.")
    return redirect("accounts:user_edit", user.pk)


# --- Roles ------------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_MANAGE, subject=User)
def membership_create(request: HttpRequest, user: User) -> HttpResponse:
    form = MembershipForm(
        request.POST or None,
        # The unique constraint is told only if the form knows whose role it is.
        instance=Membership(user=user),
        prefectures=selectors.prefectures_to_choose(request.scope),  # type: ignore[attr-defined]
        cancel_url=reverse("accounts:user_edit", args=[user.pk]),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.grant_role(user=user, **form.values()))
        if made is not None:
            messages.success(request, f"Rôle donné : {made}.")
            if made.prefecture_id and selectors.services_of(made.prefecture).exists():
                return redirect("accounts:membership_edit", made.pk)
            return redirect("accounts:user_edit", user.pk)
    context = {"form": form, "person": user, "title": "Donner un rôle"}
    return render(request, "accounts/membership_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.USER_MANAGE, subject=Membership)
def membership_edit(request: HttpRequest, membership: Membership) -> HttpResponse:
    person, title = membership.user, str(membership)
    form = MembershipEditForm(
        request.POST or None,
        instance=membership,
        services=selectors.services_to_choose(membership.prefecture),
        cancel_url=reverse("accounts:user_edit", args=[person.pk]),
    )
    if request.method == "POST" and form.is_valid():
        values = {"services": [], **form.values()}
        done = attempt(
            form,
            lambda: services.update_membership(membership=membership, by=request.user, **values),
        )
        if done is not None:
            messages.success(request, "Le rôle est enregistré.")
            return redirect("accounts:user_edit", person.pk)
    context = {"form": form, "person": person, "title": title}
    context["history"] = history_entries(membership)
    return render(request, "accounts/membership_form.html", context)


@require_POST
@requires(Permission.USER_MANAGE, subject=Membership)
def membership_end(request: HttpRequest, membership: Membership) -> HttpResponse:
    person = membership.user
    try:
        ended = services.end_membership(membership=membership, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        back = "modifiez ses dates" if ended.pk else "donnez-le de nouveau"
        messages.success(request, f"Rôle retiré : {ended}. Pour revenir en arrière, {back}.")
    return redirect("accounts:user_edit", person.pk)
