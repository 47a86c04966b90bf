"""The ``indicators:`` block of a référentiel file: reading and checking. Pure: no database, no clock.

See docs/how-to/indicator.md for the keys.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from indicators import limits
from indicators.enums import Aggregation, Direction, Level, Periodicity, TargetKind, Unit
from modules.enums import Certainty
from modules.limits import CODE
from modules.referential_files_blocks import Block
from modules.referential_files_entries import Fault, ReferentialEntry
from modules.referential_parts import Known, PartChange


KEY = "indicators"
_CODE = re.compile(r"^[A-Z0-9]+(?:[-.][A-Z0-9]+)*$")
_AMOUNT = re.compile(r"^(\d{1,12}(?:[.,]\d{1,6})?)\s*(%?)$")


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """A dated national value; ``value`` in the unit of the indicator, a rate from 0 to 1."""

    kind: TargetKind
    value: Decimal
    starts_on: date
    ends_on: date | None
    source: str
    certainty: Certainty
    line: int = field(compare=False)
    is_strict: bool = False

    def overlaps(self, other: "TargetEntry") -> bool:
        """Whether both would be in force on some day; what could not be read overlaps nothing."""
        if not (self.kind and self.starts_on and other.starts_on):
            return False
        return (
            self.kind == other.kind
            and (self.ends_on is None or other.starts_on <= self.ends_on)
            and (other.ends_on is None or self.starts_on <= other.ends_on)
        )


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    """One definition, with the fields of ``Indicator`` under the same names."""

    code: str
    label: str
    definition: str
    numerator_label: str
    denominator_label: str
    unit: Unit
    direction: Direction
    periodicity: Periodicity
    level: Level
    aggregation: Aggregation
    counting_rule: str
    source_system: str
    decimals: int
    synonyms: tuple[str, ...]
    source: str
    certainty: Certainty
    targets: tuple[TargetEntry, ...]
    line: int = field(compare=False)


# The words of what an amendment changes.
FIELD_LABELS = {
    "label": "intitulé",
    "definition": "définition",
    "numerator_label": "numérateur",
    "denominator_label": "dénominateur",
    "unit": "unité",
    "direction": "sens",
    "periodicity": "périodicité",
    "level": "niveau",
    "aggregation": "agrégation",
    "counting_rule": "règle de comptage",
    "source_system": "outil d’origine",
    "decimals": "décimales",
    "synonyms": "autres noms",
    "source": "source",
    "certainty": "certitude",
    "targets": "cibles",
}


# --- Reading ----------------------------------------------------------------------------------
def parse_entries(top: Block) -> tuple[IndicatorEntry, ...]:
    """Return the definitions of the file; none when it has no such block."""
    return tuple(_indicator(block) for block in top.blocks(KEY, "indicateur", required=False))


# What is wrong was noted as a fault and is None in the entry, which then never leaves the reader.
def _indicator(block: Block) -> IndicatorEntry:
    unit: Any = block.word("unit", Unit)
    values: dict[str, Any] = {
        "code": block.text("code", CODE, check=_check_code),
        "label": block.text("label", limits.LABEL),
        "definition": block.text("definition", limits.LONG_TEXT, required=False),
        "numerator_label": block.text("numerator", limits.LABEL, required=False),
        "denominator_label": block.text("denominator", limits.LABEL, required=False),
        "unit": unit,
        "direction": block.word("direction", Direction),
        "periodicity": block.word("periodicity", Periodicity),
        "level": block.word("level", Level),
        "aggregation": block.word("aggregation", Aggregation),
        "counting_rule": block.text("counting_rule", limits.LONG_TEXT, required=False),
        "source_system": block.text("source_system", limits.LABEL, required=False),
        "decimals": block.integer("decimals", 0, limits.DECIMALS, required=False) or 0,
        "synonyms": block.texts("synonyms", limits.LABEL),
        "source": block.text("source", limits.LONG_TEXT),
        "certainty": block.certainty("certainty"),
    }
    targets = block.blocks("targets", "cible", required=False)
    block.close()
    return IndicatorEntry(
        **values, targets=tuple(_target(item, unit) for item in targets), line=block.line
    )


def _target(block: Block, unit: Unit | None) -> TargetEntry:
    values: dict[str, Any] = {
        "kind": block.word("kind", TargetKind),
        "value": _amount(block, unit),
        "starts_on": block.day("starts_on"),
        "is_strict": block.flag("strict", required=False) or False,
        "ends_on": block.day("ends_on", required=False),
        "source": block.text("source", limits.LONG_TEXT),
        "certainty": block.certainty("certainty"),
    }
    starts_on, ends_on = values["starts_on"], values["ends_on"]
    if starts_on and ends_on and ends_on < starts_on:
        block.fault("ends_on", "la fin précède le début.")
    if values["is_strict"] and values["kind"] is TargetKind.ALERT:
        block.fault("strict", "un seuil d’alerte comprend toujours sa valeur.")
    block.close()
    return TargetEntry(**values, line=block.line)


def _amount(block: Block, unit: Unit | None) -> Decimal | None:
    """Read « 85 % » for a rate, « 15 » for the others: nobody has to guess the scale."""
    is_rate = unit is Unit.PERCENT
    expected = "un pourcentage, comme 85 %" if is_rate else "un nombre sans unité, comme 15 ou 7,5"

    def check(text: str) -> str | None:
        match = _AMOUNT.match(text)
        if match and bool(match[2]) is is_rate:
            return None
        return f"« {text[:60]} » ne convient pas ; attendu : {expected}."

    text = block.text("value", 30, check=check)
    match = _AMOUNT.match(text or "")
    if match is None:
        return None
    number = Decimal(match[1].replace(",", "."))
    return number / 100 if is_rate else number


def _check_code(value: str) -> str | None:
    if _CODE.match(value):
        return None
    return f"« {value} » ne convient pas ; attendu : des majuscules sans accent, comme TEL-ABOUTI."


# --- Checking ---------------------------------------------------------------------------------
def check_entries(entries: Iterable[IndicatorEntry]) -> list[Fault]:
    """Return what is wrong inside the block: a code twice, words that do not agree, dates that meet.

    What could not be read is ``None`` and was told: it is passed over here.
    """
    faults: list[Fault] = []
    first: dict[str, int] = {}
    for item in entries:
        place = f"ligne {item.line}, indicateur {item.code or 'sans code'}"
        if item.code and item.code in first:
            faults.append(Fault(place, f"ce code sert déjà à la ligne {first[item.code]}."))
        first.setdefault(item.code, item.line)
        faults += [Fault(place, message) for message in _disagreements(item)]
        for rank, target in enumerate(item.targets):
            for other in item.targets[:rank]:
                if target.overlaps(other):
                    faults.append(
                        Fault(
                            f"ligne {target.line}, indicateur {item.code}, targets",
                            f"cette valeur et celle de la ligne {other.line} valent en même temps.",
                        )
                    )
    return faults


def _disagreements(item: IndicatorEntry) -> Iterable[str]:
    if bool(item.numerator_label) != bool(item.denominator_label):
        yield "numerator et denominator vont ensemble : il manque l’un des deux."
    if item.aggregation is Aggregation.SUM and item.unit not in (None, Unit.COUNT):
        yield "seuls des nombres s’additionnent : « sum » ne va qu’avec l’unité « count »."
    if item.aggregation is Aggregation.RATIO and not item.denominator_label:
        yield "« ratio » demande numerator et denominator ; sinon, écrivez « none »."
    if item.direction is Direction.NONE and item.targets:
        yield "un indicateur sans sens (direction: none) n’a ni cible ni seuil."


def check_commitments(
    entry: ReferentialEntry, names: Set[str | None], known: Iterable[Known]
) -> list[Fault]:
    """Return a fault for each commitment that names an indicator which nothing defines."""
    if None in names:  # the code that could not be read may be the one that is meant
        return []
    waiting = {code for item in entry.commitments for code in item.indicators} - names
    for ask in known:
        if not waiting:
            return []
        waiting -= ask()
    return [
        Fault(
            f"ligne {item.line}, engagement {item.code or 'sans code'}, clé indicators",
            f"aucun indicateur n’a le code {code}. Définissez-le dans le bloc indicators du fichier.",
        )
        for item in entry.commitments
        for code in item.indicators
        if code in waiting
    ]


def compare_entries(
    old: Iterable[IndicatorEntry], new: Iterable[IndicatorEntry]
) -> list[PartChange]:
    """Return what the second one defines or amends; what it leaves unsaid stays in force."""
    before = {item.code: item for item in old}
    changes = []
    for item in new:
        earlier = before.get(item.code)
        fields = tuple(
            words
            for name, words in FIELD_LABELS.items()
            if earlier is not None and getattr(earlier, name) != getattr(item, name)
        )
        if earlier is None or fields:
            changes.append(PartChange(item.code, item.label, fields))
    return changes
