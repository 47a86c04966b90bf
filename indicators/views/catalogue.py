"""Pages of the definitions: the catalogue, one of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Permission, requires
from common.history import history_entries
from indicators.forms.targets import DefinitionFilterForm
from indicators.models import Indicator
from indicators.selectors import catalogue
from modules.selectors.referentials import revisions_of
from modules.views.undo import Removal, undo_from


@require_safe
@requires(Permission.REFERENTIAL_READ)
def definition_list(request: HttpRequest) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    referential = catalogue.referential_to_show(scope, request.GET.get("referential", ""))
    filters = DefinitionFilterForm(
        {"referential": referential.slug if referential else "", **request.GET.dict()}
    )
    everything = catalogue.definitions(scope)
    groups = catalogue.groups_for_page(filters.apply(everything), referential, scope, today)
    context = {
        "groups": groups,
        "count": sum(len(group.lines) for group in groups),
        "filters": filters,
        "referential": referential,
        "is_filtered": any(
            request.GET.get(name) for name in filters.fields if name != "referential"
        ),
    }
    return render(request, "indicators/catalogue/definition_list.html", context)


@require_safe
@requires(Permission.REFERENTIAL_READ)
def definition_detail(request: HttpRequest, code: str) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    visible = Indicator.objects.visible_to(scope).select_related("referential")
    indicator = get_object_or_404(visible, code=code)
    removable = catalogue.removable_targets(indicator, scope)
    removals = {
        kind: Removal(
            removable.filter(prefecture__isnull=kind == "cible-nationale"),
            lambda row, name=name: reverse(name, args=[row.pk]),
            "Retiré : {}.",
        )
        for kind, name in (
            ("cible", "indicators:target_restore"),
            ("cible-nationale", "indicators:national_target_restore"),
        )
    }
    context = {
        "indicator": indicator,
        "commitments": catalogue.commitments_naming(indicator),
        "targets": catalogue.targets_for_page(indicator, scope, today),
        "revisions": revisions_of(indicator, "Motif de la correction"),
        "undo": undo_from(request, removals),
        "history": history_entries(indicator),
    }
    return render(request, "indicators/catalogue/definition_detail.html", context)
