"""Typed reads of a YAML file that note every fault with its line. Pure."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

import yaml

from modules.enums import Certainty
from modules.referential_files_entries import Fault, refusal


_NULL = "tag:yaml.org,2002:null"
_FEMININE = {"rubrique", "correspondance"}

T = TypeVar("T")
E = TypeVar("E")


def tree_of(text: str) -> yaml.Node:
    """Return the one document of a text; refuse what is not YAML, empty or nested too deep."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"ligne {mark.line + 1}" if mark else "fichier"
        raise refusal(
            place, "ce n’est pas du YAML valide. Vérifiez les retraits et les guillemets."
        ) from error
    except RecursionError as error:
        raise refusal("fichier", "il est trop imbriqué pour être lu.") from error
    if node is None:
        raise refusal("fichier", "il est vide.")
    return node


class Block:
    """One mapping of the file: typed reads that note their faults and give back ``None``."""

    def __init__(self, node: yaml.Node | None, where: str, faults: list[Fault]) -> None:
        self.node, self.where, self.faults = node, where, faults
        self.line = node.start_mark.line + 1 if node is not None else 0
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

    def flag(self, key: str, *, required: bool = True) -> bool | None:
        return self._read(
            key, required, {"true": True, "false": False}.__getitem__, "true ou false"
        )

    def certainty(self, key: str, *, required: bool = True) -> Certainty | None:
        expected = "sourced (sourcé) ou to_confirm (à confirmer)"
        return self._read(key, required, Certainty, expected)

    def word(self, key: str, words: type[E]) -> E | None:
        """Read one of the values of an enumeration."""
        expected = ", ".join(item.value for item in words)  # type: ignore[attr-defined]
        return self._read(key, True, words, expected)

    def texts(
        self,
        key: str,
        longest: int,
        *,
        required: bool = False,
        check: Callable[[str], str | None] = lambda value: None,
    ) -> tuple[str, ...]:
        """Read a list of short texts; one text alone counts as a list of one."""
        self.known.add(key)
        node = self.values.get(key)
        if node is None or node.tag == _NULL:
            if required and self.node is not None:
                self.fault(key, "cette clé manque ou est vide.")
            return ()
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: list[str] = []
        for item in items:
            if not isinstance(item, yaml.ScalarNode) or not item.value.strip():
                self.note(item, key, "attendu : une liste de textes, comme [A-1, A-2].")
                continue
            value = item.value.strip()
            if len(value) > longest:
                self.note(item, key, f"{len(value)} caractères ; {longest} au plus.")
            elif value in found:
                self.note(item, key, f"« {value} » y est deux fois.")
            elif message := check(value):
                self.note(item, key, message)
            found.append(value)
        return tuple(found)

    def has(self, key: str) -> bool:
        """Tell whether the key is written with a value."""
        node = self.values.get(key)
        return node is not None and node.tag != _NULL and not _is_blank(node)

    def block(self, key: str) -> "Block":
        self.known.add(key)
        node = self.values.get(key)
        if node is None and self.node is not None:
            self.fault(key, "cette clé manque.")
        return Block(node, key, self.faults)

    def blocks(self, key: str, word: str, *, required: bool = True) -> list["Block"]:
        self.known.add(key)
        node = self.values.get(key)
        if not required and (node is None or node.tag == _NULL):
            return []
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            if self.node is not None:
                self.fault(key, f"attendu : une liste de {word}s, un tiret devant chaque {word}.")
            return []
        first = "1re" if word in _FEMININE else "1er"
        inside = f"{self.where}, " if self.where else ""
        return [
            Block(item, f"{inside}{f'{rank}e' if rank > 1 else first} {word}", self.faults)
            for rank, item in enumerate(node.value, start=1)
        ]


def _is_blank(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and not node.value.strip()
