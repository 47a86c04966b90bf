"""Référentiel files (YAML): reading and checking. Pure: no database, no clock.

A file names every fault at once, each with its line. ``format`` is the version of the layout: a
file whose layout this reader does not know is refused, never half read. See docs/how-to/referential.md.
"""

import re
from collections.abc import Set
from functools import cache, partial
from pathlib import Path
from typing import Any

from common.local_files import cause_of
from modules import limits
from modules.enums import Certainty, ChangeKind
from modules.referential_files_blocks import Block, tree_of
from modules.referential_files_checks import check_against_previous, check_file
from modules.referential_files_entries import (
    CommitmentEntry,
    Fault,
    HeadingEntry,
    MappingBlock,
    MappingEntry,
    ModuleEntry,
    ReferentialEntry,
    ReferentialFileError,
    refusal,
)
from modules.referential_parts import FilePart, file_parts


FORMAT = 2
MAX_BYTES = 1_000_000
SHIPPED = Path(__file__).parent / "referentials"
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_CODE = re.compile(r"^[A-Z0-9]+(?:[-.][A-Z0-9]+)*$")
_NUMBER = re.compile(r"^[1-9][0-9]?$")


def shipped_files() -> list[Path]:
    """Return the files that come with the application."""
    return sorted(SHIPPED.glob("*.yaml"))


def shipped_in_order() -> list[tuple[Path, ReferentialEntry]]:
    """Return the files that come with the application, each after the one that it follows."""
    waiting = [(path, parse(read(path))) for path in shipped_files()]
    ordered: list[tuple[Path, ReferentialEntry]] = []
    while waiting:
        left = {entry.slug for _, entry in waiting}
        ready = [
            item
            for item in waiting
            if item[1].mapping is None or item[1].mapping.previous not in left
        ]
        if not ready:
            raise refusal("fichiers", f"ils se succèdent en rond : {', '.join(sorted(left))}.")
        ordered += ready
        waiting = [item for item in waiting if item not in ready]
    return ordered


def find(slug: str, folder: Path) -> ReferentialEntry | None:
    """Return the référentiel of this slug among the files of ``folder`` and those shipped."""
    for path in [*sorted(folder.glob("*.yaml")), *shipped_files()]:
        try:
            entry = parse(read(path))
        except ReferentialFileError:
            continue  # a neighbour that is faulty, or not a référentiel, is not the one looked for
        if entry.slug == slug:
            return entry
    return None


def check(text: str, folder: Path) -> ReferentialEntry:
    """Return the content of a file checked wholly, against the référentiel that it follows too."""
    entry, faults = examine(text)
    if entry.mapping is not None and entry.mapping.previous:
        faults += _check_previous(entry, find(entry.mapping.previous, folder))
    for part in file_parts():
        known = (partial(shipped_names, part), partial(_names_in, part, folder))
        faults += part.check_against(entry, entry.parts[part.key], known)
    if faults:
        raise ReferentialFileError(faults)
    return entry


@cache
def shipped_names(part: FilePart) -> Set[str]:
    """Return what the files that come with the application define in this part."""
    return _names_in(part, SHIPPED)


def _names_in(part: FilePart, folder: Path) -> Set[str]:
    names: set[str] = set()
    for path in sorted(folder.glob("*.yaml")):
        try:
            names |= part.names(parse(read(path)).parts[part.key])
        except ReferentialFileError:
            continue  # as in « find »
    return names


def _check_previous(entry: ReferentialEntry, previous: ReferentialEntry | None) -> list[Fault]:
    if previous is not None:
        numbers = {module.number for module in previous.modules}
        codes = {item.code for item in previous.commitments}
        return check_against_previous(entry, numbers=numbers, codes=codes)
    slug, line = (entry.mapping.previous, entry.mapping.line) if entry.mapping else ("", 0)
    return [
        Fault(
            f"ligne {line}, mapping, clé from",
            f"aucun fichier n’a le slug {slug}, ni dans ce dossier ni parmi ceux de l’application.",
        )
    ]


def read(path: Path) -> str:
    """Return the text of a file; ``ReferentialFileError`` when it cannot be read as text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise refusal("fichier", f"il ne peut pas être lu : {cause_of(error)}.") from error
    if len(content) > MAX_BYTES:
        raise refusal("fichier", "il dépasse 1 Mo : ce n’est pas un référentiel.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise refusal(f"ligne {line}", "le texte n’est pas en UTF-8.") from error


def parse(text: str) -> ReferentialEntry:
    """Return the content of a file; ``ReferentialFileError`` lists all of its faults."""
    entry, faults = examine(text)
    if faults:
        raise ReferentialFileError(faults)
    return entry


def examine(text: str) -> tuple[ReferentialEntry, list[Fault]]:
    """Return what could be read of a file, and all of its faults: what is wrong is ``None`` in the entry.

    ``ReferentialFileError`` when it is not YAML, or of another layout.
    """
    faults: list[Fault] = []
    top = Block(tree_of(text), "", faults)
    layout = top.integer("format", 1, 99)
    if layout is not None and layout != FORMAT:
        raise refusal(
            top.place("format"),
            f"la version {layout} n’est pas connue ; celle que l’on sait lire est {FORMAT}.",
        )
    head = _head(top.block("referential"))
    modules = tuple(_module(block) for block in top.blocks("modules", "module"))
    mapping = _mapping(top.block("mapping")) if top.has("mapping") else None
    top.known.add("mapping")
    parts = {part.key: part.parse(top) for part in file_parts()}
    top.close()
    entry = ReferentialEntry(**head, modules=modules, mapping=mapping, parts=parts)
    faults += check_file(entry, top.place("modules"))
    for part in file_parts():
        faults += part.check(entry, parts[part.key])
    return entry, faults


def _head(block: Block) -> dict[str, Any]:
    published, updated = block.day("published_on"), block.day("updated_on", required=False)
    if published and updated and updated < published:
        block.fault("updated_on", "la mise à jour précède la publication.")
    dated = block.certainty("published_certainty", required=False)
    values = {
        "slug": block.text("slug", limits.SLUG, check=_check_slug),
        "name": block.text("name", limits.NAME),
        "publisher": block.text("publisher", limits.PUBLISHER),
        "published_on": published,
        "published_certainty": dated or Certainty.SOURCED,
        "updated_on": updated,
        "pages": block.integer("pages", 1, limits.MAX_PAGES, required=False),
        "source": block.text("source", limits.LONG_TEXT),
        "certainty": block.certainty("certainty"),
        "notes": block.text("notes", limits.LONG_TEXT, required=False),
        "line": block.line,
    }
    block.close()
    return values


# What is wrong was noted as a fault and is None in the entry, which is then compared, never loaded.
def _module(block: Block) -> ModuleEntry:
    values: dict[str, Any] = {
        "number": block.integer("number", 1, limits.MAX_NUMBER),
        "title": block.text("title", limits.TITLE),
        "is_compulsory": block.flag("compulsory"),
        "scope_note": block.text("scope_note", limits.LONG_TEXT, required=False),
        "number_certainty": block.certainty("number_certainty"),
        "title_certainty": block.certainty("title_certainty"),
        "source": block.text("source", limits.LONG_TEXT),
    }
    headings = block.blocks("headings", "rubrique", required=False)
    block.close()
    return ModuleEntry(
        **values, headings=tuple(_heading(item) for item in headings), line=block.line
    )


def _heading(block: Block) -> HeadingEntry:
    values: dict[str, Any] = {
        "code": block.text("code", limits.CODE, check=_check_code),
        "title": block.text("title", limits.TITLE),
        "certainty": block.certainty("certainty"),
        "source": block.text("source", limits.LONG_TEXT),
    }
    commitments = block.blocks("commitments", "engagement", required=False)
    block.close()
    return HeadingEntry(
        **values, commitments=tuple(_commitment(item) for item in commitments), line=block.line
    )


def _commitment(block: Block) -> CommitmentEntry:
    has_help = block.has("evidence") or block.has("audit")
    values: dict[str, Any] = {
        "code": block.text("code", limits.CODE, check=_check_code),
        "wording": block.text("wording", limits.LONG_TEXT),
        "evidence": block.text("evidence", limits.LONG_TEXT, required=False),
        "audit": block.text("audit", limits.LONG_TEXT, required=False),
        "indicators": block.texts("indicators", limits.CODE, check=_check_code),
        "certainty": block.certainty("certainty"),
        "evidence_certainty": block.certainty("evidence_certainty", required=has_help),
        "source": block.text("source", limits.LONG_TEXT),
    }
    if values["evidence_certainty"] and not has_help:
        block.fault("evidence_certainty", "cette clé accompagne evidence ou audit, absents ici.")
    block.close()
    return CommitmentEntry(**values, line=block.line)


def _mapping(block: Block) -> MappingBlock:
    previous: Any = block.text("from", limits.SLUG, check=_check_slug)
    note = block.text("note", limits.LONG_TEXT, required=False) or ""
    modules = block.blocks("modules", "correspondance")
    commitments = block.blocks("commitments", "correspondance", required=False)
    block.close()
    return MappingBlock(
        previous=previous,
        note=note,
        modules=tuple(_mapping_entry(item, _check_number) for item in modules),
        commitments=tuple(_mapping_entry(item, _check_code) for item in commitments),
        line=block.line,
    )


def _mapping_entry(block: Block, check: Any) -> MappingEntry:
    values: dict[str, Any] = {
        "kind": block.word("kind", ChangeKind),
        "old": block.texts("from", limits.CODE, check=check),
        "new": block.texts("to", limits.CODE, check=check),
        "note": block.text("note", limits.LONG_TEXT, required=False),
        "certainty": block.certainty("certainty"),
        "source": block.text("source", limits.LONG_TEXT),
    }
    block.close()
    return MappingEntry(**values, line=block.line)


def _check_slug(value: str) -> str | None:
    if _SLUG.match(value):
        return None
    return "attendu : des minuscules sans accent, des chiffres et des tirets."


def _check_code(value: str) -> str | None:
    if _CODE.match(value):
        return None
    return (
        f"« {value} » ne convient pas ; attendu : des majuscules sans accent, des chiffres, "
        "des tirets ou des points, comme M1-AP-1."
    )


def _check_number(value: str) -> str | None:
    if _NUMBER.match(value):
        return None
    return f"« {value} » ne convient pas ; attendu : un numéro de module, de 1 à 99."
