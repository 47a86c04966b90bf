"""The pieces of evidence and the procedure sheets of the demo."""

from datetime import date, timedelta

from django.utils import timezone

from demo.content_evidence import FICTITIOUS, PIECES, PROCEDURES, PieceFacts, VersionFacts
from demo.scenery import Scenery
from modules.enums import ProcedureState
from modules.models import Procedure, ProcedureReading
from modules.services.evidence import add_evidence, add_version
from modules.services.procedures import (
    approve_version,
    choose_commitments,
    create_procedure,
    save_text,
    start_version,
    submit_version,
    update_procedure,
)


def build_evidence(scenery: Scenery, pieces: tuple[PieceFacts, ...] = PIECES) -> None:
    """Build the pieces with their versions, joined to the commitments that they prove."""
    today = timezone.localdate()
    for facts in pieces:
        days = {"dated_on": facts.dated_on, "expires_on": _day(today, facts.valid_for)}
        first = facts.replaced or facts.file
        piece = add_evidence(
            cycle=scenery.cycle,
            values={
                "title": facts.title,
                "kind": facts.kind,
                "service": scenery.service(facts.service),
                "sensitivity": facts.sensitivity,
                "description": " ".join(filter(None, (facts.description, FICTITIOUS))),
                **days,
            },
            by=scenery.by,
            upload=scenery.upload(first) if first else None,
            url=facts.url,
            commitments=[scenery.commitments[code] for code in facts.proves],
        )
        if facts.replaced:
            add_version(
                evidence=piece,
                values=days,
                by=scenery.by,
                upload=scenery.upload(facts.file),
                note="Chiffres plus récents.",
            )


def _day(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def build_procedures(scenery: Scenery) -> None:
    """Build the procedure sheets: versions, approvals, readings."""
    for facts in PROCEDURES:
        procedure = create_procedure(
            prefecture=scenery.prefecture,
            values={
                "reference": facts.reference,
                "title": facts.title,
                "owner": scenery.by,
                "service": scenery.service(facts.service),
                "services": [scenery.services[acronym] for acronym in facts.services],
            },
            by=scenery.account(facts.versions[0].written_by),
        )
        commitments = [scenery.commitments[code] for code in facts.serves]
        choose_commitments(procedure=procedure, commitments=commitments)
        for version in facts.versions:
            _write_version(scenery, procedure, version)
        if facts.review_in is not None:
            # After the approvals, which refuse a day that is past: one review is overdue on purpose.
            procedure.refresh_from_db()
            review_on = _day(timezone.localdate(), facts.review_in)
            update_procedure(procedure=procedure, values={"review_on": review_on})


def _write_version(scenery: Scenery, procedure: Procedure, facts: VersionFacts) -> None:
    """Write a version and take it as far as its state."""
    version = start_version(procedure=procedure, by=scenery.account(facts.written_by))
    version = save_text(
        procedure=procedure,
        text=facts.text,
        revision=version.revision,
        change_note=facts.change_note,
    )
    if facts.state is not ProcedureState.DRAFT:
        version = submit_version(procedure=procedure)
    approver = scenery.user(facts.approved_by)
    if approver is not None:
        version = approve_version(
            procedure=procedure, revision=version.revision, review_on=None, by=approver
        )
    for account, acronym in facts.readers:
        ProcedureReading.objects.create(
            version=version, service=scenery.services[acronym], user=scenery.account(account)
        )
