"""Columns of the list of actions: which sort, and the address that sorts the other way."""

from dataclasses import dataclass

from django.http import QueryDict


@dataclass(frozen=True, slots=True)
class Column:
    """A head of the table. ``url`` is blank when it does not sort; ``order``: as ``aria-sort``."""

    label: str
    url: str
    order: str
    is_number: bool = False


_COLUMNS = (
    ("N°", "number", True),
    ("Action", "title", False),
    ("Service et responsable", "service", False),
    ("Échéance", "due", False),
    ("Avancement", "progress", True),
    ("État", "", False),
)


def columns_of(query: QueryDict) -> list[Column]:
    """Return the heads of the table for the address asked."""
    asked = query.get("sort", "")
    found = []
    for label, key, is_number in _COLUMNS:
        order = {key: "ascending", f"-{key}": "descending"}.get(asked, "") if key else ""
        left = query.copy()
        left.pop("page", None)
        left["sort"] = f"-{key}" if asked == key else key
        found.append(Column(label, f"?{left.urlencode()}" if key else "", order, is_number))
    return found
