"""Validated versions of the plan: list, freezing one, reading one, what changed since."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission, requires
from action_plans.forms.exchange import PlanVersionForm
from action_plans.models import PlanVersion
from action_plans.rules.plan_versions import FrozenPlan
from action_plans.selectors import plan_versions as selectors
from action_plans.services.plan_versions import freeze_plan
from common.form_tools import attempt


P = Permission


@require_safe
@requires(P.ACTION_READ)
def plan_version_list(request: HttpRequest) -> HttpResponse:
    context = {"versions": selectors.versions_for_list(request.scope)}
    return render(request, "action_plans/exchange/version_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.PLAN_VALIDATE)
def plan_version_create(request: HttpRequest) -> HttpResponse:
    prefecture, today = request.scope.prefecture, timezone.localdate()
    form = PlanVersionForm(
        request.POST or None,
        instance=PlanVersion(prefecture=prefecture),
        initial={"year": today.year, "validated_on": today},
        cancel_url=reverse("action_plans:plan_version_list"),
    )
    if form.is_valid():
        values = {name: form.cleaned_data[name] for name in form.Meta.fields}
        version = attempt(
            form, lambda: freeze_plan(prefecture=prefecture, values=values, by=request.user)
        )
        if version is not None:
            messages.success(request, f"{version} est arrêté : il ne changera plus.")
            return redirect("action_plans:plan_version_detail", version.pk)
    count = selectors.actions_of_year(prefecture, today.year).count()
    context = {"form": form, "year": today.year, "count": count}
    return render(request, "action_plans/exchange/version_create.html", context)


@require_safe
@requires(P.ACTION_READ, subject=PlanVersion)
def plan_version_detail(request: HttpRequest, version: PlanVersion) -> HttpResponse:
    context = {
        "version": version,
        "plan": FrozenPlan.from_dict(version.frozen),
        "choices": selectors.comparison_choices(version),
    }
    return render(request, "action_plans/exchange/version_detail.html", context)


@require_safe
@requires(P.ACTION_READ, subject=PlanVersion)
def plan_version_differences(request: HttpRequest, version: PlanVersion) -> HttpResponse:
    """``?avec=aujourdhui`` or ``?avec=<pk of another version>``."""
    context = {
        "version": version,
        "comparison": selectors.compare_version(version, request.GET.get("avec", "")),
        "choices": selectors.comparison_choices(version),
    }
    return render(request, "action_plans/exchange/version_differences.html", context)
