"""Correcting what is « à confirmer »: the revision keeps what the row said, and the source."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from accounts.models import User
from common.editing import is_stale
from modules.enums import Certainty
from modules.models import (
    Commitment,
    CommitmentRevision,
    Heading,
    HeadingRevision,
    Module,
    ModuleRevision,
)


STALE = "Quelqu’un vient de corriger {}. Rechargez la page, puis recommencez."
UNCHANGED = "Rien n’a changé : il n’y a pas de correction à enregistrer."
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
        raise ValidationError(STALE.format("cet engagement"))
    stored = Commitment.objects.get(pk=commitment.pk)
    if not stored.is_correctable:
        raise ValidationError("Cet engagement est sourcé : il ne change plus.")
    helped = (evidence_certainty or Certainty.TO_CONFIRM) if evidence or audit else ""
    given = (wording, certainty, evidence, audit, helped)
    values: dict[str, Any] = dict(zip((*_WORDING, *_EVIDENCE), given, strict=True))
    _refuse_sourced(stored, values)
    changed = [name for name, value in values.items() if getattr(stored, name) != value]
    if not changed:
        raise ValidationError(UNCHANGED)
    # A sourced wording keeps its own source: the one given then speaks of the evidence only.
    if stored.is_wording_open:
        changed.append("source")
        values["source"] = source
    before, after = apply_correction(stored, {name: values[name] for name in changed})
    return CommitmentRevision.objects.create(
        commitment=stored, made_by=by, source=source, before=before, after=after
    )


def _refuse_sourced(stored: Commitment, values: dict[str, Any]) -> None:
    for names, is_open, what in (
        (_WORDING, stored.is_wording_open, "L’énoncé est sourcé"),
        (_EVIDENCE, stored.is_evidence_open, "Les preuves et l’audit sont sourcés"),
    ):
        for name in names:
            if not is_open and values[name] != getattr(stored, name):
                raise ValidationError({name: f"{what} : cela ne change plus."})


@transaction.atomic
def correct_module(
    *,
    module: Module,
    number: int,
    number_certainty: str,
    title: str,
    title_certainty: str,
    source: str,
    by: User,
) -> ModuleRevision:
    """Change the number or the title « à confirmer » of a module, and keep what it said.

    Raise ``ValidationError`` when what changes is sourced, when the number is taken, when nothing
    changes, when somebody was faster.
    """
    if is_stale(module):
        raise ValidationError(STALE.format("ce module"))
    stored = Module.objects.get(pk=module.pk)
    was_open = stored.is_number_open and stored.is_title_open
    asked = (
        ({"number": number, "number_certainty": number_certainty}, stored.is_number_open),
        ({"title": title, "title_certainty": title_certainty}, stored.is_title_open),
    )
    changed = _changes(stored, asked)
    # A sourced half keeps its source beside the one of the correction.
    changed["source"] = source if was_open else f"{stored.source} Correction : {source}"
    before, after = apply_correction(stored, changed)
    return ModuleRevision.objects.create(
        module=stored, made_by=by, source=source, before=before, after=after
    )


@transaction.atomic
def correct_heading(
    *, heading: Heading, title: str, certainty: str, source: str, by: User
) -> HeadingRevision:
    """Change the title « à confirmer » of a rubrique, and keep what it said; raises as a module."""
    if is_stale(heading):
        raise ValidationError(STALE.format("cette rubrique"))
    stored = Heading.objects.get(pk=heading.pk)
    is_open = stored.certainty == Certainty.TO_CONFIRM
    changed = _changes(stored, (({"title": title, "certainty": certainty}, is_open),))
    before, after = apply_correction(stored, {**changed, "source": source})
    return HeadingRevision.objects.create(
        heading=stored, made_by=by, source=source, before=before, after=after
    )


def _changes(
    stored: Module | Heading, asked: Iterable[tuple[dict[str, Any], bool]]
) -> dict[str, Any]:
    """Return what differs; refuse what is sourced (each group comes with whether it is open)."""
    changed: dict[str, Any] = {}
    for values, is_open in asked:
        found = {name: value for name, value in values.items() if getattr(stored, name) != value}
        if found and not is_open:
            raise ValidationError(dict.fromkeys(found, "C’est sourcé : cela ne change plus."))
        changed |= found
    if not changed:
        raise ValidationError(UNCHANGED)
    return changed


def apply_correction(
    stored: models.Model, values: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the values once checked; return what the row said and what it says."""
    before = {name: getattr(stored, name) for name in values}
    for name, value in values.items():
        setattr(stored, name, value)
    stored.full_clean()
    stored.save()
    return before, values
