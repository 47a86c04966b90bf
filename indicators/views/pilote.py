"""Exchange with PILOTE: the page that says what is sent, the file itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.access import Permission, requires
from indicators.selectors.pilote import pilote_export


P = Permission


@require_safe
@requires(P.INDICATOR_VALIDATE)
def pilote_page(request: HttpRequest) -> HttpResponse:
    export = pilote_export(request.scope.prefecture)  # type: ignore[attr-defined]
    return render(request, "indicators/pilote/page.html", {"export": export})


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
