"""What the views of a grid ask beyond the permission table."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.access import Permission, Scope
from modules.models import AssessmentSheet


def may_fill(scope: Scope, sheet: AssessmentSheet) -> bool:
    """Tell whether the reader answers for this service: any one for a référent, else their own."""
    if not scope.may(Permission.ASSESSMENT_FILL):
        return False
    return scope.may(Permission.ASSESSMENT_REVIEW) or sheet.service_id in scope.service_ids


def require_fill(request: HttpRequest, sheet: AssessmentSheet) -> None:
    """Raise ``PermissionDenied`` (403) unless the reader answers for this service."""
    if not may_fill(request.scope, sheet):  # type: ignore[attr-defined]
        raise PermissionDenied
