"""Exchange with PILOTE: the page that says what is sent, the file itself, the table of identifiers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.access import Permission, requires
from common.form_tools import attempt
from common.history import history_entries
from indicators.forms.pilote import PiloteIdentifierForm
from indicators.models import Indicator
from indicators.selectors.pilote import pilote_export
from indicators.selectors.pilote_identifiers import identifier_table, own_identifier
from indicators.services.pilote_identifiers import save_identifier


P = Permission


@require_safe
@requires(P.INDICATOR_VALIDATE, P.INDICATOR_TARGET_NATIONAL)
def pilote_page(request: HttpRequest) -> HttpResponse:
    """What a préfecture sends; for the ministry, the table of the identifiers alone."""
    scope = request.scope  # type: ignore[attr-defined]
    export = pilote_export(scope.prefecture) if scope.prefecture else None
    table = identifier_table(scope, export.codes if export else ())
    return render(request, "indicators/pilote/page.html", {"export": export, "table": table})


@require_safe
@requires(P.INDICATOR_VALIDATE)
def pilote_file(request: HttpRequest) -> HttpResponse:
    prefecture = request.scope.prefecture  # type: ignore[attr-defined]
    response = HttpResponse(
        pilote_export(prefecture).text.encode(), content_type="text/csv; charset=utf-8"
    )
    name = f"pilote-{prefecture.code}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@requires(P.INDICATOR_VALIDATE, P.INDICATOR_TARGET_NATIONAL)
def pilote_identifier(request: HttpRequest, code: str) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    indicator = get_object_or_404(Indicator.objects.visible_to(scope), code=code)
    row, back = own_identifier(scope, indicator), f"{reverse('indicators:pilote_page')}#{code}"
    form = PiloteIdentifierForm(request.POST or None, instance=row, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: save_identifier(row=row, values=form.values()))
        if done is not None:
            messages.success(request, f"Identifiant de {code} : enregistré.")
            return redirect(back)
    context = {
        "form": form,
        "indicator": indicator,
        "history": history_entries(row) if row.pk else [],
    }
    return render(request, "indicators/pilote/identifier.html", context)
