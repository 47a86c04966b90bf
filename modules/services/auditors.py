"""A démarche opened to its auditors, and closed to them again."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from modules.models import CycleAuditor, LabelCycle
from modules.selectors.auditors import is_auditor_of


@transaction.atomic
def open_to_auditor(*, cycle: LabelCycle, user: User, by: User) -> CycleAuditor:
    """Let an auditor of the préfecture read this démarche; doing it twice changes nothing."""
    if not is_auditor_of(cycle, user, timezone.localdate()):
        raise ValidationError(
            "Ce compte ne tient pas le rôle d’auditeur dans la préfecture. Un administrateur le lui "
            "donne d’abord, avec sa date de fin."
        )
    opened, _ = CycleAuditor.objects.get_or_create(
        cycle=cycle, user=user, defaults={"opened_by": by}
    )
    return opened


@transaction.atomic
def close_to_auditor(*, opened: CycleAuditor) -> User:
    """Take the démarche away from an auditor, at once; return who lost it."""
    user = opened.user
    opened.delete()
    return user
