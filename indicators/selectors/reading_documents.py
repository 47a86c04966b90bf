"""The newest documents made of the figures, for the pages that offer them."""

from accounts.access import Permission, Scope
from accounts.enums import Role
from indicators.models import Indicator
from reports.models import Document
from reports.selectors import latest_document


DASHBOARD = "indicators.dashboard"
SHEET = "indicators.sheet"


# Ends the subject of a document that holds validated figures only, the ones that an auditor reads.
VALIDATED = ":valide"


def dashboard_subject(scope: Scope) -> str:
    """Return the subject of the printed list of a préfecture, as this reader may read it."""
    return f"{scope.prefecture_id}{_ending(scope)}"


def sheet_subject(scope: Scope, indicator: Indicator) -> str:
    """Return the subject of a printed sheet: one indicator of one préfecture, as this reader reads it."""
    return f"{scope.prefecture_id}:{indicator.code}{_ending(scope)}"


def _ending(scope: Scope) -> str:
    return VALIDATED if scope.role == Role.AUDITOR else ""


def latest_dashboard(scope: Scope) -> Document | None:
    """Return the newest printed list, whatever its state (1 query)."""
    return _latest(scope, DASHBOARD, dashboard_subject(scope))


def latest_sheet(scope: Scope, indicator: Indicator) -> Document | None:
    """Return the newest printed sheet of an indicator, whatever its state (1 query)."""
    return _latest(scope, SHEET, sheet_subject(scope, indicator))


def _latest(scope: Scope, kind: str, subject: str) -> Document | None:
    if not scope.may(Permission.DOCUMENT_READ):
        return None
    return latest_document(kind=kind, subject_id=subject, scope=scope)
