"""Pages of the pieces of evidence: list, what is lacking, one of them, its files."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.access import Permission, requires
from common.history import history_entries
from modules.forms.evidence import EvidenceFilterForm
from modules.models import Evidence, EvidenceLink, EvidenceVersion, LabelCycle
from modules.selectors import evidence as selectors
from modules.selectors.evidence_gaps import ModuleGaps, gaps_by_module
from modules.selectors.evidence_rights import may_edit, may_join
from modules.selectors.perimeter import commitments_of_perimeter
from modules.views.files import serve, serve_preview
from modules.views.undo import Removal, undo_from


P = Permission
PER_PAGE = 50
# Where ``evidence_detach`` leaves what « Annuler » needs.
DETACHED = "detachee"


def kept_piece(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Answer 404 for a piece taken off the pages. Stands under ``@requires(…, subject=Evidence)``."""

    @wraps(view)
    def shown(request: HttpRequest, piece: Evidence, *args: Any, **kwargs: Any) -> Any:
        if piece.removed_at is not None:
            raise Http404
        return view(request, piece, *args, **kwargs)

    return shown


# --- List -------------------------------------------------------------------------------------
@require_safe
@requires(P.EVIDENCE_READ, subject=LabelCycle)
def evidence_list(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    scope, today = request.scope, timezone.localdate()  # type: ignore[attr-defined]
    filters = EvidenceFilterForm(
        request.GET, cycle=cycle, commitments=commitments_of_perimeter(cycle), today=today
    )
    rows = filters.apply(selectors.pieces_for_list(cycle, scope))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    removal = Removal(
        Evidence.objects.visible_to(scope).order_by("pk"),
        lambda row: reverse("modules:evidence_restore", args=[row.pk]),
        "La pièce « {} » est retirée.",
    )
    context = {
        "cycle": cycle,
        "page": page,
        "lines": selectors.lines_of(page.object_list, today),
        "filters": filters,
        "is_filtered": any(request.GET.get(name) for name in filters.fields),
        "gap_count": _gap_count(request, cycle),
        "undo": undo_from(request, {"piece": removal}),
    }
    return render(request, "modules/evidence/evidence_list.html", context)


def _gaps(request: HttpRequest, cycle: LabelCycle) -> list[ModuleGaps]:
    scope = request.scope  # type: ignore[attr-defined]
    return gaps_by_module(cycle, scope, timezone.localdate())


def _gap_count(request: HttpRequest, cycle: LabelCycle) -> int:
    """Commitments that lack a piece; not counted for who may not open the page that names them."""
    if not request.scope.may(P.READINESS_READ):  # type: ignore[attr-defined]
        return 0
    return sum(module.count for module in _gaps(request, cycle))


@require_safe
@requires(P.READINESS_READ, subject=LabelCycle)
def evidence_gaps(request: HttpRequest, cycle: LabelCycle) -> HttpResponse:
    gaps = _gaps(request, cycle)
    context = {
        "cycle": cycle,
        "modules": gaps,
        "gap_count": sum(module.count for module in gaps),
        "soon_count": sum(len(module.soon) for module in gaps),
    }
    return render(request, "modules/evidence/evidence_gaps.html", context)


# --- One piece --------------------------------------------------------------------------------
@require_safe
@requires(P.EVIDENCE_READ, subject=Evidence)
@kept_piece
def evidence_detail(request: HttpRequest, piece: Evidence) -> HttpResponse:
    scope = request.scope  # type: ignore[attr-defined]
    versions = list(selectors.versions_for(piece, scope))
    # The history tells what a piece was called and to whom it was closed: not for auditors.
    sees_history = scope.may(P.READINESS_READ)
    context = {
        "piece": piece,
        "state": piece.state_on(timezone.localdate()),
        "cycle": selectors.cycle_of(piece, scope),
        "current": next((item for item in versions if item.pk == piece.current_id), None),
        "versions": versions,
        "links": selectors.links_of(piece, scope),
        "twins": selectors.twins_of(piece, scope),
        "may_edit": may_edit(piece, scope),
        "may_join": may_join(piece, scope),
        "detached": _detached(request, piece),
        "history": history_entries(piece, children=[(EvidenceLink, "evidence")])
        if sees_history
        else None,
    }
    return render(request, "modules/evidence/evidence_detail.html", context)


def _detached(request: HttpRequest, piece: Evidence) -> str:
    """Return what « Annuler » sends after a detachment, unless it was taken back already."""
    key = request.GET.get(DETACHED, "")
    if not key or not may_join(piece, request.scope):  # type: ignore[attr-defined]
        return ""
    joined = piece.links.order_by("pk")
    return "" if key in {selectors.link_key(link) for link in joined} else key


# --- Files ------------------------------------------------------------------------------------
def _file_of(request: HttpRequest, piece: Evidence, number: int) -> EvidenceVersion:
    versions = selectors.versions_for(piece, request.scope)  # type: ignore[attr-defined]
    version: EvidenceVersion = get_object_or_404(versions, number=number, stored__isnull=False)
    return version


@require_safe
@requires(P.EVIDENCE_READ, subject=Evidence)
@kept_piece
def evidence_download(request: HttpRequest, piece: Evidence, number: int) -> HttpResponseBase:
    return serve(_file_of(request, piece, number).stored)


@require_safe
@requires(P.EVIDENCE_READ, subject=Evidence)
@kept_piece
def evidence_open(request: HttpRequest, piece: Evidence, number: int) -> HttpResponseBase:
    return serve(_file_of(request, piece, number).stored, inline=True)


@require_safe
@requires(P.EVIDENCE_READ, subject=Evidence)
@kept_piece
def evidence_preview(request: HttpRequest, piece: Evidence, number: int) -> HttpResponseBase:
    stored = _file_of(request, piece, number).stored
    if not stored.preview:
        raise Http404
    return serve_preview(stored)
