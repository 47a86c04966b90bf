"""What the apps above add to the pages of the démarche, filled when they start."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.access import Scope
from modules.models import AssessmentRow, WorkingGroup


CollectForGroup = Callable[[WorkingGroup, Scope], Any]
CollectForRows = Callable[[Collection[AssessmentRow], Scope], Mapping[int, Any]]


@dataclass(frozen=True, slots=True)
class GroupPanel:
    """A part of the page of a working group: a template, and what it shows as ``panel``.

    ``collect`` reads through the scope; it returns ``None`` when this reader sees no such part.
    """

    template: str
    collect: CollectForGroup


@dataclass(frozen=True, slots=True)
class DrawnPanel:
    """A panel with its data, ready for ``{% include panel.template with panel=panel.data %}``."""

    template: str
    data: Any


_group_panels: dict[str, GroupPanel] = {}


def register_group_panel(template: str) -> Callable[[CollectForGroup], CollectForGroup]:
    """Declare a part of the page of every working group; decorates its ``collect``.

    Stands in the ``group_panels.py`` of an app above, which is imported when the server starts.
    """

    def register(collect: CollectForGroup) -> CollectForGroup:
        _group_panels[template] = GroupPanel(template, collect)
        return collect

    return register


def group_panels(group: WorkingGroup, scope: Scope) -> list[DrawnPanel]:
    """Return the declared parts that have something to say to this reader."""
    collected = ((panel.template, panel.collect(group, scope)) for panel in _group_panels.values())
    return [DrawnPanel(template, data) for template, data in collected if data is not None]


# --- Rows of a grid ---------------------------------------------------------------------------
_row_panels: dict[str, CollectForRows] = {}


def register_row_panel(template: str) -> Callable[[CollectForRows], CollectForRows]:
    """Declare what stands under the rows of a grid; decorates its ``collect``.

    ``collect`` answers for every row at once, by primary key: what the template sees as ``panel``. Rows
    left out show nothing. Stands in the ``row_panels.py`` of an app above.
    """

    def register(collect: CollectForRows) -> CollectForRows:
        _row_panels[template] = collect
        return collect

    return register


def row_panels(rows: Collection[AssessmentRow], scope: Scope) -> dict[int, list[DrawnPanel]]:
    """Return the declared parts of these rows, by primary key."""
    found: dict[int, list[DrawnPanel]] = {row.pk: [] for row in rows}
    for template, collect in _row_panels.items():
        for pk, data in collect(rows, scope).items():
            found[pk].append(DrawnPanel(template, data))
    return found
