"""What a change of référentiel does to the work of a démarche: the rule, then the page."""

from html import unescape

import pytest
from django.urls import reverse

from accounts.models import Service
from common.markdown import render_markdown
from modules.enums import AssessmentResult, ChangeKind
from modules.models import AssessmentRow, Commitment, LabelCycle
from modules.rules.changes import Consequence, compare, consequence_of
from modules.rules.changes_consequences import Held, consequences_by_module
from modules.rules.changes_text import agenda_text
from tests.cast import Cast
from tests.modules.builders import Scene, make_assessment, make_evidence
from tests.modules.examples import make_cycle, make_referential
from tests.modules.test_changes import NEW, OLD


def pieces(*keys: int) -> frozenset[int]:
    return frozenset(keys)


def test_only_what_is_kept_needs_no_reading() -> None:
    assert {kind: consequence_of(kind) for kind in ChangeKind} == {
        **dict.fromkeys(ChangeKind, Consequence.TO_REVIEW),
        ChangeKind.KEPT: Consequence.CARRIED,
        ChangeKind.ADDED: Consequence.NEW,
        ChangeKind.REMOVED: Consequence.DROPPED,
    }


def test_work_is_counted_where_the_change_is_told() -> None:
    held = {
        "A": Held(6, pieces(1, 2)),
        "B": Held(1),
        "C": Held(2, pieces(2)),
        "D": Held(1),
        "E": Held(4, pieces(3)),
    }
    one, two = consequences_by_module(compare(OLD, NEW), held, {1, 2})
    assert (one.answers[Consequence.TO_REVIEW], one.new, one.kept_pieces) == (9, 1, 2)
    assert one.line == (
        "Module 1 : 9 réponses à relire ; 1 engagement nouveau à évaluer ; 2 pièces reprises."
    )
    assert two.sentence == "1 réponse à relire, 4 sans suite ; 1 pièce sans engagement à prouver."


def test_a_piece_that_proves_something_else_is_not_lost() -> None:
    held = {"D": Held(0, pieces(3)), "E": Held(0, pieces(3))}
    (two,) = consequences_by_module(compare(OLD, NEW), held, {2})
    assert (two.kept_pieces, two.lost_pieces, two.sentence) == (1, 0, "1 pièce reprise.")


def test_what_is_new_counts_in_the_modules_retained_only() -> None:
    assert consequences_by_module(compare(OLD, NEW), {}, {2}) == []
    assert [item.new for item in consequences_by_module(compare(OLD, NEW), {}, {1})] == [1]


def test_text_is_markdown_whose_lists_end() -> None:
    html = str(render_markdown(agenda_text(compare(OLD, NEW), "Vous êtes concernés.", ["Un."])))
    assert html.count("<ul>") == 6
    assert "<li>Parti</li>" in html
    assert "<p>Vous êtes concernés.</p>" in html


# --- The page ---------------------------------------------------------------------------------
@pytest.fixture
def cycle(cast: Cast) -> LabelCycle:
    """A démarche on Qual-e-Pref: one answer, one piece on each side of a change."""
    made = make_cycle(cast.prefecture)
    kept = Commitment.objects.get(referential=made.referential, code="M1-AP-1")
    scene = Scene(made, made.referential, [kept], list(Service.objects.filter(pk=cast.service.pk)))
    make_assessment(scene)
    AssessmentRow.objects.update(result=AssessmentResult.CONFORMING)
    make_evidence(scene, kept)
    return made


def shown(cast: Cast, reader: str) -> str:
    newer = make_referential("services-publics-plus-2023.yaml")
    response = cast.client(reader).get(reverse("modules:referential_changes", args=[newer.slug]))
    return unescape(response.content.decode()).replace("\xa0", " ")


@pytest.mark.django_db
def test_page_tells_what_becomes_of_the_work(cast: Cast, cycle: LabelCycle) -> None:
    page = shown(cast, "referente")
    line = "Module 1 : 1 réponse à relire ; 1 engagement nouveau à évaluer ; 1 pièce reprise."
    assert f"<li>{line}</li>" in page
    assert f"\n- {line}" in page
    assert 'data-copy="texte-nouveautes"' in page


@pytest.mark.django_db
@pytest.mark.parametrize("reader", ["auditeur", "national", "other_referent"])
def test_others_are_not_told_of_the_answers(cast: Cast, cycle: LabelCycle, reader: str) -> None:
    assert "1 réponse à relire" not in shown(cast, reader)
