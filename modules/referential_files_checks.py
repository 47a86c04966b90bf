"""Faults between the rows of a référentiel file, and between a file and the previous référentiel. Pure."""

from collections.abc import Callable, Iterable, Set

from modules.enums import ChangeKind
from modules.referential_files_entries import Fault, MappingEntry, ReferentialEntry


_K = ChangeKind
# kind → (fewest, most) rows in « from », then in « to »; None: no limit.
_ARITY: dict[ChangeKind, tuple[tuple[int, int | None], tuple[int, int | None]]] = {
    _K.KEPT: ((1, 1), (1, 1)),
    _K.REWORDED: ((1, 1), (1, 1)),
    _K.RENAMED: ((1, 1), (1, 1)),
    _K.NARROWED: ((1, 1), (1, 1)),
    _K.MOVED: ((1, 1), (1, 1)),
    _K.MERGED: ((2, None), (1, 1)),
    _K.SPLIT: ((1, 1), (2, None)),
    _K.ADDED: ((0, 0), (1, None)),
    _K.REMOVED: ((1, None), (0, 0)),
}
_MODULE_KINDS = frozenset(_K) - {_K.REWORDED}
_COMMITMENT_KINDS = frozenset(_K) - {_K.RENAMED}


def check_file(entry: ReferentialEntry, modules_place: str) -> list[Fault]:
    """Return what is wrong inside the file: rows written twice, mapping that does not hold.

    What could not be read is ``None`` and was told: it is passed over here.
    """
    faults = [*_check_modules(entry, modules_place), *_check_codes(entry)]
    mapping = entry.mapping
    if mapping is None:
        return faults
    if mapping.previous and mapping.previous == entry.slug:
        faults.append(
            Fault(f"ligne {mapping.line}, mapping", "un référentiel ne se succède pas à lui-même.")
        )
    numbers = {
        str(module.number) if module.number else None: module.line for module in entry.modules
    }
    codes: dict[str | None, int] = {item.code or None: item.line for item in entry.commitments}
    faults += _check_entries(mapping.modules, _MODULE_KINDS, "le module n° {}")
    faults += _check_new_side(mapping.modules, numbers, "le module n° {}")
    faults += _check_entries(mapping.commitments, _COMMITMENT_KINDS, "l’engagement {}")
    faults += _check_new_side(mapping.commitments, codes, "l’engagement {}")
    return faults


def check_against_previous(
    entry: ReferentialEntry, *, numbers: Set[int], codes: Set[str]
) -> list[Fault]:
    """Return what is wrong between the mapping and the modules and codes of the previous one."""
    mapping = entry.mapping
    if mapping is None:
        return []
    texts = {str(number) for number in numbers}
    return [
        *_check_old_side(mapping.modules, texts, "le module n° {}", mapping.previous, mapping.line),
        *_check_old_side(
            mapping.commitments, codes, "l’engagement {}", mapping.previous, mapping.line
        ),
    ]


def _check_modules(entry: ReferentialEntry, place: str) -> Iterable[Fault]:
    numbers = [module.number for module in entry.modules if module.number]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        yield Fault(place, f"le module n° {number} y est plus d’une fois.")
    flags = [module.is_compulsory for module in entry.modules]
    if flags and None not in flags and True not in flags:
        yield Fault(place, "aucun module n’est obligatoire ; il en faut au moins un.")


def _check_codes(entry: ReferentialEntry) -> Iterable[Fault]:
    headings = [(item.code, item.line) for module in entry.modules for item in module.headings]
    yield from _twice(headings, "rubrique")
    yield from _twice([(item.code, item.line) for item in entry.commitments], "engagement")


def _twice(rows: list[tuple[str, int]], word: str) -> Iterable[Fault]:
    first: dict[str, int] = {}
    for code, line in rows:
        if code and code in first:
            yield Fault(
                f"ligne {line}, {word} {code}", f"ce code sert déjà à la ligne {first[code]}."
            )
        first.setdefault(code, line)


def _place(entry: MappingEntry) -> str:
    return f"ligne {entry.line}, mapping"


def _check_entries(
    entries: Iterable[MappingEntry], kinds: Set[ChangeKind], name: str
) -> Iterable[Fault]:
    pairs = (("from", lambda item: item.old, 0), ("to", lambda item: item.new, 1))
    for entry in entries:
        if entry.kind is None:
            continue
        if entry.kind not in kinds:
            known = ", ".join(kind.value for kind in ChangeKind if kind in kinds)
            yield Fault(
                _place(entry), f"« {entry.kind} » ne convient pas ici ; possible : {known}."
            )
            continue
        for key, side, rank in pairs:
            least, most = _ARITY[entry.kind][rank]
            count = len(side(entry))
            if count < least or (most is not None and count > most):
                yield Fault(
                    f"{_place(entry)}, clé {key}",
                    f"{count} pour « {entry.kind} » ; attendu : {_expected(least, most)}.",
                )
    for _key, side, _rank in pairs:
        yield from _spoken_of_twice(entries, side, name)


def _expected(least: int, most: int | None) -> str:
    if most is None:
        return f"{least} ou plus"
    return "aucun" if most == 0 else str(most)


def _spoken_of_twice(
    entries: Iterable[MappingEntry],
    side: Callable[[MappingEntry], tuple[str, ...]],
    name: str,
) -> Iterable[Fault]:
    first: dict[str, int] = {}
    for entry in entries:
        for code in side(entry):
            if code in first:
                yield Fault(
                    _place(entry),
                    f"{name.format(code)} a déjà une correspondance à la ligne {first[code]}.",
                )
            first.setdefault(code, entry.line)


def _check_new_side(
    entries: Iterable[MappingEntry], rows: dict[str | None, int], name: str
) -> Iterable[Fault]:
    is_readable = None not in rows
    spoken: set[str] = set()
    for entry in entries:
        for code in entry.new:
            spoken.add(code)
            # A row whose code could not be read may be the one that is meant.
            if code not in rows and is_readable:
                yield Fault(
                    f"{_place(entry)}, clé to", f"{name.format(code)} n’est pas dans ce fichier."
                )
    for row, line in rows.items():
        if row is not None and row not in spoken:
            yield Fault(
                f"ligne {line}, {name.format(row)}",
                "aucune correspondance ne le mène ici ; ajoutez-la à mapping (« added » s’il est "
                "nouveau).",
            )


def _check_old_side(
    entries: Iterable[MappingEntry], rows: Set[str], name: str, previous: str, line: int
) -> Iterable[Fault]:
    spoken: set[str] = set()
    for entry in entries:
        for code in entry.old:
            spoken.add(code)
            if code not in rows:
                yield Fault(
                    f"{_place(entry)}, clé from", f"{name.format(code)} n’est pas dans {previous}."
                )
    for code in sorted(rows - spoken, key=lambda text: (len(text), text)):
        yield Fault(
            f"ligne {line}, mapping",
            f"{name.format(code)} de {previous} n’a pas de correspondance (« removed » s’il est "
            "retiré).",
        )
