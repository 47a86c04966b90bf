"""What the pages of an import show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accounts.access import Scope
from action_plans.enums import ImportState
from action_plans.exchange.outcome import LineStatus
from action_plans.models import ActionImport


# Beyond, the page offers to do at once what a worker has not done.
PATIENCE = timedelta(seconds=45)
LATEST = 10
MOST_FAULTS = 50


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One line of the file on the page."""

    sheet: str
    line: int
    number: int | None
    title: str
    status: LineStatus
    changes: Sequence[dict[str, Any]]
    faults: Sequence[dict[str, str]]
    notices: Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class ImportPage:
    """An import: its lines but those without change, what is to be mended, what is said aside."""

    rows: list[ImportRow]
    counts: list[tuple[LineStatus, int]]
    faults: list[dict[str, str]]
    more_faults: int
    notices: list[dict[str, str]]
    untouched: int
    kept: list[str]

    @property
    def is_refused(self) -> bool:
        return bool(self.faults)

    @property
    def changes_something(self) -> bool:
        return any(
            count
            for status, count in self.counts
            if status in (LineStatus.ADDED, LineStatus.CHANGED)
        )


def list_url() -> str:
    """Return the address of the list of actions."""
    return reverse("action_plans:action_list")


def latest_imports(scope: Scope) -> list[ActionImport]:
    """Return the last tables handed in, without their contents (1 query)."""
    rows = ActionImport.objects.visible_to(scope).exclude(state=ImportState.CANCELLED)
    return list(rows.defer("content", "outcome", "changes").select_related("requested_by")[:LATEST])


def import_page(imported: ActionImport) -> ImportPage:
    """Return the facts of an import, lines to mend first."""
    outcome = imported.outcome or {"rows": [], "counts": {}, "errors": [], "notices": []}
    rows = [
        ImportRow(
            sheet=row["sheet"],
            line=row["line"],
            number=row["number"],
            title=row["title"],
            status=LineStatus(row["status"]),
            changes=row["changes"],
            faults=row["errors"],
            notices=row["notices"],
        )
        for row in outcome["rows"]
    ]
    faults = [*outcome["errors"], *(fault for row in rows for fault in row.faults)]
    shown = [row for row in rows if row.status != LineStatus.UNCHANGED or row.notices]
    shown.sort(key=lambda row: row.status != LineStatus.REFUSED)
    return ImportPage(
        rows=shown,
        counts=[(status, outcome["counts"].get(status.value, 0)) for status in LineStatus],
        faults=faults[:MOST_FAULTS],
        more_faults=max(0, len(faults) - MOST_FAULTS),
        notices=outcome["notices"],
        untouched=outcome.get("untouched", 0),
        kept=outcome.get("kept", []),
    )


def is_slow(imported: ActionImport, now: datetime) -> bool:
    """Whether somebody has waited longer than a worker ever takes."""
    return imported.current_state.is_working and now - imported.requested_at > PATIENCE


def told_applied(imported: ActionImport) -> str:
    """Return what an applied import did, in a sentence; blank while a worker does it."""
    if imported.state != ImportState.APPLIED:
        return ""
    counts = imported.outcome["counts"]
    done = [
        words.format(counts[status], "s" if counts[status] > 1 else "")
        for status, words in (
            (LineStatus.ADDED, "{0} ligne{1} ajoutée{1}"),
            (LineStatus.CHANGED, "{0} ligne{1} modifiée{1}"),
        )
        if counts[status]
    ]
    return f"« {imported.file_name} » est importé : {' et '.join(done)}."


def told_undone(imported: ActionImport) -> str:
    """Return what an undo did, in a sentence."""
    if imported.outcome.get("kept"):
        return "L’import est annulé, sauf ce qui a changé depuis : le détail est ci-dessous."
    return "L’import est annulé : le plan est comme avant."
