"""Acts on the targets: those of the préfecture, those of the ministry. Never one for the other."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, requires
from accounts.models import Prefecture
from common.form_tools import attempt
from indicators.forms.targets import TargetForm
from indicators.models import Indicator, Target
from indicators.services import targets as services
from modules.views.undo import redirect_with_undo


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]


# --- Of the préfecture ------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.INDICATOR_TARGET)
def target_create(request: HttpRequest, code: str) -> HttpResponse:
    return _create(request, code, request.scope.prefecture)  # type: ignore[attr-defined]


@require_http_methods(FORM_METHODS)
@requires(P.INDICATOR_TARGET, subject=Target)
def target_edit(request: HttpRequest, target: Target) -> HttpResponse:
    return _edit(request, _local(target))


@require_POST
@requires(P.INDICATOR_TARGET, subject=Target)
def target_remove(request: HttpRequest, target: Target) -> HttpResponse:
    return _remove(_local(target), "cible")


@require_POST
@requires(P.INDICATOR_TARGET, subject=Target)
def target_restore(request: HttpRequest, target: Target) -> HttpResponse:
    return _restore(request, _local(target))


# --- Of the ministry --------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.INDICATOR_TARGET_NATIONAL)
def national_target_create(request: HttpRequest, code: str) -> HttpResponse:
    return _create(request, code, None)


@require_http_methods(FORM_METHODS)
@requires(P.INDICATOR_TARGET_NATIONAL, subject=Target)
def national_target_edit(request: HttpRequest, target: Target) -> HttpResponse:
    return _edit(request, _national(target))


@require_POST
@requires(P.INDICATOR_TARGET_NATIONAL, subject=Target)
def national_target_remove(request: HttpRequest, target: Target) -> HttpResponse:
    return _remove(_national(target), "cible-nationale")


@require_POST
@requires(P.INDICATOR_TARGET_NATIONAL, subject=Target)
def national_target_restore(request: HttpRequest, target: Target) -> HttpResponse:
    return _restore(request, _national(target))


# --- Inside -----------------------------------------------------------------------------------
def _local(target: Target) -> Target:
    if target.prefecture_id is None:
        raise Http404
    return target


def _national(target: Target) -> Target:
    if target.prefecture_id is not None:
        raise Http404
    return target


def _url(indicator: Indicator) -> str:
    return reverse("indicators:definition_detail", args=[indicator.code])


def _create(request: HttpRequest, code: str, prefecture: Prefecture | None) -> HttpResponse:
    visible = Indicator.objects.visible_to(request.scope)  # type: ignore[attr-defined]
    indicator = get_object_or_404(visible, code=code)
    form = TargetForm(
        request.POST or None,
        instance=Target(indicator=indicator, prefecture=prefecture),
        indicator=indicator,
        is_national=prefecture is None,
        cancel_url=_url(indicator),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.add_target(
                indicator=indicator, prefecture=prefecture, values=form.values()
            ),
        )
        if made is not None:
            messages.success(request, f"{made.get_kind_display()} : enregistré.")
            return redirect(_url(indicator))
    return _page(request, form, indicator, is_national=prefecture is None)


def _edit(request: HttpRequest, target: Target) -> HttpResponse:
    if target.removed_at is not None:
        raise Http404
    indicator = target.indicator
    form = TargetForm(
        request.POST or None,
        instance=target,
        indicator=indicator,
        is_national=target.prefecture_id is None,
        cancel_url=_url(indicator),
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_target(target=target, values=form.values()))
        if done is not None:
            messages.success(request, f"{done.get_kind_display()} : enregistré.")
            return redirect(_url(indicator))
    return _page(request, form, indicator, is_national=target.prefecture_id is None)


def _page(
    request: HttpRequest, form: TargetForm, indicator: Indicator, *, is_national: bool
) -> HttpResponse:
    whose = "nationale" if is_national else "de la préfecture"
    verb = "Modifier la" if form.instance.pk else "Ajouter une"
    context = {"form": form, "indicator": indicator, "title": f"{verb} cible {whose}"}
    return render(request, "indicators/catalogue/target_form.html", context)


def _remove(target: Target, kind: str) -> HttpResponse:
    services.remove_target(target=target)
    return redirect_with_undo(_url(target.indicator), kind, target)


def _restore(request: HttpRequest, target: Target) -> HttpResponse:
    try:
        services.restore_target(target=target)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    return redirect(_url(target.indicator))
