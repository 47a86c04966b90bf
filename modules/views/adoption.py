"""Pages of several démarches: put side by side, taken over under a new référentiel."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.access import Permission, Scope, requires
from common.form_tools import attempt
from modules.forms.adoption import AdoptionForm, CompareForm
from modules.models import Adoption, LabelCycle, Referential
from modules.selectors import adoption as selectors
from modules.selectors.adoption_page import page_of_plan, page_of_summary
from modules.selectors.comparison import comparison_of, cycles_to_compare
from modules.services import adoption as services


P = Permission


@require_safe
@requires(P.CYCLE_READ)
def cycle_compare(request: HttpRequest) -> HttpResponse:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    form = CompareForm(
        request.GET or None,
        cycles=cycles_to_compare(scope),
        names_prefecture=scope.sees_all_prefectures,
    )
    pair = form.pair()
    context = {"form": form, "comparison": comparison_of(*pair, scope) if pair else None}
    return render(request, "modules/cycle_compare.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.CYCLE_EDIT, subject=LabelCycle)
def cycle_adopt(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    """Show what the adoption would do; do it once the new démarche is named."""
    offered = list(selectors.referentials_to_adopt(cycle))
    referential = _chosen(request, offered)
    form = AdoptionForm(request.POST or None, cycle=cycle, referential=referential)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.adopt_referential(
                cycle=cycle, referential=referential, by=request.user, **form.cleaned_data
            ),
        )
        if made is not None:
            messages.success(request, "La nouvelle démarche est créée.")
            return redirect("modules:adoption_detail", made.pk)
    context = {
        "form": form,
        "cycle": cycle,
        "referential": referential,
        "others": [item for item in offered if item != referential],
        "summary": page_of_plan(selectors.adoption_plan(cycle, referential)),
    }
    return render(request, "modules/adoption_preview.html", context)


def _chosen(request: HttpRequest, offered: list[Referential]) -> Referential:
    """The référentiel asked for by ``?vers=``, or the newest one; 404 when there is none."""
    if not offered:
        raise Http404
    slug = request.GET.get("vers", "")
    return next((item for item in offered if item.slug == slug), offered[0])


@require_safe
@requires(P.CYCLE_READ, subject=Adoption)
def adoption_detail(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    scope: Scope = request.scope  # type: ignore[attr-defined]
    visible = LabelCycle.objects.visible_to(scope)
    context = {
        "adoption": adoption,
        "old": adoption.old_cycle,
        # An auditor may read the former démarche and not the new one.
        "new": visible.filter(pk=adoption.new_cycle_id).first(),
        "summary": page_of_summary(adoption.summary),
    }
    return render(request, "modules/adoption_detail.html", context)


@require_POST
@requires(P.CYCLE_EDIT, subject=Adoption)
def adoption_undo(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    try:
        services.undo_adoption(adoption=adoption, by=request.user)
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
    else:
        messages.success(request, "La reprise est annulée : la nouvelle démarche est supprimée.")
    return redirect("modules:adoption_detail", adoption.pk)
