"""Searches that a person keeps: saved, opened, renamed, deleted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from action_plans.forms.actions import ViewNameForm
from action_plans.models import SavedView
from action_plans.services import saved_views as services
from action_plans.views.gates import act
from common.form_tools import attempt


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]


def _list_url(query: str = "") -> str:
    return reverse("action_plans:action_list") + (query and f"?{query}")


@require_http_methods(FORM_METHODS)
@requires(P.ACTION_READ)
def view_create(request: HttpRequest) -> HttpResponse:
    """Keep the search of the address (``vue``) under a name."""
    scope = request.scope  # type: ignore[attr-defined]
    query = services.cleaned_query(request.POST.get("vue", request.GET.urlencode()))
    if not query:
        messages.error(request, "Filtrez ou triez d’abord la liste, puis enregistrez la vue.")
        return redirect(_list_url())
    form = ViewNameForm(
        request.POST if "name" in request.POST else None,
        submit="Enregistrer la vue",
        cancel_url=_list_url(query),
    )
    if form.is_bound and form.is_valid():
        name = form.cleaned_data["name"]
        made = attempt(form, lambda: services.save_view(scope=scope, name=name, query=query))
        if made is not None:
            messages.success(request, f"La vue « {made} » est enregistrée.")
            return redirect(_list_url(made.query))
    context = {"form": form, "title": "Enregistrer la vue", "query": query}
    return render(request, "action_plans/actions/view_form.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.ACTION_READ, subject=SavedView)
def view_edit(request: HttpRequest, view: SavedView) -> HttpResponse:
    form = ViewNameForm(
        request.POST or None,
        initial={"name": view.name},
        submit="Renommer la vue",
        cancel_url=_list_url(view.query),
    )
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["name"]
        if attempt(form, lambda: services.rename_view(view=view, name=name)) is not None:
            messages.success(request, "La vue est renommée.")
            return redirect(_list_url(view.query))
    context = {"form": form, "title": "Renommer la vue", "query": "", "view": view}
    return render(request, "action_plans/actions/view_form.html", context)


@require_POST
@requires(P.ACTION_READ, subject=SavedView)
def view_delete(request: HttpRequest, view: SavedView) -> HttpResponse:
    words = f"La vue « {view} » est supprimée. La liste reste filtrée : enregistrez-la de nouveau si besoin."
    return act(request, lambda: services.delete_view(view=view), words, _list_url(view.query))
