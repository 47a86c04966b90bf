"""Loading the definitions of a référentiel file, inside its import.

What rests on a source never changes within one référentiel. A later référentiel that defines the same
code amends it: the row then belongs to it, and its history keeps what the earlier one said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from django.db.models import Exists, OuterRef, Q
from simple_history.utils import bulk_create_with_history

from indicators.enums import Unit
from indicators.models import Indicator, IndicatorRevision, Measure, Target
from indicators.referential_entries import FIELD_LABELS, IndicatorEntry, TargetEntry
from modules.enums import Certainty
from modules.models import Referential
from modules.referential_files_entries import Fault
from modules.referential_parts import Counts


SOURCED = Certainty.SOURCED
_NAMES = tuple(
    item.name for item in fields(IndicatorEntry) if item.name not in {"code", "targets", "line"}
)
_OTHER_VERSION = "Remettez-la, ou donnez un autre slug à cette version."


def load_definitions(
    *, referential: Referential, entries: Iterable[IndicatorEntry]
) -> tuple[Counts, list[Fault]]:
    """Create, amend or leave the definitions; return what happened and every fault found."""
    wanted = {item.code: item for item in entries}
    present = {
        row.code: row
        for row in Indicator.objects.filter(Q(code__in=wanted) | Q(referential=referential))
        .select_related("referential")
        .annotate(
            was_corrected=Exists(
                IndicatorRevision.objects.filter(
                    indicator=OuterRef("pk"), referential=OuterRef("referential")
                )
            )
        )
        .order_by("code")
    }
    counts, faults, new = Counts(), [], []
    for position, item in enumerate(wanted.values(), start=1):
        row = present.get(item.code)
        values = {**_values(item), "position": position}
        if row is None:
            new.append(Indicator(code=item.code, referential=referential, **values))
        elif _is_older(referential, row.referential):
            counts.unchanged += 1
        elif row.was_corrected and row.referential_id == referential.pk:
            # What the application corrected is left as it is, as for the commitments.
            counts.corrected += 1
            _count(counts, _save_changes(row, {"position": position}))
        else:
            counts.overruled += row.was_corrected
            faults += _locked(item, row, referential, values)
            _count(counts, _save_changes(row, {**values, "referential": referential}))
    if new:
        bulk_create_with_history(new, Indicator)
    counts.created = len(new)
    gone = [row for code, row in present.items() if code not in wanted]
    faults += _remove(gone, counts)
    by_code = {**present, **{row.code: row for row in new}}
    for item in wanted.values():
        faults += _load_targets(by_code[item.code], item)
    return counts, faults


def _values(item: IndicatorEntry) -> dict[str, Any]:
    return {**{name: getattr(item, name) for name in _NAMES}, "synonyms": list(item.synonyms)}


def _is_older(referential: Referential, current: Referential) -> bool:
    """Whether ``current`` came after: reloading an earlier file must not undo its amendment."""
    return (referential.published_on, referential.pk) < (current.published_on, current.pk)


def _locked(
    item: IndicatorEntry, row: Indicator, referential: Referential, values: dict[str, Any]
) -> list[Fault]:
    if row.referential_id != referential.pk or row.certainty != SOURCED:
        return []
    # New names under which a figure is met change nothing to what it is.
    fixed = [name for name in _NAMES if name != "synonyms"]
    return [
        Fault(
            f"ligne {item.line}, indicateur {item.code}",
            f"cette ligne est déjà publiée et sourcée : « {FIELD_LABELS[name]} » ne change plus. "
            + _OTHER_VERSION,
        )
        for name in fixed
        if getattr(row, name) != values[name]
    ]


def _save_changes(row: Any, values: dict[str, Any]) -> bool:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.save()
    return bool(changed)


def _count(counts: Counts, is_changed: bool) -> None:
    if is_changed:
        counts.updated += 1
    else:
        counts.unchanged += 1


def _remove(rows: Sequence[Indicator], counts: Counts) -> list[Fault]:
    """Delete the definitions that left the file, unless something rests on them."""
    faults = []
    used = Indicator.objects.filter(pk__in=[row.pk for row in rows]).annotate(
        is_corrected=Exists(IndicatorRevision.objects.filter(indicator=OuterRef("pk"))),
        is_measured=Exists(Measure.objects.filter(indicator=OuterRef("pk"))),
        is_aimed_at=Exists(
            Target.objects.filter(indicator=OuterRef("pk"), prefecture__isnull=False)
        ),
    )
    for row in used.order_by("position"):
        reason = _use_of(row)
        if reason:
            place = f"clé indicators, indicateur {row.code}"
            faults.append(Fault(place, f"n’y est plus, mais {reason}. {_OTHER_VERSION}"))
        else:
            row.delete()
            counts.removed += 1
    return faults


def _use_of(row: Any) -> str:
    if row.certainty == SOURCED:
        return "cette définition sourcée est déjà publiée"
    if row.is_corrected:
        return "l’application l’a corrigée"
    if row.is_measured:
        return "des mesures s’y rattachent"
    if row.is_aimed_at:
        return "des préfectures lui ont fixé une cible"
    if row.history.exclude(referential_id=row.referential_id).exists():
        return "elle amende la définition d’un référentiel précédent"
    return ""


# --- Targets ----------------------------------------------------------------------------------
def _load_targets(indicator: Indicator, item: IndicatorEntry) -> list[Fault]:
    """Write the national values of a definition; what somebody edited or removed since is left.

    A value that leaves the file stays: the ministry ends or removes it in the application.
    """
    if not item.targets:
        return []
    if indicator.unit != item.unit:
        # Only a correction of the application, or a later référentiel, made them differ.
        place = f"ligne {item.line}, indicateur {item.code}, targets"
        said = f"l’application compte cet indicateur en « {indicator.get_unit_display()} » : une cible "
        return [Fault(place, said + f"en « {Unit(item.unit).label} » n’y dirait rien. Retirez-la.")]
    faults: list[Fault] = []
    national = Target.objects.filter(indicator=indicator, prefecture__isnull=True)
    present = list(national.order_by("pk"))
    for target in item.targets:
        values = {
            name: getattr(target, name)
            for name in ("value", "is_strict", "ends_on", "source", "certainty")
        }
        row = next(
            (
                row
                for row in present
                if (row.kind, row.starts_on) == (target.kind, target.starts_on)
            ),
            None,
        )
        if row is None:
            faults += _create_target(indicator, target, present, values)
        elif row.certainty == SOURCED and any(
            getattr(row, name) != value for name, value in values.items()
        ):
            faults.append(
                Fault(
                    f"ligne {target.line}, indicateur {item.code}, targets",
                    "cette valeur est déjà publiée et sourcée : elle ne change plus. "
                    "Ajoutez-en une autre, datée.",
                )
            )
        elif not row.history.filter(history_user__isnull=False).exists():
            _save_changes(row, values)
    return faults


def _create_target(
    indicator: Indicator, target: TargetEntry, present: list[Target], values: dict[str, Any]
) -> list[Fault]:
    in_force = [row for row in present if row.removed_at is None and row.kind == target.kind]
    for row in in_force:
        if (row.ends_on is None or target.starts_on <= row.ends_on) and (
            target.ends_on is None or row.starts_on <= target.ends_on
        ):
            return [
                Fault(
                    f"ligne {target.line}, indicateur {indicator.code}, targets",
                    f"une valeur nationale vaut déjà à ces dates (depuis le {row.starts_on:%d/%m/%Y}). "
                    "Mettez-y fin dans l’application, ou corrigez starts_on.",
                )
            ]
    Target(indicator=indicator, kind=target.kind, starts_on=target.starts_on, **values).save()
    return []
