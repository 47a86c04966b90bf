"""Pages of the committees: the list, one committee, its facts."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from meetings.enums import CommitteeKind
from meetings.forms.committees import CommitteeFilterForm, CommitteeForm
from meetings.models import Committee
from meetings.selectors import committees as data
from meetings.selectors.composition import composition_of
from meetings.services import committees as services
from meetings.views.gates import posted
from modules.models import WorkingGroup


COMMITTEES_PER_PAGE = 20
MEETINGS_PER_PAGE = 12
# Below this many, a list is read at a glance: no filters.
FILTERED_FROM = 6


@require_safe
@requires(Permission.COMMITTEE_READ)
def committee_list(request: HttpRequest) -> HttpResponse:
    filters = CommitteeFilterForm(request.GET)
    visible = data.committees_for_list(request.scope)  # type: ignore[attr-defined]
    page = Paginator(filters.apply(visible), COMMITTEES_PER_PAGE).get_page(request.GET.get("page"))
    is_filtered = any(request.GET.get(name) for name in filters.fields)
    context = {
        "page": page,
        "rows": data.rows_for_committees(page.object_list, timezone.localdate()),
        "filters": filters,
        "is_filtered": is_filtered,
        "shows_filters": is_filtered or page.paginator.count >= FILTERED_FROM,
    }
    return render(request, "meetings/committee_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.COMMITTEE_EDIT)
def committee_create(request: HttpRequest) -> HttpResponse:
    prefecture = request.scope.prefecture  # type: ignore[attr-defined]
    form = CommitteeForm(
        posted(request),
        initial=_from_group(request),
        prefecture=prefecture,
        cancel_url=reverse("meetings:committee_list"),
    )
    if form.is_valid():
        made = attempt(
            form, lambda: services.create_committee(prefecture=prefecture, values=form.values())
        )
        if made is not None:
            messages.success(
                request, f"Le comité « {made} » est créé. Ajoutez maintenant ses organismes."
            )
            return redirect("meetings:composition", made.slug)
    return render(request, "meetings/committee_create.html", {"form": form})


def _from_group(request: HttpRequest) -> dict[str, Any]:
    """Return what ``?groupe=<pk>`` says of a committee: the group for which it is created."""
    wanted = request.GET.get("groupe", "")
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) < 18):
        return {}
    groups = WorkingGroup.objects.visible_to(request.scope)  # type: ignore[attr-defined]
    group = groups.filter(pk=int(wanted), removed_at__isnull=True).first()
    if group is None:
        return {}
    return {"name": group.name, "kind": CommitteeKind.WORKING_GROUP, "working_group": group.pk}


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.COMMITTEE_EDIT, subject=Committee)
def committee_edit(request: HttpRequest, committee: Committee) -> HttpResponse:
    name, back = committee.name, reverse("meetings:committee_detail", args=[committee.slug])
    form = CommitteeForm(
        posted(request), instance=committee, prefecture=committee.prefecture, cancel_url=back
    )
    if form.is_valid():
        done = attempt(
            form, lambda: services.update_committee(committee=committee, values=form.values())
        )
        if done is not None:
            messages.success(request, f"Le comité « {done} » est enregistré.")
            return redirect("meetings:committee_detail", done.slug)
    context = {"form": form, "name": name, "back": back}
    return render(request, "meetings/committee_edit.html", context)


@require_safe
@requires(Permission.COMMITTEE_READ, subject=Committee)
def committee_detail(request: HttpRequest, committee: Committee) -> HttpResponse:
    today = timezone.localdate()
    composition = composition_of(committee, today)
    meetings = Paginator(committee.meetings.all(), MEETINGS_PER_PAGE)
    page = meetings.get_page(request.GET.get("page"))
    context = {
        "committee": committee,
        "composition": composition,
        "facts": data.committee_facts(committee, composition),
        "page": page,
        "meetings": data.meeting_rows(page.object_list, today),
        "history": data.committee_history(committee),
    }
    return render(request, "meetings/committee_detail.html", context)
