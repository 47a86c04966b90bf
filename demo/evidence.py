"""The pieces of evidence and the procedure sheets of the demo."""

from datetime import date, timedelta

from django.utils import timezone

from demo.content_evidence import FICTITIOUS, PIECES, PROCEDURES, PieceFacts, VersionFacts
from demo.scenery import Scenery
from modules.enums import ProcedureState
from modules.models import (
    Evidence,
    EvidenceLink,
    EvidenceVersion,
    Procedure,
    ProcedureReading,
    ProcedureVersion,
)


def build_evidence(scenery: Scenery, pieces: tuple[PieceFacts, ...] = PIECES) -> None:
    """Build the pieces with their versions, joined to the commitments that they prove."""
    today = timezone.localdate()
    for facts in pieces:
        piece = Evidence.objects.create(
            prefecture=scenery.prefecture,
            title=facts.title,
            kind=facts.kind,
            service=scenery.service(facts.service),
            dated_on=facts.dated_on,
            expires_on=_day(today, facts.valid_for),
            sensitivity=facts.sensitivity,
            description=" ".join(filter(None, (facts.description, FICTITIOUS))),
            added_by=scenery.by,
        )
        _add_versions(scenery, piece, facts)
        for code in facts.proves:
            EvidenceLink.objects.create(
                evidence=piece,
                cycle=scenery.cycle,
                commitment=scenery.commitments[code],
                service=piece.service,
                linked_by=scenery.by,
            )


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def _add_versions(scenery: Scenery, piece: Evidence, facts: PieceFacts) -> None:
    files = [file for file in (facts.replaced, facts.file) if file]
    for number, file in enumerate(files or [""], start=1):
        piece.current = EvidenceVersion.objects.create(
            evidence=piece,
            number=number,
            stored=scenery.store(file, facts.title) if file else None,
            url=facts.url,
            note="Chiffres plus récents." if number > 1 else "",
            added_by=scenery.by,
        )
    piece.save()


def build_procedures(scenery: Scenery) -> None:
    """Build the procedure sheets: versions, approvals, readings."""
    today = timezone.localdate()
    for facts in PROCEDURES:
        procedure = Procedure.objects.create(
            prefecture=scenery.prefecture,
            reference=facts.reference,
            title=facts.title,
            owner=scenery.by,
            service=scenery.service(facts.service),
            review_on=_day(today, facts.review_in),
        )
        procedure.services.set(scenery.services[acronym] for acronym in facts.services)
        procedure.commitments.set(scenery.commitments[code] for code in facts.serves)
        for number, version in enumerate(facts.versions, start=1):
            _add_version(scenery, procedure, number, version)


def _add_version(scenery: Scenery, procedure: Procedure, number: int, facts: VersionFacts) -> None:
    approver = scenery.user(facts.approved_by)
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=number,
        state=facts.state,
        text=facts.text,
        change_note=facts.change_note,
        written_by=scenery.user(facts.written_by),
        approved_by=approver,
        approved_at=timezone.now() if approver else None,
    )
    for account, acronym in facts.readers:
        ProcedureReading.objects.create(
            version=version, service=scenery.services[acronym], user=scenery.account(account)
        )
    if facts.state is ProcedureState.APPROVED:
        procedure.approved = version
        procedure.save()
