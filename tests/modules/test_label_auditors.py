"""A démarche is read by the auditors to whom it was opened, and by no other."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from modules.models import CycleAuditor, LabelCycle
from modules.selectors.auditors import auditor_lines
from modules.services.auditors import open_to_auditor
from tests.cast import Cast
from tests.modules.examples import make_cycle


@pytest.fixture
def cycle(cast: Cast) -> LabelCycle:
    made = make_cycle(cast.prefecture)
    made.auditors.all().delete()
    return made


def url(name: str, *args: object) -> str:
    return reverse(f"modules:{name}", args=args)


def test_auditor_reads_only_what_was_opened(cast: Cast, cycle: LabelCycle) -> None:
    other = make_cycle(cast.prefecture, "Démarche voisine")
    other.auditors.all().delete()
    auditor, referent = cast.client("auditeur"), cast.client("referente")
    assert auditor.get(url("cycle_detail", cycle.pk)).status_code == 404
    answer = referent.post(
        url("auditor_open", cycle.pk, cast.user("auditeur").pk), follow=True
    ).content.decode()
    assert "peut lire la démarche" in answer
    assert auditor.get(url("cycle_detail", cycle.pk)).status_code == 200
    assert auditor.get(url("cycle_detail", other.pk)).status_code == 404
    listed = auditor.get(url("cycle_list")).context["rows"]
    assert [row.cycle.pk for row in listed] == [cycle.pk]
    referent.post(url("auditor_close", cycle.pk, cast.user("auditeur").pk))
    assert auditor.get(url("cycle_detail", cycle.pk)).status_code == 404


def test_two_openings_are_one(cast: Cast, cycle: LabelCycle) -> None:
    for _ in range(2):
        open_to_auditor(cycle=cycle, user=cast.user("auditeur"), by=cast.user("referente"))
    assert CycleAuditor.objects.count() == 1


@pytest.mark.parametrize("name", ["agent", "other_referent", "admin"])
def test_opened_to_auditors_only(cast: Cast, cycle: LabelCycle, name: str) -> None:
    with pytest.raises(ValidationError, match="ne tient pas le rôle d’auditeur"):
        open_to_auditor(cycle=cycle, user=cast.user(name), by=cast.user("referente"))
    address = url("auditor_open", cycle.pk, cast.user(name).pk)
    answer = cast.client("referente").post(address, follow=True)
    assert "n’est pas celui d’un auditeur" in answer.content.decode()
    assert CycleAuditor.objects.count() == 0


def test_role_that_ended_is_said(cast: Cast, cycle: LabelCycle) -> None:
    open_to_auditor(cycle=cycle, user=cast.user("auditeur"), by=cast.user("referente"))
    membership = cast.membership("auditeur")
    membership.ends_on = timezone.localdate() - timedelta(days=1)
    membership.save()
    (line,) = auditor_lines(cycle, timezone.localdate())
    assert (line.ends_on, line.opened is None) == (None, False)
    page = cast.client("referente").get(url("cycle_auditors", cycle.pk)).content.decode()
    assert "terminé" in page
    assert "Ouvrir" not in page
