"""« Administration »: its landing, préfectures, services and sites."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts import selectors, services
from accounts.access import Permission, requires
from accounts.forms_admin import OwnPrefectureForm, PrefectureForm, ServiceForm, SiteForm
from accounts.models import Prefecture, Service, Site
from common.form_tools import attempt
from common.history import history_entries


@require_safe
@requires(Permission.PREFECTURE_EDIT, Permission.USER_MANAGE, Permission.INSTALLATION_MANAGE)
def administration(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/administration.html")


# --- Préfectures ------------------------------------------------------------------------------
@require_safe
@requires(Permission.PREFECTURE_EDIT)
def prefecture_list(request: HttpRequest) -> HttpResponse:
    prefectures = selectors.prefectures_for_list(request.scope)  # type: ignore[attr-defined]
    return render(request, "accounts/prefecture_list.html", {"prefectures": prefectures})


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.INSTALLATION_MANAGE)
def prefecture_create(request: HttpRequest) -> HttpResponse:
    form = PrefectureForm(request.POST or None, cancel_url=reverse("accounts:prefecture_list"))
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.create_prefecture(values=form.values()))
        if made is not None:
            messages.success(request, f"{made} est créée. Ajoutez maintenant ses services.")
            return redirect(f"{reverse('accounts:service_list')}?prefecture={made.slug}")
    context = {"form": form, "title": "Créer une préfecture"}
    return render(request, "accounts/prefecture_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PREFECTURE_EDIT, subject=Prefecture)
def prefecture_edit(request: HttpRequest, prefecture: Prefecture) -> HttpResponse:
    may_all = request.scope.may(Permission.INSTALLATION_MANAGE)  # type: ignore[attr-defined]
    form = (PrefectureForm if may_all else OwnPrefectureForm)(
        request.POST or None, instance=prefecture, cancel_url=reverse("accounts:prefecture_list")
    )
    title = str(prefecture)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form, lambda: services.update_prefecture(prefecture=prefecture, values=form.values())
        )
        if done is not None:
            messages.success(request, f"{done} est enregistrée.")
            return redirect("accounts:prefecture_list")
    context = {"form": form, "title": title, "history": history_entries(prefecture)}
    return render(request, "accounts/prefecture_form.html", context)


# --- Services and sites -----------------------------------------------------------------------
@require_safe
@requires(Permission.PREFECTURE_EDIT)
def service_list(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    prefectures = list(selectors.prefectures_to_choose(scope))
    asked = request.GET.get("prefecture")
    first = prefectures[0] if prefectures else None
    prefecture = next((item for item in prefectures if item.slug == asked), first)
    context = {
        "prefecture": prefecture,
        "services": selectors.services_of(prefecture) if prefecture else [],
        "sites": selectors.sites_of(prefecture) if prefecture else [],
        "prefectures": prefectures,
    }
    return render(request, "accounts/service_list.html", context)


def _services_url(prefecture: Prefecture) -> str:
    return f"{reverse('accounts:service_list')}?prefecture={prefecture.slug}"


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PREFECTURE_EDIT, subject=Prefecture)
def service_create(request: HttpRequest, prefecture: Prefecture) -> HttpResponse:
    back = _services_url(prefecture)
    form = ServiceForm(request.POST or None, sites=selectors.sites_of(prefecture), cancel_url=back)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: services.create_service(prefecture=prefecture, **form.values())
        )
        if made is not None:
            messages.success(request, f"Le service « {made.name} » est ajouté.")
            return redirect(back)
    context = {"form": form, "prefecture": prefecture, "title": "Ajouter un service"}
    return render(request, "accounts/service_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PREFECTURE_EDIT, subject=Service)
def service_edit(request: HttpRequest, service: Service) -> HttpResponse:
    prefecture, title = service.prefecture, service.name
    back = _services_url(prefecture)
    form = ServiceForm(
        request.POST or None,
        instance=service,
        sites=selectors.sites_of(prefecture),
        cancel_url=back,
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_service(service=service, **form.values()))
        if done is not None:
            messages.success(request, f"Le service « {done.name} » est enregistré.")
            return redirect(back)
    context = {"form": form, "prefecture": prefecture, "title": title}
    context["history"] = history_entries(service)
    return render(request, "accounts/service_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PREFECTURE_EDIT, subject=Prefecture)
def site_create(request: HttpRequest, prefecture: Prefecture) -> HttpResponse:
    back = _services_url(prefecture)
    form = SiteForm(request.POST or None, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: services.create_site(prefecture=prefecture, **form.values()))
        if made is not None:
            messages.success(request, f"Le site « {made.name} » est ajouté.")
            return redirect(back)
    context = {"form": form, "prefecture": prefecture, "title": "Ajouter un site"}
    return render(request, "accounts/site_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.PREFECTURE_EDIT, subject=Site)
def site_edit(request: HttpRequest, site: Site) -> HttpResponse:
    prefecture, title = site.prefecture, site.name
    back = _services_url(prefecture)
    form = SiteForm(request.POST or None, instance=site, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_site(site=site, **form.values()))
        if done is not None:
            messages.success(request, f"Le site « {done.name} » est enregistré.")
            return redirect(back)
    context = {"form": form, "prefecture": prefecture, "title": title}
    context["history"] = history_entries(site)
    return render(request, "accounts/site_form.html", context)
