"""The printed list and the printed sheet: who may ask, what is frozen, that it is drawn."""

import json

import pytest
from django.urls import reverse
from pypdf import PdfReader

from indicators.enums import Direction, MeasureState, Unit
from indicators.models import Measure
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
    auditor = cast.scope("auditeur")
    assert not Document.objects.readable_by(auditor).exists()
    with pytest.raises(SubjectNotFound):
        get_kind(kind).subject(auditor, subject)
    assert Document.objects.readable_by(cast.scope("agent")).get() == document


def test_the_longest_unit_is_printed_whole_beside_its_state(cast: Cast) -> None:
    """« 20,4 jours ouvrés » in the narrow column of the sheet, and not « 20,4 jours ou | vrés »."""
    indicator = make_indicator("REC-MOYEN", unit=Unit.WORKING_DAYS, direction=Direction.DOWN)
    record(cast, indicator, "2021-T3", 204, 10)
    record(cast, indicator, "2021-T4", 187, 10)
    subject = f"{cast.prefecture.pk}:REC-MOYEN"
    document = produce_now(
        kind="indicators.sheet", subject_id=subject, scope=cast.scope("referente")
    )
    with document.file.open("rb") as file:
        pages = [page.extract_text() for page in PdfReader(file).pages]
    # Once in the sentence, once in the table, with the parts under it.
    assert "20,4 jours ouvrés\n204 sur 10" in "".join(pages).replace(NBSP, " ")


def test_an_auditor_prints_what_was_validated_and_nothing_else(cast: Cast, weak: str) -> None:
    Measure.objects.filter(period="2021-T3").update(state=MeasureState.VALIDATED)
    client = cast.client("auditeur")
    client.post(reverse("indicators:dashboard_request"))
    client.post(reverse("indicators:sheet_request", args=[weak]))
    for asked in Document.objects.order_by("kind"):
        # Whoever makes it again, it holds the same.
        document = produce_now(
            kind=asked.kind, subject_id=asked.subject_id, scope=cast.scope("referente")
        )
        assert document.state == DocumentState.READY, document.error_message
        frozen = json.dumps(document.frozen, ensure_ascii=False)
        assert f"95{NBSP}%" in frozen
        assert f"66,67{NBSP}%" not in frozen
        assert document.frozen["paper"]["subtitle"].endswith("chiffres validés seulement")
        link = get_kind(document.kind).subject_url(document.subject_id)
        assert client.get(link).context["document"] == document
    assert Document.objects.readable_by(cast.scope("auditeur")).count() == 2
    assert not Document.objects.readable_by(cast.scope("other_referent")).exists()
    # The documents of the others are apart.
    page = cast.client("referente").get(reverse("indicators:figure_list"))
    assert page.context["document"] is None


def test_another_prefecture_asks_in_vain(cast: Cast, weak: str) -> None:
    scope = cast.scope("other_referent")
    for kind, subject in (
        ("indicators.dashboard", str(cast.prefecture.pk)),
        ("indicators.sheet", f"{cast.prefecture.pk}:{weak}"),
        ("indicators.sheet", f"{cast.other_prefecture.pk}:INCONNU"),
        ("indicators.dashboard", f"{cast.prefecture.pk}:valide"),
        ("indicators.dashboard", f"{cast.other_prefecture.pk}:{weak}"),
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
