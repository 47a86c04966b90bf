"""Correcting a definition « à confirmer »."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, requires
from common.form_tools import attempt
from indicators.forms.definitions import DefinitionCorrectionForm
from indicators.models import Indicator
from indicators.services.corrections import correct_definition


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REFERENTIAL_CORRECT)
def definition_correct(request: HttpRequest, code: str) -> HttpResponse:
    visible = Indicator.objects.visible_to(request.scope)  # type: ignore[attr-defined]
    indicator = get_object_or_404(visible, code=code)
    # Cleaning the form writes what was typed into the row: what it was is taken before.
    context = {"code": code, "label": indicator.label, "is_open": indicator.is_open}
    back = reverse("indicators:definition_detail", args=[code])
    form = DefinitionCorrectionForm(request.POST or None, instance=indicator, cancel_url=back)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: correct_definition(indicator=indicator, by=request.user, **form.values()),
        )
        if done is not None:
            messages.success(request, "La correction est enregistrée, avec son motif.")
            return redirect(back)
    return render(
        request, "indicators/catalogue/definition_correct.html", {"form": form, **context}
    )
