"""Référentiel files (YAML): reading and checking. Pure: no database, no clock.

A file names every fault at once, each with its line. ``format`` is the version of the layout: a
file whose layout this reader does not know is refused, never half read. See docs/how-to/referential.md.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml

from modules import limits
from modules.enums import Certainty


FORMAT = 1
MAX_BYTES = 1_000_000
SHIPPED = Path(__file__).parent / "referentials"
_SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_NULL = "tag:yaml.org,2002:null"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake of a file: where (« ligne 12, module n° 3, clé title ») and what to mend."""

    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place} : {self.message}"


class ReferentialFileError(Exception):
    """A file that is refused, with all its faults."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class ModuleEntry:
    """One module as the file gives it."""

    number: int
    title: str
    is_compulsory: bool
    scope_note: str
    number_certainty: Certainty
    title_certainty: Certainty
    source: str


@dataclass(frozen=True, slots=True)
class ReferentialEntry:
    """A whole file."""

    slug: str
    name: str
    publisher: str
    published_on: date
    updated_on: date | None
    pages: int | None
    source: str
    certainty: Certainty
    notes: str
    modules: tuple[ModuleEntry, ...]


def shipped_files() -> list[Path]:
    """Return the files that come with the application."""
    return sorted(SHIPPED.glob("*.yaml"))


def read(path: Path) -> str:
    """Return the text of a file; ``ReferentialFileError`` when it cannot be read as text."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _refusal("fichier", f"il ne peut pas être lu ({error.strerror}).") from error
    if len(content) > MAX_BYTES:
        raise _refusal("fichier", "il dépasse 1 Mo : ce n’est pas un référentiel.")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise _refusal(f"ligne {line}", "le texte n’est pas en UTF-8.") from error


def parse(text: str) -> ReferentialEntry:
    """Return the content of a file; ``ReferentialFileError`` lists all of its faults."""
    faults: list[Fault] = []
    top = _Block(_tree(text), "", faults)
    layout = top.integer("format", 1, 99)
    if layout is not None and layout != FORMAT:
        raise _refusal(
            top.place("format"),
            f"la version {layout} n’est pas connue ; celle que l’on sait lire est {FORMAT}.",
        )
    head = _head(top.block("referential"))
    modules = [_module(block) for block in top.blocks("modules", "module")]
    top.close()
    if not faults:
        _check_modules(modules, top.place("modules"), faults)
    if faults:
        raise ReferentialFileError(faults)
    return ReferentialEntry(**head, modules=tuple(ModuleEntry(**values) for values in modules))


def _refusal(place: str, message: str) -> ReferentialFileError:
    return ReferentialFileError([Fault(place, message)])


def _tree(text: str) -> yaml.Node:
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"ligne {mark.line + 1}" if mark else "fichier"
        raise _refusal(
            place, "ce n’est pas du YAML valide. Vérifiez les retraits et les guillemets."
        ) from error
    except RecursionError as error:
        raise _refusal("fichier", "il est trop imbriqué pour être lu.") from error
    if node is None:
        raise _refusal("fichier", "il est vide.")
    return node


def _head(block: "_Block") -> dict[str, Any]:
    published, updated = block.day("published_on"), block.day("updated_on", required=False)
    if published and updated and updated < published:
        block.fault("updated_on", "la mise à jour précède la publication.")
    values = {
        "slug": block.text("slug", limits.SLUG, check=_check_slug),
        "name": block.text("name", limits.NAME),
        "publisher": block.text("publisher", limits.PUBLISHER),
        "published_on": published,
        "updated_on": updated,
        "pages": block.integer("pages", 1, limits.MAX_PAGES, required=False),
        "source": block.text("source", limits.LONG_TEXT),
        "certainty": block.certainty("certainty"),
        "notes": block.text("notes", limits.LONG_TEXT, required=False),
    }
    block.close()
    return values


def _module(block: "_Block") -> dict[str, Any]:
    values = {
        "number": block.integer("number", 1, limits.MAX_NUMBER),
        "title": block.text("title", limits.TITLE),
        "is_compulsory": block.flag("compulsory"),
        "scope_note": block.text("scope_note", limits.LONG_TEXT, required=False),
        "number_certainty": block.certainty("number_certainty"),
        "title_certainty": block.certainty("title_certainty"),
        "source": block.text("source", limits.LONG_TEXT),
    }
    block.close()
    return values


def _check_slug(value: str) -> str | None:
    if _SLUG.match(value):
        return None
    return "attendu : des minuscules sans accent, des chiffres et des tirets."


def _check_modules(modules: list[dict[str, Any]], place: str, faults: list[Fault]) -> None:
    numbers = [values["number"] for values in modules]
    for number in sorted({number for number in numbers if numbers.count(number) > 1}):
        faults.append(Fault(place, f"le module n° {number} y est plus d’une fois."))
    if not any(values["is_compulsory"] for values in modules):
        faults.append(Fault(place, "aucun module n’est obligatoire ; il en faut au moins un."))


class _Block:
    """One mapping of the file: typed reads that note their faults and give back ``None``."""

    def __init__(self, node: yaml.Node | None, where: str, faults: list[Fault]) -> None:
        self.node, self.where, self.faults = node, where, faults
        self.values: dict[str, yaml.Node] = {}
        self.known: set[str] = set()
        if node is None:
            return
        if not isinstance(node, yaml.MappingNode):
            self.note(node, "", "attendu : des lignes « clé: valeur ».")
            self.node = None
            return
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.note(key, "", "attendu : un mot comme clé.")
            elif key.value in self.values:
                self.note(key, key.value, "cette clé est écrite deux fois.")
            else:
                self.values[key.value] = value

    def note(self, node: yaml.Node | None, key: str, message: str) -> None:
        line = f"ligne {node.start_mark.line + 1}" if node is not None else ""
        parts = (line, self.where, f"clé {key}" if key else "")
        self.faults.append(Fault(", ".join(part for part in parts if part) or "fichier", message))

    def fault(self, key: str, message: str) -> None:
        """Note a fault about the value of ``key``."""
        self.note(self.values.get(key, self.node), key, message)

    def place(self, key: str) -> str:
        node = self.values.get(key)
        return f"ligne {node.start_mark.line + 1}, clé {key}" if node is not None else "fichier"

    def close(self) -> None:
        """Note the keys that nobody asked for: a misspelt key must not be lost in silence."""
        for key in self.values:
            if key not in self.known:
                known = ", ".join(sorted(self.known))
                self.fault(key, f"cette clé n’existe pas. Clés possibles : {known}.")

    def _scalar(self, key: str, required: bool) -> yaml.ScalarNode | None:
        self.known.add(key)
        node = self.values.get(key)
        if node is None or node.tag == _NULL or _is_blank(node):
            if required and self.node is not None:
                self.fault(key, "cette clé manque ou est vide.")
            return None
        if not isinstance(node, yaml.ScalarNode):
            self.fault(key, "attendu : une seule valeur.")
            return None
        return node

    def _read(
        self, key: str, required: bool, convert: Callable[[str], T], expected: str
    ) -> T | None:
        node = self._scalar(key, required)
        if node is None:
            return None
        try:
            return convert(node.value.strip())
        except (ValueError, KeyError):
            self.fault(key, f"« {node.value[:60]} » ne convient pas ; attendu : {expected}.")
            return None

    def text(
        self,
        key: str,
        longest: int,
        *,
        required: bool = True,
        check: Callable[[str], str | None] = lambda value: None,
    ) -> str | None:
        node = self._scalar(key, required)
        if node is None:
            return "" if not required else None
        value = node.value.strip()
        if len(value) > longest:
            self.fault(key, f"{len(value)} caractères ; {longest} au plus.")
        elif message := check(value):
            self.fault(key, message)
        return value

    def integer(self, key: str, least: int, most: int, *, required: bool = True) -> int | None:
        def convert(value: str) -> int:
            number = int(value) if value.isascii() and len(value) < 10 else -1
            if not least <= number <= most:
                raise ValueError(value)
            return number

        return self._read(key, required, convert, f"un nombre entier de {least} à {most}")

    def day(self, key: str, *, required: bool = True) -> date | None:
        return self._read(key, required, date.fromisoformat, "une date comme 2019-02-04")

    def flag(self, key: str) -> bool | None:
        return self._read(key, True, {"true": True, "false": False}.__getitem__, "true ou false")

    def certainty(self, key: str) -> Certainty | None:
        return self._read(key, True, Certainty, "sourced (sourcé) ou to_confirm (à confirmer)")

    def block(self, key: str) -> "_Block":
        self.known.add(key)
        node = self.values.get(key)
        if node is None and self.node is not None:
            self.fault(key, "cette clé manque.")
        return _Block(node, key, self.faults)

    def blocks(self, key: str, word: str) -> list["_Block"]:
        self.known.add(key)
        node = self.values.get(key)
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            if self.node is not None:
                self.fault(key, f"attendu : une liste de {word}s, chacun précédé d’un tiret.")
            return []
        return [
            _Block(item, f"{rank}e {word}" if rank > 1 else f"1er {word}", self.faults)
            for rank, item in enumerate(node.value, start=1)
        ]


def _is_blank(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.value.strip()
