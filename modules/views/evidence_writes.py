"""Acts on the pieces of evidence: add, change, replace, join, detach, remove."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import Permission, Scope, requires
from accounts.models import Service
from common.form_tools import attempt
from modules.forms.evidence import (
    AttachForm,
    EvidenceCreateForm,
    EvidenceForm,
    JoinForm,
    VersionForm,
)
from modules.models import Commitment, Evidence, EvidenceLink, LabelCycle
from modules.selectors import evidence as selectors
from modules.selectors import evidence_rights as rights
from modules.selectors.perimeter import commitments_of_perimeter
from modules.services import evidence as services
from modules.views.evidence import DETACHED, kept_piece
from modules.views.undo import redirect_with_undo


P = Permission
FORM_METHODS = ["GET", "HEAD", "POST"]
# Pieces that the page « Joindre » lists; beyond, a word of their title is asked for.
SHOWN = 100
NOT_YOURS = (
    "Cette pièce est celle d’un autre service : qui l’a déposée, un correspondant de ce service ou le "
    "référent qualité la modifient."
)


def piece_url(piece: Evidence) -> str:
    """Return the address of a piece."""
    return reverse("modules:evidence_detail", args=[piece.pk])


def _asked(request: HttpRequest, cycle: LabelCycle) -> selectors.Asked:
    return selectors.asked_for(
        cycle,
        request.scope,  # type: ignore[attr-defined]
        code=request.GET.get("engagement", ""),
        service=_number(request.GET.get("service", "")),
        sheet=_number(request.GET.get("retour", "")),
    )


def _number(text: str) -> int:
    """Read a number of an address; 0 for what is not one."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _back(asked: selectors.Asked, otherwise: str) -> str:
    """Return where to go after the act: the row of the grid one came from, or ``otherwise``."""
    if asked.sheet is None:
        return otherwise
    row = f"#ligne-{asked.row}" if asked.row else ""
    return reverse("modules:sheet_detail", args=[asked.sheet.pk]) + row


def _first_service(asked: selectors.Asked, scope: Scope) -> Service | None:
    """The service of the address, if the reader writes for it."""
    if asked.service is None:
        return None
    return rights.services_for_pieces(scope).filter(pk=asked.service.pk).first()


def _refuse(request: HttpRequest, address: str, words: str = NOT_YOURS) -> HttpResponse:
    messages.error(request, words)
    return redirect(address)


# --- Add --------------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.EVIDENCE_EDIT, subject=LabelCycle)
def evidence_create(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    """``?engagement=<code>`` ticks it, ``service=<pk>`` chooses it, ``retour=<sheet>`` goes back to it."""
    scope = request.scope  # type: ignore[attr-defined]
    asked = _asked(request, cycle)
    back = _back(asked, reverse("modules:evidence_list", args=[cycle.pk]))
    form = EvidenceCreateForm(
        request.POST or None,
        request.FILES or None,
        instance=Evidence(prefecture=cycle.prefecture, added_by=scope.user),
        initial={"service": _first_service(asked, scope), "dated_on": timezone.localdate()},
        commitments=commitments_of_perimeter(cycle),
        ticked=[asked.commitment.pk] if asked.commitment else [],
        scope=scope,
        cancel_url=back,
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.add_evidence(
                cycle=cycle,
                values=form.values(),
                by=scope.user,
                commitments=form.chosen(),
                **form.source(),
            ),
        )
        if made is not None:
            _tell_added(request, made)
            return redirect(_back(asked, piece_url(made)))
    context = {"form": form, "cycle": cycle, "asked": asked, "title": "Déposer une pièce"}
    return render(request, "modules/evidence/evidence_create.html", context)


def _tell_added(request: HttpRequest, piece: Evidence) -> None:
    messages.success(request, f"La pièce « {piece.title} » est déposée.")
    twins = selectors.twins_of(piece, request.scope)  # type: ignore[attr-defined]
    if twins:
        names = ", ".join(f"« {twin.title} »" for twin in twins[:3])
        messages.warning(
            request,
            f"Le même contenu est déjà déposé sous {names}. Une seule pièce peut prouver plusieurs "
            "engagements : gardez-en une.",
        )


@require_http_methods(FORM_METHODS)
@requires(P.EVIDENCE_EDIT, subject=LabelCycle)
def evidence_join(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    """``?engagement=<code>&service=<pk>&retour=<sheet>``: pieces already there that prove it."""
    scope = request.scope  # type: ignore[attr-defined]
    asked = _asked(request, cycle)
    if asked.commitment is None:
        words = "Choisissez d’abord l’engagement auquel joindre des pièces."
        return _refuse(request, reverse("modules:evidence_gaps", args=[cycle.pk]), words)
    commitment: Commitment = asked.commitment
    search = " ".join(request.GET.get("q", "").split())[:100]
    pieces = selectors.pieces_to_join(cycle, commitment, asked.service, scope)
    found = selectors.matching(pieces, search)
    shown = list(found[: SHOWN + 1])
    back = _back(asked, reverse("modules:evidence_list", args=[cycle.pk]))
    create_url = reverse("modules:evidence_create", args=[cycle.pk])
    form = JoinForm(
        request.POST or None,
        initial={"service": _first_service(asked, scope)},
        pieces=pieces,
        shown=shown[:SHOWN],
        scope=scope,
        cancel_url=back,
    )
    if request.method == "POST" and form.is_valid():
        chosen, service = form.cleaned_data["pieces"], form.cleaned_data["service"]
        if attempt(form, lambda: _join_all(chosen, cycle, commitment, service, scope)) is not None:
            messages.success(request, f"Engagement {commitment.code} : pièces jointes.")
            return redirect(back)
    context = {
        "form": form,
        "cycle": cycle,
        "commitment": commitment,
        "search": search,
        "is_cut": len(shown) > SHOWN,
        "has_pieces": bool(shown),
        "kept_query": _kept_query(request),
        "create_url": f"{create_url}?{urlencode(_kept_query(request))}",
    }
    return render(request, "modules/evidence/evidence_join.html", context)


def _kept_query(request: HttpRequest) -> dict[str, str]:
    names = ("engagement", "service", "retour")
    return {name: request.GET[name] for name in names if name in request.GET}


def _join_all(
    pieces: Any, cycle: LabelCycle, commitment: Commitment, service: Service | None, scope: Scope
) -> bool:
    for piece in pieces:
        services.join_evidence(
            evidence=piece, cycle=cycle, commitments=[commitment], service=service, by=scope.user
        )
    return True


# --- Change -----------------------------------------------------------------------------------
@require_http_methods(FORM_METHODS)
@requires(P.EVIDENCE_EDIT, subject=Evidence)
@kept_piece
def evidence_edit(request: HttpRequest, piece: Evidence) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    if not rights.may_edit(piece, scope):
        return _refuse(request, piece_url(piece))
    title = piece.title
    form = EvidenceForm(
        request.POST or None, instance=piece, scope=scope, cancel_url=piece_url(piece)
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: services.update_evidence(evidence=piece, values=form.values()))
        if done is not None:
            messages.success(request, "La pièce est enregistrée.")
            return redirect(piece_url(piece))
    context = {"form": form, "piece": piece, "title": "Modifier la pièce", "lead": title}
    return render(request, "modules/evidence/form.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.EVIDENCE_EDIT, subject=Evidence)
@kept_piece
def evidence_version_add(request: HttpRequest, piece: Evidence) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    if not rights.may_edit(piece, scope):
        return _refuse(request, piece_url(piece))
    form = VersionForm(
        request.POST or None, request.FILES or None, instance=piece, cancel_url=piece_url(piece)
    )
    if request.method == "POST" and form.is_valid():
        version = attempt(
            form,
            lambda: services.add_version(
                evidence=piece,
                values=form.values(),
                by=scope.user,
                note=form.cleaned_data["note"],
                **form.source(),
            ),
        )
        if version is not None:
            messages.success(request, f"La version {version.number} est en place.")
            return redirect(piece_url(piece))
    context = {
        "form": form,
        "piece": piece,
        "title": "Remplacer par une nouvelle version",
        "lead": f"{piece.title} : la version actuelle est conservée, la nouvelle la remplace partout.",
    }
    return render(request, "modules/evidence/form.html", context)


@require_http_methods(FORM_METHODS)
@requires(P.EVIDENCE_EDIT, subject=Evidence)
@kept_piece
def evidence_attach(request: HttpRequest, piece: Evidence) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    cycle = selectors.present_cycle(scope)
    if not rights.may_join(piece, scope):
        return _refuse(request, piece_url(piece))
    if cycle is None:
        return _refuse(request, piece_url(piece), "Aucune démarche n’est ouverte.")
    form = AttachForm(
        request.POST or None,
        initial={"service": piece.service},
        commitments=selectors.free_commitments(piece, cycle, commitments_of_perimeter(cycle)),
        scope=scope,
        cancel_url=piece_url(piece),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: services.join_evidence(
                evidence=piece,
                cycle=cycle,
                commitments=form.chosen(),
                service=form.cleaned_data["service"],
                by=scope.user,
            ),
        )
        if made is not None:
            messages.success(request, "La pièce est jointe aux engagements cochés.")
            return redirect(piece_url(piece))
    context = {
        "form": form,
        "piece": piece,
        "title": "Joindre à des engagements",
        "lead": f"{piece.title} – démarche {cycle.name}.",
    }
    return render(request, "modules/evidence/form.html", context)


@require_POST
@requires(P.EVIDENCE_EDIT, subject=Evidence)
@kept_piece
def evidence_detach(request: HttpRequest, piece: Evidence) -> HttpResponse:
    """``lien``: the key of the link."""
    scope = request.scope  # type: ignore[attr-defined]
    links = EvidenceLink.objects.visible_to(scope).filter(evidence=piece)
    link = links.filter(pk=_number(request.POST.get("lien", ""))).first()
    if link is None:
        words = "La pièce n’était déjà plus jointe à cet engagement."
        return _refuse(request, piece_url(piece), words)
    if not rights.may_detach(link, scope):
        return _refuse(request, piece_url(piece))
    key = selectors.link_key(link)
    try:
        services.detach_evidence(link=link)
    except ValidationError as refusal:
        return _refuse(request, piece_url(piece), " ".join(refusal.messages))
    return redirect(f"{piece_url(piece)}?{DETACHED}={key}")


@require_POST
@requires(P.EVIDENCE_EDIT, subject=Evidence)
@kept_piece
def evidence_rejoin(request: HttpRequest, piece: Evidence) -> HttpResponse:
    """« Annuler » after a detachment; ``lien`` is what ``link_key`` gave."""
    scope = request.scope  # type: ignore[attr-defined]
    numbers = [_number(part) for part in request.POST.get("lien", "").split("-")]
    if len(numbers) != 3 or not rights.may_join(piece, scope):
        return _refuse(request, piece_url(piece))
    cycle = get_object_or_404(LabelCycle.objects.visible_to(scope), pk=numbers[0])
    commitment = get_object_or_404(cycle.referential.commitments, pk=numbers[1])
    service = None
    if numbers[2]:
        service = get_object_or_404(rights.services_for_pieces(scope), pk=numbers[2])
    elif not rights.may_edit(piece, scope):
        return _refuse(request, piece_url(piece))
    try:
        services.join_evidence(
            evidence=piece, cycle=cycle, commitments=[commitment], service=service, by=scope.user
        )
    except ValidationError as refusal:
        return _refuse(request, piece_url(piece), " ".join(refusal.messages))
    messages.success(request, f"Engagement {commitment.code} : pièce jointe de nouveau.")
    return redirect(piece_url(piece))


@require_POST
@requires(P.EVIDENCE_EDIT, subject=Evidence)
@kept_piece
def evidence_delete(request: HttpRequest, piece: Evidence) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    if not rights.may_edit(piece, scope):
        return _refuse(request, piece_url(piece))
    services.remove_evidence(evidence=piece)
    return redirect_with_undo(_list_url(piece, scope), "piece", piece)


@require_POST
@requires(P.EVIDENCE_EDIT, subject=Evidence)
def evidence_restore(request: HttpRequest, piece: Evidence) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    if not rights.may_edit(piece, scope):
        return _refuse(request, _list_url(piece, scope))
    services.restore_evidence(evidence=piece)
    messages.success(request, "La pièce est rétablie.")
    return redirect(piece_url(piece))


def _list_url(piece: Evidence, scope: Scope) -> str:
    cycle = selectors.cycle_of(piece, scope)
    return (
        reverse("modules:evidence_list", args=[cycle.pk])
        if cycle
        else reverse("modules:cycle_list")
    )
