"""Correcting the modules and the rubriques « à confirmer » of a référentiel."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.access import Permission, requires
from common.form_tools import attempt
from modules import services
from modules.forms.referentials import HeadingCorrectionForm, ModuleCorrectionForm
from modules.models import Heading, HeadingRevision, Module, ModuleRevision, Referential
from modules.selectors import referentials as catalogue


FORM_METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(FORM_METHODS)
@requires(Permission.REFERENTIAL_CORRECT, subject=Referential)
def module_correct(request: HttpRequest, referential: Referential, number: int) -> HttpResponse:
    module = catalogue.module_of(referential, number)
    if module is None:
        raise Http404
    back = _back(referential)
    if not module.is_correctable:
        return _refuse_sourced(request, "Ce module est sourcé : il ne change plus.", back)
    form = ModuleCorrectionForm(request.POST or None, instance=module, cancel_url=back)
    return _correct(
        request,
        referential,
        form,
        lambda: services.correct_module(module=module, by=request.user, **form.values()),
    )


@require_http_methods(FORM_METHODS)
@requires(Permission.REFERENTIAL_CORRECT, subject=Referential)
def heading_correct(
    request: HttpRequest, referential: Referential, heading_pk: int
) -> HttpResponse:
    heading = catalogue.heading_of(referential, heading_pk)
    if heading is None:
        raise Http404
    back = _back(referential)
    if not heading.is_correctable:
        return _refuse_sourced(request, "Cette rubrique est sourcée : elle ne change plus.", back)
    form = HeadingCorrectionForm(request.POST or None, instance=heading, cancel_url=back)
    return _correct(
        request,
        referential,
        form,
        lambda: services.correct_heading(heading=heading, by=request.user, **form.values()),
    )


def _back(referential: Referential) -> str:
    return reverse("modules:referential_detail", args=[referential.slug])


def _refuse_sourced(request: HttpRequest, message: str, back: str) -> HttpResponse:
    messages.error(request, message)
    return redirect(back)


def _correct(
    request: HttpRequest,
    referential: Referential,
    form: ModuleCorrectionForm | HeadingCorrectionForm,
    write: Callable[[], ModuleRevision | HeadingRevision],
) -> HttpResponse:
    row: Module | Heading = form.instance
    # Cleaning the form writes what was typed into the row: its name is taken before.
    name = str(row)
    if request.method == "POST" and form.is_valid() and attempt(form, write) is not None:
        messages.success(request, "La correction est enregistrée, avec sa source.")
        return redirect(_back(referential))
    context = {
        "form": form,
        "referential": referential,
        "name": name,
        "revisions": catalogue.revisions_of(row),
    }
    return render(request, "modules/structure_correct.html", context)
