"""The printed list and the printed sheet: who may ask, what is frozen, that it is drawn."""

import json

import pytest
from django.urls import reverse

from accounts.enums import Role
from reports.enums import DocumentState
from reports.errors import SubjectNotFound
from reports.models import Document
from reports.registry import get_kind
from reports.services import produce_now
from tests.cast import Cast
from tests.indicators.builders import make_indicator
from tests.indicators.test_figures import NBSP, aim, record


pytestmark = pytest.mark.django_db


@pytest.fixture
def weak(cast: Cast) -> str:
    indicator = make_indicator()
    aim(indicator, "0.9")
    record(cast, indicator, "2021-T3", 95, 100)
    record(cast, indicator, "2021-T4", 2, 3, is_sample=True)
    return str(indicator.code)


@pytest.mark.parametrize("kind", ["indicators.dashboard", "indicators.sheet"])
def test_document_is_produced(kind: str, cast: Cast, weak: str) -> None:
    subject = str(cast.prefecture.pk)
    subject = subject if kind == "indicators.dashboard" else f"{subject}:{weak}"
    document = produce_now(kind=kind, subject_id=subject, scope=cast.scope("referente"))
    assert document.state == DocumentState.READY, document.error_message
    assert f"66,67{NBSP}%" in json.dumps(document.frozen, ensure_ascii=False)
    assert "Démonstration" in document.frozen["paper"]["notice"]
    auditor = Document.objects.readable_by(cast.scope("auditeur"))
    assert cast.scope("auditeur").role == Role.AUDITOR
    assert not auditor.exists()
    assert Document.objects.readable_by(cast.scope("agent")).get() == document


def test_another_prefecture_asks_in_vain(cast: Cast, weak: str) -> None:
    scope = cast.scope("other_referent")
    for kind, subject in (
        ("indicators.dashboard", str(cast.prefecture.pk)),
        ("indicators.sheet", f"{cast.prefecture.pk}:{weak}"),
        ("indicators.sheet", f"{cast.other_prefecture.pk}:INCONNU"),
    ):
        with pytest.raises(SubjectNotFound):
            get_kind(kind).subject(scope, subject)


def test_buttons_ask_for_the_documents(cast: Cast, weak: str) -> None:
    client = cast.client("referente")
    client.post(reverse("indicators:dashboard_request"))
    client.post(reverse("indicators:sheet_request", args=[weak]))
    kinds = Document.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["indicators.dashboard", "indicators.sheet"]
    page = client.get(reverse("indicators:figure_detail", args=[weak]))
    assert page.context["document"].kind == "indicators.sheet"
