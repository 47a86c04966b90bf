"""Submitting, seeing, signing, sending back, correcting: the acts that make minutes official."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, requires
from meetings.errors import RefusedError
from meetings.forms.minutes import CorrectionForm, ReasonForm, SignatureForm
from meetings.models import Meeting, Minutes
from meetings.selectors.pages import current_minutes, meeting_page
from meetings.selectors.papers import (
    CORRECTION_PERMISSIONS,
    document_slots,
    may_request_documents,
    state_page,
)
from meetings.services.workflow import (
    send_back_minutes,
    sign_visa,
    start_correction,
    submit_minutes,
    validate_minutes,
)
from meetings.views.gates import refused_to, require_writable
from meetings.workflow import TRANSITIONS
from reports.services import request_document


P = Permission
PAGE = "meetings:minutes_state"


@require_safe
@requires(P.COMMITTEE_READ, subject=Meeting)
def minutes_state(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Show where the minutes stand, what blocks them, who does what next, and their documents."""
    return _state_page(request, meeting)


@require_POST
@requires(*TRANSITIONS["submit"].permissions, subject=Meeting)
@refused_to(PAGE)
def submit(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    require_writable(request, meeting)
    submit_minutes(minutes=_minutes(meeting), by=request.user)
    messages.success(request, "Le compte rendu est soumis. Le préfet peut le signer ici.")
    return redirect(PAGE, meeting.slug)


@require_POST
@requires(*TRANSITIONS["send_back"].permissions, subject=Meeting)
@refused_to(PAGE)
def send_back(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _state_page(request, meeting, reason_form=form)
    send_back_minutes(minutes=_minutes(meeting), reason=form.cleaned_data["reason"])
    messages.success(request, "Le compte rendu est renvoyé en rédaction, avec votre motif.")
    return redirect(PAGE, meeting.slug)


@require_POST
@requires(P.MINUTES_SIGN, subject=Meeting)
@refused_to(PAGE)
def visa(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = SignatureForm(request.POST, user=request.user, prefix="visa")
    if not form.is_valid():
        return _state_page(request, meeting, visa_form=form)
    sign_visa(minutes=_minutes(meeting), by=request.user, **form.cleaned_data)
    messages.success(request, "Votre visa est enregistré.")
    return redirect(PAGE, meeting.slug)


@require_POST
@requires(*TRANSITIONS["validate"].permissions, subject=Meeting)
@refused_to(PAGE)
def validate(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = SignatureForm(request.POST, user=request.user, prefix="signature")
    if not form.is_valid():
        return _state_page(request, meeting, signature_form=form)
    validate_minutes(minutes=_minutes(meeting), scope=request.scope, **form.cleaned_data)
    messages.success(
        request, "Le compte rendu est signé : il ne changera plus. Son PDF est en préparation."
    )
    return redirect(PAGE, meeting.slug)


@require_POST
@requires(*CORRECTION_PERMISSIONS, subject=Meeting)
@refused_to(PAGE)
def correct(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    form = CorrectionForm(request.POST)
    if not form.is_valid():
        return _state_page(request, meeting, correction_form=form)
    corrected = start_correction(meeting=meeting, reason=form.cleaned_data["correction_reason"])
    messages.success(
        request, f"La version {corrected.version} est ouverte, avec le contenu de la précédente."
    )
    return redirect("meetings:minutes", meeting.slug)


@require_POST
@requires(P.DOCUMENT_REQUEST, P.MINUTES_WRITE_ASSIGNED, subject=Meeting)
@refused_to(PAGE)
def document_request(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Ask for one of the documents of the meeting; back to the page that asked."""
    if not may_request_documents(meeting, request.scope):
        require_writable(request, meeting)
    minutes = current_minutes(meeting)
    slots = document_slots(meeting, minutes, request.scope)
    slot = next((slot for slot in slots if slot.kind == request.POST.get("kind")), None)
    if slot is None or not slot.may_request:
        raise RefusedError("Ce document ne peut pas être produit maintenant.")
    request_document(kind=slot.kind, subject_id=slot.subject_id, scope=request.scope)
    return redirect(_back_to(request, meeting))


def _minutes(meeting: Meeting) -> Minutes:
    """Return the newest version; 404 when nobody began to write."""
    minutes = current_minutes(meeting)
    if minutes is None:
        raise Http404
    return minutes


def _back_to(request: HttpRequest, meeting: Meeting) -> str:
    """Return the page that asked, when it is one of ours."""
    asked = request.POST.get("next", "")
    if asked and url_has_allowed_host_and_scheme(asked, {request.get_host()}):
        return asked
    return reverse(PAGE, args=[meeting.slug])


def _state_page(request: HttpRequest, meeting: Meeting, **bound: Any) -> HttpResponse:
    """Draw the page; ``bound`` holds the form that was refused, with what was typed."""
    minutes = current_minutes(meeting)
    signs = request.scope.may(P.MINUTES_SIGN)
    context = {
        "page": meeting_page(request, meeting),
        "state": state_page(meeting, minutes, request.scope) if minutes else None,
        "slots": document_slots(meeting, minutes, request.scope),
        "reason_form": ReasonForm(),
        "correction_form": CorrectionForm(),
        "visa_form": SignatureForm(user=request.user, prefix="visa") if signs else None,
        "signature_form": SignatureForm(user=request.user, prefix="signature") if signs else None,
        **bound,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if bound else HTTPStatus.OK
    return render(request, "meetings/minutes_state.html", context, status=status)
