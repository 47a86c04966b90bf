"""Loading a référentiel file: all or nothing; what was published on a source never changes."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import models, transaction
from simple_history.utils import bulk_create_with_history

from modules.enums import Certainty
from modules.models import (
    Commitment,
    CommitmentMapping,
    CommitmentRevision,
    Heading,
    HeadingRevision,
    Module,
    ModuleMapping,
    ModuleRevision,
    Referential,
)
from modules.referential_files import examine, shipped_names
from modules.referential_files_checks import check_against_previous
from modules.referential_files_entries import (
    CommitmentEntry,
    Fault,
    HeadingEntry,
    MappingEntry,
    ModuleEntry,
    ReferentialEntry,
    ReferentialFileError,
)
from modules.referential_parts import Counts, file_parts


SOURCED = Certainty.SOURCED
_OTHER_VERSION = "Remettez-la, ou donnez un autre slug à cette version."


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did; ``parts``: to what the apps above load, by key."""

    referential: str
    created: bool
    modules: Counts
    headings: Counts
    commitments: Counts
    mappings: Counts
    parts: dict[str, Counts]


@dataclass(slots=True)
class _Job:
    """One import under way: the référentiel, and the faults found against what is stored."""

    referential: Referential
    faults: list[Fault] = field(default_factory=list)

    def locked(
        self, place: str, row: models.Model, values: dict[str, Any], names: set[str]
    ) -> None:
        """Note a fault for each of these fields that would change on a row already published."""
        for name in sorted(names & values.keys()):
            if getattr(row, name) != values[name]:
                label = row._meta.get_field(name).verbose_name  # type: ignore[union-attr]
                self.faults.append(
                    Fault(
                        place,
                        f"cette ligne est déjà publiée et sourcée : « {label} » ne change plus. "
                        + _OTHER_VERSION,
                    )
                )

    def gone(self, place: str, reason: str) -> None:
        self.faults.append(Fault(place, f"n’y est plus, mais {reason}. {_OTHER_VERSION}"))


@transaction.atomic
def import_referential(*, text: str) -> ImportReport:
    """Load a référentiel file: update or create by slug; again changes nothing.

    Raise ``ReferentialFileError`` with every fault, and then nothing is changed. A row that rests on
    a source never changes nor leaves; one « à confirmer » may, unless the application corrected it.
    """
    entry, faults = examine(text)
    previous = _previous(entry, faults)
    for part in file_parts():
        known = (part.stored_names, partial(shipped_names, part))
        faults += part.check_against(entry, entry.parts[part.key], known)
    if faults:
        raise ReferentialFileError(faults)
    referential = Referential.objects.filter(slug=entry.slug).first()
    created = referential is None
    job = _Job(referential or Referential(slug=entry.slug))
    _save_head(job, entry, previous)
    modules = _save_modules(job, entry)
    headings = _save_headings(job, entry)
    commitments = _save_commitments(job, entry)
    mappings = _save_mappings(job, entry, previous)
    _remove_gone(job, entry, modules, headings, commitments)
    parts = _save_parts(job, entry)
    if job.faults:
        raise ReferentialFileError(job.faults)
    return ImportReport(entry.slug, created, modules, headings, commitments, mappings, parts)


def _save_parts(job: _Job, entry: ReferentialEntry) -> dict[str, Counts]:
    done = {}
    for part in file_parts():
        done[part.key], faults = part.load(job.referential, entry.parts[part.key])
        job.faults += faults
    return done


def _previous(entry: ReferentialEntry, faults: list[Fault]) -> Referential | None:
    if entry.mapping is None or not entry.mapping.previous:
        return None
    slug = entry.mapping.previous
    previous = Referential.objects.filter(slug=slug).first()
    if previous is None:
        faults.append(
            Fault(
                f"ligne {entry.mapping.line}, mapping, clé from",
                f"le référentiel {slug} n’est pas chargé. Chargez-le d’abord.",
            )
        )
        return None
    faults += check_against_previous(
        entry,
        numbers=set(_modules_of(previous, _old_numbers(entry))),
        codes=set(previous.commitments.values_list("code", flat=True)),
    )
    return previous


def _save_head(job: _Job, entry: ReferentialEntry, previous: Referential | None) -> None:
    row = job.referential
    values: dict[str, Any] = {
        name: getattr(entry, name)
        for name in entry.__slots__
        if name not in {"slug", "modules", "mapping", "parts", "line"}
    }
    values["predecessor"] = previous
    values["mapping_note"] = entry.mapping.note if entry.mapping else ""
    if row.pk is not None:
        names = {"name", "publisher", "certainty"} if row.certainty == SOURCED else set()
        if row.published_certainty == SOURCED:
            names |= {"published_on", "published_certainty"}
        if row.predecessor_id is not None:
            names |= {"predecessor"}
        job.locked(f"ligne {entry.line}, referential", row, values, names)
    _save_changes(row, values)


def _save_changes(row: models.Model, values: dict[str, Any]) -> bool:
    """Save only what differs, so that a second import leaves no line in the history."""
    if row.pk is not None and all(getattr(row, name) == value for name, value in values.items()):
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    return True


def _reconcile(
    model: type[models.Model],
    present: dict[Any, Any],
    wanted: Iterable[tuple[Any, dict[str, Any], Callable[[Any], None]]],
    new_row: dict[str, Any],
) -> Counts:
    """Create or update the rows of a table; ``wanted``: key, values, check of a row that exists."""
    counts, new = Counts(), []
    for key, values, check in wanted:
        row = present.get(key)
        if row is None:
            new.append(model(**new_row, **values))
            continue
        check(row)
        if _save_changes(row, values):
            counts.updated += 1
        else:
            counts.unchanged += 1
    if new:
        bulk_create_with_history(new, model)
    counts.created = len(new)
    return counts


# --- Modules, rubriques, commitments ----------------------------------------------------------
_CORRECTED_MODULE = ("title", "number", "title_certainty", "number_certainty", "source")


def _save_modules(job: _Job, entry: ReferentialEntry) -> Counts:
    present = _modules_of(job.referential, {item.number for item in entry.modules})
    corrected = {number for number, row in present.items() if row.was_corrected}

    def row(item: ModuleEntry) -> tuple[int, dict[str, Any], Callable[[Any], None]]:
        names = set(item.__slots__) - {"headings", "line"}
        if item.number in corrected:
            names -= set(_CORRECTED_MODULE)
        values = {name: getattr(item, name) for name in names}
        place = f"ligne {item.line}, module n° {item.number}"
        return item.number, values, lambda old: job.locked(place, old, values, _fixed_module(old))

    wanted = [row(item) for item in entry.modules]
    counts = _reconcile(Module, present, wanted, {"referential": job.referential})
    counts.corrected = len(corrected)
    return counts


def _modules_of(referential: Referential, wanted: Collection[int]) -> dict[int, Any]:
    """Return the modules by the numbers that a file gives them (``wanted``: those it gives).

    A module whose number the application corrected answers to its old number, as long as the file
    does not know the new one.
    """
    rows = list(
        referential.modules.annotate(
            was_corrected=models.Exists(ModuleRevision.objects.filter(module=models.OuterRef("pk")))
        ).order_by("number")
    )
    found = {row.number: row for row in rows}
    by_pk = {row.pk: row for row in rows}
    revisions = ModuleRevision.objects.filter(module__referential=referential)
    for revision in revisions.order_by("made_at", "pk"):
        row = by_pk[revision.module_id]
        number = revision.before.get("number")
        is_known = row.number in wanted or found.get(row.number) is not row
        if number in wanted and number not in found and not is_known:
            del found[row.number]
            found[number] = row
    return found


def _old_numbers(entry: ReferentialEntry) -> set[int]:
    """Return the numbers of the previous référentiel that the mapping speaks of."""
    rows = entry.mapping.modules if entry.mapping else ()
    return {int(number) for item in rows for number in item.old if number.isdecimal()}


def _fixed_module(row: Module) -> set[str]:
    fixed: set[str] = set()
    if row.title_certainty == SOURCED:
        fixed |= {"title", "title_certainty"}
    if row.number_certainty == SOURCED:
        fixed |= {"is_compulsory", "number_certainty"}
    return fixed | {"scope_note", "source"} if row.certainty is SOURCED else fixed


def _save_headings(job: _Job, entry: ReferentialEntry) -> Counts:
    modules = _modules_of(job.referential, {item.number for item in entry.modules})
    fixed = {"module", "title", "certainty", "source"}
    present = _headings_of(job.referential)
    corrected = {code for code, row in present.items() if row.was_corrected}

    def row(
        position: int, module: Module, item: HeadingEntry
    ) -> tuple[str, dict[str, Any], Callable[[Any], None]]:
        values: dict[str, Any] = {"module": module, "position": position, "code": item.code}
        if item.code not in corrected:
            values |= {name: getattr(item, name) for name in ("title", "certainty", "source")}
        place = f"ligne {item.line}, rubrique {item.code}"

        def check(old: Heading) -> None:
            job.locked(place, old, values, fixed if old.certainty == SOURCED else set())

        return item.code, values, check

    items = [(modules[module.number], item) for module in entry.modules for item in module.headings]
    wanted = [row(position, *pair) for position, pair in enumerate(items, start=1)]
    counts = _reconcile(Heading, present, wanted, {})
    counts.corrected = len(corrected)
    return counts


def _headings_of(referential: Referential) -> dict[str, Any]:
    headings = (
        Heading.objects.filter(module__referential=referential)
        .select_related("module")
        .annotate(
            was_corrected=models.Exists(
                HeadingRevision.objects.filter(heading=models.OuterRef("pk"))
            )
        )
    )
    return {heading.code: heading for heading in headings.order_by("position")}


_CORRECTED = ("wording", "certainty", "evidence", "audit", "evidence_certainty", "source")


def _save_commitments(job: _Job, entry: ReferentialEntry) -> Counts:
    headings = _headings_of(job.referential)
    present = _commitments_of(job.referential)
    corrected = {code for code, row in present.items() if row.was_corrected}

    def row(
        position: int, heading: Heading, item: CommitmentEntry
    ) -> tuple[str, dict[str, Any], Callable[[Any], None]]:
        values: dict[str, Any] = {
            "heading": heading,
            "position": position,
            "code": item.code,
            "indicators": list(item.indicators),
        }
        if item.code not in corrected:
            values |= {name: getattr(item, name) for name in _CORRECTED}
            values["evidence_certainty"] = item.evidence_certainty or ""
        place = f"ligne {item.line}, engagement {item.code}"
        return item.code, values, lambda old: job.locked(place, old, values, _fixed_commitment(old))

    items = [
        (headings[heading.code], item)
        for module in entry.modules
        for heading in module.headings
        for item in heading.commitments
    ]
    wanted = [row(position, *pair) for position, pair in enumerate(items, start=1)]
    counts = _reconcile(Commitment, present, wanted, {"referential": job.referential})
    counts.corrected = len(corrected)
    return counts


def _commitments_of(referential: Referential) -> dict[str, Any]:
    rows = (
        Commitment.objects.filter(referential=referential)
        .select_related("heading")
        .annotate(
            was_corrected=models.Exists(
                CommitmentRevision.objects.filter(commitment=models.OuterRef("pk"))
            )
        )
    )
    return {row.code: row for row in rows.order_by("position")}


def _fixed_commitment(row: Commitment) -> set[str]:
    fixed: set[str] = set()
    if row.certainty == SOURCED:
        fixed |= {"wording", "certainty", "source", "heading"}
    if row.evidence_certainty == SOURCED:
        fixed |= {"evidence", "audit", "evidence_certainty"}
    return fixed


# --- Mappings ---------------------------------------------------------------------------------
def _save_mappings(job: _Job, entry: ReferentialEntry, previous: Referential | None) -> Counts:
    if entry.mapping is None or previous is None:
        return Counts()
    numbers = _old_numbers(entry), {item.number for item in entry.modules}
    by_number = [
        {str(number): module for number, module in _modules_of(item, known).items()}
        for item, known in zip((previous, job.referential), numbers, strict=True)
    ]
    by_code = [
        {row.code: row for row in item.commitments.all()} for item in (previous, job.referential)
    ]
    one = _save_pairs(job, ModuleMapping, entry.mapping.modules, *by_number)
    two = _save_pairs(job, CommitmentMapping, entry.mapping.commitments, *by_code)
    return Counts(
        created=one.created + two.created,
        updated=one.updated + two.updated,
        unchanged=one.unchanged + two.unchanged,
        removed=one.removed + two.removed,
    )


def _save_pairs(
    job: _Job,
    model: type[ModuleMapping] | type[CommitmentMapping],
    entries: Iterable[MappingEntry],
    olds: dict[str, Any],
    news: dict[str, Any],
) -> Counts:
    wanted: dict[tuple[Any, Any], tuple[Any, dict[str, Any], Callable[[Any], None]]] = {}
    for position, item in enumerate(entries, start=1):
        for old in item.old or (None,):
            for new in item.new or (None,):
                one, two = olds.get(old), news.get(new)  # type: ignore[arg-type]
                key = (one.pk if one else None, two.pk if two else None)
                wanted[key] = (key, *_pair(job, item, position, one, two))
    present = {
        (row.old_id, row.new_id): row
        for row in model.objects.filter(referential=job.referential).order_by("pk")
    }
    gone = [row for key, row in present.items() if key not in wanted]
    for row in gone:
        if row.certainty == SOURCED:
            place = f"mapping, {row.old or 'rien'} → {row.new or 'rien'}"
            job.gone(place, "cette correspondance sourcée est déjà publiée")
        row.delete()
    counts = _reconcile(model, present, wanted.values(), {"referential": job.referential})
    counts.removed = len(gone)
    return counts


def _pair(
    job: _Job, item: MappingEntry, position: int, old: Any, new: Any
) -> tuple[dict[str, Any], Callable[[Any], None]]:
    values = {name: getattr(item, name) for name in ("kind", "note", "certainty", "source")}
    fixed = set(values)
    values |= {"old": old, "new": new, "position": position}
    place = f"ligne {item.line}, mapping"

    def check(row: Any) -> None:
        job.locked(place, row, values, fixed if row.certainty == SOURCED else set())

    return values, check


# --- Rows that the file no longer has ---------------------------------------------------------
def _remove_gone(
    job: _Job, entry: ReferentialEntry, modules: Counts, headings: Counts, commitments: Counts
) -> None:
    codes = {item.code for item in entry.commitments}
    for code, row in _commitments_of(job.referential).items():
        if code not in codes:
            commitments.removed += _remove(job, f"engagement {code}", row, _use_of_commitment(row))
    codes = {item.code for module in entry.modules for item in module.headings}
    for code, heading in _headings_of(job.referential).items():
        if code not in codes:
            reason = "cette rubrique sourcée est déjà publiée"
            use = reason if heading.certainty == SOURCED else ""
            if heading.was_corrected:
                use = "l’application l’a corrigée"
            headings.removed += _remove(job, f"rubrique {code}", heading, use)
    numbers = {item.number for item in entry.modules}
    for number, module in _modules_of(job.referential, numbers).items():
        if number not in numbers:
            place = f"clé modules, module n° {number}"
            modules.removed += _remove(job, place, module, _use_of_module(module))


def _remove(job: _Job, place: str, row: models.Model, use: str) -> int:
    if use:
        job.gone(place, use)
        return 0
    row.delete()
    return 1


def _use_of_commitment(row: Any) -> str:
    if row.certainty == SOURCED:
        return "cet engagement sourcé est déjà publié"
    if row.was_corrected:
        return "l’application l’a corrigé"
    if row.later_mappings.exists():
        return "un référentiel suivant lui donne une correspondance"
    return ""


def _use_of_module(module: Any) -> str:
    if module.was_corrected:
        return "l’application l’a corrigé"
    if module.cycle_modules.exists():
        return "des démarches le retiennent"
    if SOURCED in {module.title_certainty, module.number_certainty}:
        return "ce module sourcé est déjà publié"
    if module.later_mappings.exists():
        return "un référentiel suivant lui donne une correspondance"
    return ""
