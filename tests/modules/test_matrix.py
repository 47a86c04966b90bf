"""The matrix: rows, columns, totals, filters, and what the page says."""

from html import unescape

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone

from modules.enums import AssessmentResult
from modules.forms.readiness import MatrixFilterForm
from modules.models import AssessmentRow, AssessmentSheet
from modules.selectors.matrix import ALL, MatrixFilter, MatrixPage, matrix_of
from modules.selectors.readiness_points import ground_of
from tests.cast import Cast
from tests.modules.builders import Scene, accept_sheets, make_assessment, make_evidence, make_scene


pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Two modules of three commitments; M1-1 proved everywhere, M1-2 a gap in the first service."""
    made = make_scene(cast.prefecture)
    accept_sheets(make_assessment(made))
    make_evidence(made, made.commitments[0])
    AssessmentRow.objects.filter(
        commitment=made.commitments[1], sheet__service=made.services[0]
    ).update(result=AssessmentResult.NONCONFORMING)
    return made


def matrix(cast: Cast, scene: Scene, filters: MatrixFilter | None = None) -> MatrixPage:
    ground = ground_of(scene.cycle, cast.scope("referente"), timezone.localdate())
    urls = {sheet.pk: f"/grilles/{sheet.pk}/" for sheet in ground.sheets.values()}
    return matrix_of(ground, filters or MatrixFilter(), urls)


def codes(page: MatrixPage) -> list[tuple[str, list[str]]]:
    return [
        (row.commitment.code, [cell.code for cell in row.cells])
        for block in page.blocks
        for row in block.rows
    ]


def get(cast: Cast, scene: Scene, query: str = "", reader: str = "agent") -> str:
    response: HttpResponse = cast.client(reader).get(
        reverse("modules:matrix", args=[scene.cycle.pk]) + query
    )
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).replace("\xa0", " ").split())


def test_the_first_module_is_unfolded_the_others_say_their_counts(cast: Cast, scene: Scene) -> None:
    page = matrix(cast, scene)
    assert codes(page) == [
        ("M1-1", ["proved", "proved"]),
        ("M1-2", ["gap", "doubtful"]),
        ("M1-3", ["doubtful", "doubtful"]),
    ]
    assert [block.counts.in_words for block in page.blocks] == [
        "2 tenus et prouvés, 3 fragiles et 1 écart",
        "6 fragiles",
    ]
    first = page.blocks[0]
    assert [column.name for column in first.columns] == ["SAP", "Service 01"]
    assert [column.counts.in_words for column in first.columns] == [
        "1 tenu et prouvé, 1 fragile et 1 écart",
        "1 tenu et prouvé et 2 fragiles",
    ]
    assert [row.counts.total for row in first.rows] == [2, 2, 2]


@pytest.mark.parametrize(("asked", "rows"), [(2, 3), (ALL, 6), (99, 3), ("", 3)])
def test_module_asked_for(cast: Cast, scene: Scene, asked: int | str, rows: int) -> None:
    page = matrix(cast, scene, MatrixFilter(module=asked))
    assert len(codes(page)) == rows
    assert (codes(page)[0][0] == "M2-1") == (asked == 2)


def test_one_service_only(cast: Cast, scene: Scene) -> None:
    page = matrix(cast, scene, MatrixFilter(service=scene.services[0].pk))
    assert [cells for _, cells in codes(page)] == [["proved"], ["gap"], ["doubtful"]]
    assert [block.counts.total for block in page.blocks] == [3, 3]
    assert len(page.services) == 2
    stranger = MatrixFilter(service=cast.other_service.pk)
    assert matrix(cast, scene, stranger).service is None


def test_only_what_asks_for_work(cast: Cast, scene: Scene) -> None:
    page = matrix(cast, scene, MatrixFilter(only_open=True))
    assert [code for code, _ in codes(page)] == ["M1-2", "M1-3"]
    assert page.blocks[0].hidden_count == 1


def test_a_cell_leads_to_its_row_in_the_grid(cast: Cast, scene: Scene) -> None:
    row = AssessmentRow.objects.get(
        commitment=scene.commitments[0], sheet__service=scene.services[1]
    )
    cell = matrix(cast, scene).blocks[0].rows[0].cells[1]
    assert cell.url == f"/grilles/{row.sheet_id}/#ligne-{row.pk}"
    assert cell.piece_count == 1
    sheet = row.sheet_id
    row.delete()
    assert matrix(cast, scene).blocks[0].rows[0].cells[1].url == f"/grilles/{sheet}/"
    AssessmentSheet.objects.get(pk=sheet).delete()
    assert matrix(cast, scene).blocks[0].rows[0].cells[1].url == ""


def test_a_module_has_columns_for_the_services_it_concerns(cast: Cast, scene: Scene) -> None:
    scene.cycle.cycle_modules.get(module__number=1).services.set([scene.services[1]])
    page = matrix(cast, scene, MatrixFilter(module=ALL))
    assert [[column.name for column in block.columns] for block in page.blocks] == [
        ["Service 01"],
        ["SAP", "Service 01"],
    ]
    assert {len(cells) for _, cells in codes(page)} == {1, 2}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", MatrixFilter()),
        ("module=2&ecarts=on", MatrixFilter(2, None, True)),
        ("module=tous", MatrixFilter(ALL)),
        ("module=9&service=x&ecarts=", MatrixFilter()),
    ],
)
def test_filters(cast: Cast, scene: Scene, query: str, expected: MatrixFilter) -> None:
    ground = ground_of(scene.cycle, cast.scope("agent"), timezone.localdate())
    form = MatrixFilterForm(
        RequestFactory().get(f"/?{query}").GET,
        modules=[item.module for item in ground.modules],
        services=ground.services,
    )
    assert form.chosen() == expected


def test_grid_on_the_page(cast: Cast, scene: Scene) -> None:
    shown = get(cast, scene)
    assert '<abbr title="Accueil du public">SAP</abbr>' in shown
    assert "Écart. Le service s’évalue non conforme." in shown
    assert "Tenu. Conforme, 1 pièce valable. 1 pièce." in shown
    assert "Aucune pièce ni fiche de procédure ne le prouve." in shown
    assert "?module=2#module-2" in shown


def test_list_of_a_service_on_the_page(cast: Cast, scene: Scene) -> None:
    shown = get(cast, scene, f"?service={scene.services[0].pk}&module=1")
    assert "data-matrix" not in shown
    assert "Le service s’évalue non conforme." in shown
    nothing = get(cast, scene, f"?service={scene.services[0].pk}&module=1&ecarts=on")
    assert "1 engagement où rien ne reste à faire : masqué." in nothing


def test_nothing_left_to_do(cast: Cast, scene: Scene) -> None:
    AssessmentRow.objects.update(result=AssessmentResult.CONFORMING)
    make_evidence(scene, *scene.commitments, title="Registre")
    assert "Rien ne reste à faire ici." in get(cast, scene, "?ecarts=on")


def test_a_service_that_the_module_does_not_concern(cast: Cast, scene: Scene) -> None:
    scene.cycle.cycle_modules.get(module__number=1).services.set([scene.services[1]])
    shown = get(cast, scene, f"?service={scene.services[0].pk}&module=1")
    assert "Ce module ne concerne pas le service." in shown
