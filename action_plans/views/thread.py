"""The « fil rouge »: its page, its document; the effects brought by their sources, asked for now."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from action_plans.forms.thread import ThreadFilterForm
from action_plans.registry import measure_sources
from action_plans.selectors import thread as selectors
from action_plans.selectors.signals import orphan_signals
from action_plans.services.effects import refresh_effects
from action_plans.thread_document import KIND
from reports.selectors import latest_document
from reports.services import request_document


P = Permission
PER_PAGE = 50


@require_safe
@requires(P.ACTION_READ)
def thread_list(request: HttpRequest) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    filters = ThreadFilterForm(request.GET, scope=scope)
    rows = filters.apply(selectors.thread_actions(scope))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": selectors.thread_lines(page.object_list, scope, today),
        "counts": selectors.thread_counts(scope),
        "signals": orphan_signals(scope),
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "has_sources": bool(measure_sources()),
        "document": latest_document(kind=KIND, subject_id=scope.prefecture_id, scope=scope),
    }
    return render(request, "action_plans/signals/thread.html", context)


@require_POST
@requires(P.DOCUMENT_REQUEST)
def thread_document(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    request_document(kind=KIND, subject_id=scope.prefecture_id, scope=scope)
    return redirect("action_plans:thread_list")


@require_POST
@requires(P.ACTION_EDIT)
def effects_refresh(request: HttpRequest) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    added = refresh_effects(prefecture=scope.prefecture)
    told = f"{added} effet{'s' if added > 1 else ''} relevé{'s' if added > 1 else ''}."
    messages.success(request, told if added else "Aucune valeur nouvelle : tout est à jour.")
    return redirect("action_plans:thread_list")
