"""What the dossier de preuves holds: frozen by its documents, then never read again."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.db.models import Prefetch

from common.markdown import render_markdown
from common.people import with_function
from modules.enums import EvidenceKind, ProcedureState, Sensitivity
from modules.models import (
    Commitment,
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    LabelCycle,
    Procedure,
    ProcedureVersion,
    StoredFile,
)
from modules.selectors.perimeter import commitments_of_perimeter


Piece = dict[str, Any]


def dossier_data(cycle: LabelCycle, today: date) -> dict[str, Any]:
    """Return the dossier as an auditor may read it: plain data, ready to be frozen.

    ``modules``: number, title, commitments (code, wording, certainty, ``pieces``: ranks in
    ``pieces``). ``pieces``: what is handed in, in the order of the commitments, each once; ``stored``
    is the name kept by the storage, with its SHA-256. ``missing``: commitments without a valid
    piece. Removed and « interne » pieces are left out, and not even counted.
    """
    commitments = commitments_of_perimeter(cycle)
    links = _links_by_commitment(cycle, commitments)
    pieces: list[Piece] = []
    ranks: dict[str, int] = {}
    modules: dict[int, dict[str, Any]] = {}
    missing = []
    for commitment in commitments:
        own = links.get(commitment.pk, [])
        module = commitment.heading.module
        entry = modules.setdefault(
            module.pk, {"number": module.number, "title": module.title, "commitments": []}
        )
        entry["commitments"].append(
            {
                "code": commitment.code,
                "heading": commitment.heading.title,
                "wording": commitment.wording,
                "to_confirm": commitment.is_correctable,
                "pieces": [_rank(piece, ranks, pieces, commitment) for piece in own],
            }
        )
        if reason := _missing_reason(own, today):
            missing.append(
                {"code": commitment.code, "wording": commitment.wording, "reason": reason}
            )
    return {
        "cycle": {
            "name": cycle.name,
            "referential": cycle.referential.name,
            "chosen_by": with_function(cycle.chosen_by_name, cycle.chosen_by_function),
            "chosen_on": cycle.chosen_on,
            "validated_on": cycle.validated_on,
            "validated_by": cycle.validated_by,
        },
        "today": today,
        "modules": list(modules.values()),
        "pieces": pieces,
        "missing": missing,
    }


def _rank(piece: Piece, ranks: dict[str, int], pieces: list[Piece], proved: Commitment) -> int:
    """Return the place of a piece in the dossier, from 1; the first commitment gives it."""
    if piece["key"] not in ranks:
        ranks[piece["key"]] = len(pieces) + 1
        pieces.append({**piece, "rank": len(pieces) + 1, "folder": proved.code, "proves": []})
    entry = pieces[ranks[piece["key"]] - 1]
    entry["proves"].append(proved.code)
    return entry["rank"]


def _missing_reason(pieces: list[Piece], today: date) -> str:
    if not pieces:
        return "aucune pièce"
    if all(piece["expires_on"] and piece["expires_on"] < today for piece in pieces):
        return "toutes les pièces sont périmées"
    return ""


def _links_by_commitment(
    cycle: LabelCycle, commitments: list[Commitment]
) -> dict[int, list[Piece]]:
    """Return the pieces of each commitment: evidence first, then procedure sheets in force."""
    found: dict[int, list[Piece]] = defaultdict(list)
    seen = set()
    links = (
        EvidenceLink.objects.filter(cycle=cycle, evidence__removed_at=None)
        .exclude(evidence__sensitivity=Sensitivity.RESTRICTED)
        .exclude(evidence__current=None)
        .select_related("evidence__current__stored", "evidence__service")
        .order_by("evidence__title", "evidence_id", "pk")
    )
    for link in links:
        if (link.commitment_id, link.evidence_id) not in seen:
            seen.add((link.commitment_id, link.evidence_id))
            if version := link.evidence.current:
                found[link.commitment_id].append(_evidence_piece(link.evidence, version))
    ids = {commitment.pk for commitment in commitments}
    in_force = Prefetch("commitments", Commitment.objects.filter(pk__in=ids), "proved")
    procedures = (
        Procedure.objects.filter(prefecture=cycle.prefecture_id, removed_at=None)
        .filter(approved__state=ProcedureState.APPROVED, commitments__in=ids)
        .select_related("approved__stored", "service")
        .prefetch_related(in_force)
        .distinct()
        .order_by("reference", "pk")
    )
    for procedure in procedures:
        for commitment in procedure.proved:
            if version := procedure.approved:
                found[commitment.pk].append(_procedure_piece(procedure, version))
    return found


def _evidence_piece(piece: Evidence, version: EvidenceVersion) -> Piece:
    return {
        "key": f"evidence {piece.pk}",
        "title": piece.title,
        "kind": EvidenceKind(piece.kind).label,
        "service": str(piece.service) if piece.service else "",
        "dated_on": piece.dated_on,
        "expires_on": piece.expires_on,
        "description": piece.description,
        "version": version.number,
        "url": version.url,
        "html": "",
        "stored": _stored(version.stored),
    }


def _procedure_piece(procedure: Procedure, version: ProcedureVersion) -> Piece:
    return {
        "key": f"procedure {procedure.pk}",
        "title": str(procedure),
        "kind": "Fiche de procédure en vigueur",
        "service": str(procedure.service) if procedure.service else "",
        "dated_on": version.approved_at.date()
        if version.approved_at
        else version.written_at.date(),
        "expires_on": None,
        "description": "",
        "version": version.number,
        "url": "",
        "html": render_markdown(version.text) if version.text else "",
        "stored": _stored(version.stored),
    }


def _stored(stored: StoredFile | None) -> dict[str, Any] | None:
    if stored is None:
        return None
    return {
        "path": stored.file.name,
        "name": stored.name,
        "content_type": stored.content_type,
        "size": stored.size,
        "sha256": stored.sha256,
    }
