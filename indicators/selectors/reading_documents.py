"""The newest documents made of the figures, for the pages that offer them."""

from accounts.access import Permission, Scope
from indicators.models import Indicator
from reports.models import Document
from reports.selectors import latest_document


DASHBOARD = "indicators.dashboard"
SHEET = "indicators.sheet"


def sheet_subject(prefecture_id: int | None, indicator: Indicator) -> str:
    """Return the subject of a printed sheet: one indicator of one préfecture."""
    return f"{prefecture_id}:{indicator.code}"


def latest_dashboard(scope: Scope) -> Document | None:
    """Return the newest printed list, whatever its state (1 query)."""
    return _latest(scope, DASHBOARD, str(scope.prefecture_id))


def latest_sheet(scope: Scope, indicator: Indicator) -> Document | None:
    """Return the newest printed sheet of an indicator, whatever its state (1 query)."""
    return _latest(scope, SHEET, sheet_subject(scope.prefecture_id, indicator))


def _latest(scope: Scope, kind: str, subject: str) -> Document | None:
    if not scope.may(Permission.DOCUMENT_READ):
        return None
    return latest_document(kind=kind, subject_id=subject, scope=scope)
