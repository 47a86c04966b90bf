"""Correcting a commitment that is « à confirmer »: the revision keeps what it said and the source."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.models import User
from common.editing import is_stale
from modules.enums import Certainty
from modules.models import Commitment, CommitmentRevision


_WORDING = ("wording", "certainty")
_EVIDENCE = ("evidence", "audit", "evidence_certainty")


@transaction.atomic
def correct_commitment(
    *,
    commitment: Commitment,
    wording: str,
    certainty: str,
    evidence: str,
    audit: str,
    evidence_certainty: str,
    source: str,
    by: User,
) -> CommitmentRevision:
    """Change what is « à confirmer » on a commitment and keep the correction with its source.

    ``evidence_certainty`` is ignored when there is neither evidence nor audit. Raise
    ``ValidationError`` when the row is sourced, when nothing changes, when somebody was faster.
    """
    if is_stale(commitment):
        raise ValidationError(
            "Quelqu’un vient de corriger cet engagement. Rechargez la page, puis recommencez."
        )
    stored = Commitment.objects.get(pk=commitment.pk)
    if not stored.is_correctable:
        raise ValidationError("Cet engagement est sourcé : il ne change plus.")
    helped = (evidence_certainty or Certainty.TO_CONFIRM) if evidence or audit else ""
    given = (wording, certainty, evidence, audit, helped)
    values: dict[str, Any] = dict(zip((*_WORDING, *_EVIDENCE), given, strict=True))
    _refuse_sourced(stored, values)
    changed = [name for name, value in values.items() if getattr(stored, name) != value]
    if not changed:
        raise ValidationError("Rien n’a changé : il n’y a pas de correction à enregistrer.")
    # A sourced wording keeps its own source: the one given then speaks of the evidence only.
    if stored.is_wording_open:
        changed.append("source")
        values["source"] = source
    before = {name: getattr(stored, name) for name in changed}
    for name, value in values.items():
        setattr(stored, name, value)
    stored.full_clean()
    stored.save()
    return CommitmentRevision.objects.create(
        commitment=stored,
        made_by=by,
        source=source,
        before=before,
        after={name: getattr(stored, name) for name in before},
    )


def _refuse_sourced(stored: Commitment, values: dict[str, Any]) -> None:
    for names, is_open, what in (
        (_WORDING, stored.is_wording_open, "L’énoncé est sourcé"),
        (_EVIDENCE, stored.is_evidence_open, "Les preuves et l’audit sont sourcés"),
    ):
        for name in names:
            if not is_open and values[name] != getattr(stored, name):
                raise ValidationError({name: f"{what} : cela ne change plus."})
