"""The calendar, the plan by service and by axis, and what calls for attention."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Permission, requires
from action_plans.forms.filters import ActionFilterForm
from action_plans.forms.plan import CalendarForm
from action_plans.selectors import reviews, timeline
from action_plans.selectors.actions import actions_for_list, kept_actions, lines_of


P = Permission
PER_PAGE = 50


@require_safe
@requires(P.ACTION_READ)
def calendar(request: HttpRequest) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()
    filters = ActionFilterForm(request.GET, scope=scope, today=today)
    every = actions_for_list(scope)
    years = timeline.years_of(every, today)
    choice = CalendarForm(request.GET, years=years, present=today.year)
    found = filters.apply(every)
    rows = timeline.ordered_for(timeline.in_year(found, choice.year, today), choice.grouping)
    page = Paginator(rows, timeline.PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "calendar": timeline.timeline_of(page.object_list, choice.year, choice.grouping, today),
        "page": page,
        "undated": lines_of(timeline.undated(found)[: timeline.PER_PAGE], today),
        "choice": choice,
        "years": years,
        "kept": [("annee", choice.year), ("par", choice.grouping)],
        "filters": filters,
        "chips": filters.chips(request.GET),
    }
    return render(request, "action_plans/plan/calendar.html", context)


@require_safe
@requires(P.ACTION_READ)
def review(request: HttpRequest, grouping: str) -> HttpResponse:
    """``grouping``: « service » or « axe »."""
    scope, today = request.scope, timezone.localdate()
    found = reviews.review_by(kept_actions(scope), grouping, today)
    context = {"review": found, "grouping": grouping}
    return render(request, "action_plans/plan/review.html", context)


@require_safe
@requires(P.ACTION_READ)
def attention(request: HttpRequest) -> HttpResponse:
    """``?quoi=``: one of the reasons of ``selectors.reviews.attentions``."""
    scope, today = request.scope, timezone.localdate()
    filters = ActionFilterForm(request.GET, scope=scope, today=today)
    reasons = reviews.attentions(filters.apply(actions_for_list(scope)), today)
    asked = request.GET.get("quoi", "")
    fullest = next((item for item in reasons if item.count), reasons[0])
    chosen = next((item for item in reasons if item.code == asked), fullest)
    page = Paginator(chosen.actions, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "reasons": reasons,
        "chosen": chosen,
        "filters": filters,
        "kept": [("quoi", chosen.code)],
        "page": page,
        "lines": reviews.attention_lines(page.object_list, today),
        "chips": filters.chips(request.GET),
    }
    return render(request, "action_plans/plan/attention.html", context)
