"""Strong and weak points of a period, and what is said of them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from indicators.forms.figures import CommentaryForm
from indicators.models import Commentary, Indicator
from indicators.period_words import during
from indicators.reading.periods import Period
from indicators.selectors import figures, strengths
from indicators.series import plausible_period
from indicators.services.commentary import save_commentary


P = Permission


@require_safe
@requires(P.INDICATOR_READ)
def strengths_latest(request: HttpRequest) -> HttpResponse:
    """Go to the period asked (``?periode=``), else to the last one known."""
    scope = request.scope  # type: ignore[attr-defined]
    if scope.prefecture is None:
        return redirect("indicators:definition_list")
    measures = figures.figures_of(scope)
    period = strengths.period_to_show(measures, timezone.localdate())
    asked = request.GET.get("periode", period.code)
    return redirect("indicators:strengths_detail", _period(asked).code)


@require_safe
@requires(P.INDICATOR_READ)
def strengths_detail(request: HttpRequest, period: str) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    shown, today = _period(period), timezone.localdate()
    if scope.prefecture is None:
        return redirect("indicators:definition_list")
    latest = strengths.period_to_show(figures.figures_of(scope), today)
    context = {
        "page": strengths.strengths_for(scope, shown, today),
        "choices": strengths.periods_to_choose(latest, shown),
    }
    return render(request, "indicators/reading/strengths_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INDICATOR_VALIDATE)
def commentary_edit(request: HttpRequest, period: str, code: str) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    about = _period(period)
    indicator = get_object_or_404(Indicator.objects.visible_to(scope), code=code)
    rows = Commentary.objects.visible_to(scope).filter(indicator=indicator, period=about.code)
    page_url = reverse("indicators:strengths_detail", args=[about.code])
    form = CommentaryForm(request.POST or None, instance=rows.first(), cancel_url=page_url)
    if request.method == "POST" and form.is_valid():
        saved = attempt(
            form,
            lambda: save_commentary(
                prefecture=scope.prefecture,
                indicator=indicator,
                period=about.code,
                commentary=form.instance if form.instance.pk else None,
                by=request.user,
                **form.values(),
            ),
        )
        if saved is not None:
            messages.success(request, f"Le commentaire est enregistré : {indicator.label}.")
            return redirect(f"{page_url}#{code}")
    point = strengths.point_for(scope, indicator, about)
    context = {"form": form, "indicator": indicator, "point": point, "when": during(about)}
    context |= {"period": about}
    return render(request, "indicators/reading/commentary_form.html", context)


def _period(code: str) -> Period:
    try:
        return plausible_period(code)
    except ValueError:
        raise Http404 from None
