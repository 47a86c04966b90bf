"""Origins of an action, and the measures of its effect: chosen, typed, taken away, put back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from action_plans.forms.parts import action_url
from action_plans.forms.signals import (
    MeasureForm,
    MeasureSearchForm,
    OriginSearchForm,
    TypedOriginForm,
    ValueForm,
)
from action_plans.models import BY_HAND, Action, Origin, SuccessMeasure
from action_plans.registry import MeasureFact, measure_source, measure_sources
from action_plans.services import effects
from action_plans.services import signals as services
from action_plans.views.gates import act, editable, reportable
from common.form_tools import attempt
from modules.views.undo import UNDO_PARAMETER


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]
EDITORS = (P.ACTION_OPEN, P.ACTION_EDIT)
REPORTERS = (P.ACTION_REPORT, P.ACTION_EDIT)
UNTIED = "origine"


# --- Origins ----------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(*EDITORS, subject=Action)
@editable
def origin_add(request: HttpRequest, action: Action) -> HttpResponse:
    """Search what the application holds and choose it, or type where the action comes from."""
    scope = request.scope  # type: ignore[attr-defined]
    if request.method == "POST" and "reference" in request.POST:
        return _choose_origin(request, action)
    form = TypedOriginForm(request.POST or None, action=action)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        made = attempt(
            form, lambda: services.add_typed_origin(action=action, by=scope.user, **given)
        )
        if made is not None:
            return _origin_added(request, action, made)
    search = OriginSearchForm(request.GET, scope=scope)
    source, facts = search.results(scope)
    known = set(action.origins.order_by("pk").values_list("source", "reference"))
    context = {
        "action": action,
        "form": form,
        "search": search,
        "source": source,
        "facts": [(fact, (source.code, fact.reference) in known) for fact in facts],
        "is_searched": bool(request.GET.get("q")),
    }
    return render(request, "action_plans/signals/origin_add.html", context)


def _choose_origin(request: HttpRequest, action: Action) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    source, reference = request.POST.get("nature", ""), request.POST["reference"]
    try:
        made = services.add_origin(action=action, source=source, reference=reference, scope=scope)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
        return redirect("action_plans:origin_add", action.pk)
    return _origin_added(request, action, made)


def _origin_added(request: HttpRequest, action: Action, origin: Origin) -> HttpResponse:
    messages.success(request, f"L’origine « {origin} » est ajoutée.")
    return redirect(action_url(action, "origines"))


@require_POST
@requires(*EDITORS, subject=Action)
@editable
def origin_remove(request: HttpRequest, action: Action, origin_pk: int) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    origin = get_object_or_404(Origin.objects.visible_to(scope), pk=origin_pk, action=action)
    past = services.remove_origin(origin=origin)
    return redirect(f"{action_url(action)}?{UNTIED}={past}#origines")


@require_POST
@requires(*EDITORS, subject=Action)
@editable
def origin_restore(request: HttpRequest, action: Action, history_pk: int) -> HttpResponse:
    return act(
        request,
        lambda: services.restore_origin(action=action, history_id=history_pk),
        "L’origine est rétablie.",
        action_url(action, "origines"),
    )


def untied_origin(request: HttpRequest, action: Action) -> dict[str, str] | None:
    """Return what « Annuler » takes back after an origin was untied."""
    key = request.GET.get(UNTIED, "")
    if not (key.isascii() and key.isdigit() and len(key) < 18):
        return None
    past = Origin.history.filter(history_id=int(key), action_id=action.pk, history_type="-").first()
    twins = action.origins.filter(source=past.source, label=past.label) if past else None
    if past is None or (twins is not None and twins.exists()):
        return None
    url = reverse("action_plans:origin_restore", args=[action.pk, past.history_id])
    return {"text": f"L’origine « {past.label} » est retirée.", "url": url}


# --- Measures ---------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(*EDITORS, subject=Action)
@editable
def measure_add(request: HttpRequest, action: Action) -> HttpResponse:
    """``?nature=…&reference=…``: what a source measures; else one types it, or searches the sources."""
    scope = request.scope  # type: ignore[attr-defined]
    code, reference = request.GET.get("nature", ""), request.GET.get("reference", "")
    fact = _measure_fact(request, code, reference)
    form = MeasureForm(request.POST or None, instance=SuccessMeasure(action=action), fact=fact)
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"source": code, "reference": reference} if fact else {}
        made = attempt(
            form,
            lambda: services.add_measure(action=action, values=form.values(), scope=scope, **given),
        )
        if made is not None:
            messages.success(request, f"La mesure « {made} » est ajoutée.")
            return redirect(action_url(action, "mesures"))
    search = MeasureSearchForm(request.GET, scope=scope)
    source, facts = search.results(scope) if measure_sources(scope) and not fact else (None, [])
    context = {
        "action": action,
        "form": form,
        "fact": fact,
        "search": search,
        "source": source,
        "facts": facts,
    }
    return render(request, "action_plans/signals/measure_add.html", context)


def _measure_fact(request: HttpRequest, code: str, reference: str) -> MeasureFact | None:
    scope = request.scope  # type: ignore[attr-defined]
    source = measure_source(code) if reference and code != BY_HAND else None
    if source is None or not scope.may(*source.permissions):
        return None
    return source.describe(scope, [reference]).get(reference)


def _measure(request: HttpRequest, action: Action, measure_pk: int) -> SuccessMeasure:
    rows = SuccessMeasure.objects.visible_to(request.scope)  # type: ignore[attr-defined]
    found: SuccessMeasure = get_object_or_404(
        rows.select_related("action"), pk=measure_pk, action=action
    )
    return found


def _kept_measure(request: HttpRequest, action: Action, measure_pk: int) -> SuccessMeasure:
    measure = _measure(request, action, measure_pk)
    if measure.removed_at is not None:
        raise Http404
    return measure


@require_http_methods(FORM_METHODS)
@requires(*EDITORS, subject=Action)
@editable
def measure_edit(request: HttpRequest, action: Action, measure_pk: int) -> HttpResponse:
    measure = _kept_measure(request, action, measure_pk)
    lead = measure.label
    form = MeasureForm(request.POST or None, instance=measure)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_measure(measure=measure, values=form.values()))
        if done is not None:
            messages.success(request, "La mesure est enregistrée.")
            return redirect(action_url(action, "mesures"))
    return _form_page(request, action, form, "Modifier la mesure", lead)


@require_http_methods(FORM_METHODS)
@requires(*REPORTERS, subject=Action)
@reportable
def measure_value(request: HttpRequest, action: Action, measure_pk: int) -> HttpResponse:
    measure = _kept_measure(request, action, measure_pk)
    scope = request.scope  # type: ignore[attr-defined]
    form = ValueForm(request.POST or None, measure=measure)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        reading = attempt(form, lambda: effects.record_value(measure=measure, scope=scope, **given))
        if reading is not None:
            messages.success(request, reading.sentence)
            return redirect(action_url(action, "mesures"))
    return _form_page(request, action, form, "Saisir une valeur", measure.label)


def _form_page(
    request: HttpRequest, action: Action, form: object, title: str, lead: str
) -> HttpResponse:
    context = {"form": form, "action": action, "title": title, "lead": lead}
    return render(request, "action_plans/actions/part_form.html", context)


@require_POST
@requires(*EDITORS, subject=Action)
@editable
def measure_remove(request: HttpRequest, action: Action, measure_pk: int) -> HttpResponse:
    services.remove_measure(measure=_measure(request, action, measure_pk))
    return redirect(f"{action_url(action)}?{UNDO_PARAMETER}=mesure-{measure_pk}#mesures")


@require_POST
@requires(*EDITORS, subject=Action)
@editable
def measure_restore(request: HttpRequest, action: Action, measure_pk: int) -> HttpResponse:
    measure = _measure(request, action, measure_pk)
    return act(
        request,
        lambda: services.restore_measure(measure=measure),
        "La mesure est rétablie.",
        action_url(action, "mesures"),
    )
