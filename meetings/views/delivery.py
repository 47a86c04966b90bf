"""Sending the minutes, following each message, and the page that a member's link opens."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_POST, require_safe

from accounts.access import Permission, public, requires
from meetings.errors import RefusedError
from meetings.models import Delivery, Meeting
from meetings.selectors.delivery import delivery_for_token, newer_final_version
from meetings.selectors.pages import current_minutes, meeting_page
from meetings.selectors.papers import state_page
from meetings.services.delivery import diffuse_minutes, retry_delivery
from meetings.views.gates import refused_to
from meetings.workflow import TRANSITIONS


PAGE = "meetings:minutes_state"
DIFFUSE = TRANSITIONS["diffuse"].permissions
WHY_PUBLIC = "a member of the committee needs no account; the link in their e-mail is the key"


@require_POST
@requires(*DIFFUSE, subject=Meeting)
@refused_to(PAGE)
def diffuse(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    minutes = current_minutes(meeting)
    if minutes is None:
        raise RefusedError("Il n’y a pas encore de compte rendu à diffuser.")
    diffused = diffuse_minutes(minutes=minutes)
    count = diffused.deliveries.count()
    sent = (
        f"{count} courriel{'s' if count > 1 else ''} en cours d’envoi" if count else "aucun envoi"
    )
    messages.success(request, f"Le compte rendu est diffusé : {sent}.")
    return redirect(PAGE, meeting.slug)


@require_safe
@requires(Permission.COMMITTEE_READ, subject=Meeting)
def deliveries(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Answer the part of the page that follows the PDF and the messages, while they move."""
    minutes = current_minutes(meeting)
    if minutes is None:
        raise Http404
    state = state_page(meeting, minutes, request.scope)
    context = {"page": meeting_page(request, meeting), "state": state}
    return render(request, "meetings/partials/diffusion.html", context)


@require_POST
@requires(*DIFFUSE, subject=Meeting)
@refused_to(PAGE)
def delivery_retry(request: HttpRequest, meeting: Meeting, pk: int) -> HttpResponse:
    minutes = current_minutes(meeting)
    if minutes is None:
        raise Http404
    delivery = get_object_or_404(minutes.deliveries, pk=pk)
    retry_delivery(delivery=delivery)
    messages.success(request, f"L’envoi à {delivery.name} est relancé.")
    return redirect(PAGE, meeting.slug)


@require_safe
@public(WHY_PUBLIC)
def delivery_receive(request: HttpRequest, token: str) -> HttpResponse:
    """Tell a member what the link gives, and whether a newer version replaces it."""
    delivery = _delivery(token)
    context = {"delivery": delivery, "newer": newer_final_version(delivery.minutes)}
    response = render(request, "meetings/delivery_receive.html", context)
    return _kept_private(response)


@require_safe
@public(WHY_PUBLIC)
def delivery_download(request: HttpRequest, token: str) -> HttpResponseBase:
    delivery = _delivery(token)
    document = delivery.document
    response = FileResponse(
        document.file.open("rb"),
        as_attachment=True,
        filename=document.file_name,
        content_type="application/pdf",
    )
    return _kept_private(response)


def _delivery(token: str) -> Delivery:
    delivery = delivery_for_token(token)
    if delivery is None:
        raise Http404
    return delivery


def _kept_private(response: HttpResponseBase) -> HttpResponseBase:
    """Nobody on the way keeps the page, and the address does not leak to other sites."""
    patch_cache_control(response, private=True, no_store=True)
    response["Referrer-Policy"] = "no-referrer"
    return response
