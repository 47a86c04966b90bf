"""« Si l’audit avait lieu demain »: what is read from the tables, and the page."""

from datetime import date
from html import unescape

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from accounts.models import Service
from modules.enums import AssessmentResult, AssessmentState, Sensitivity, SheetState
from modules.models import (
    AssessmentRow,
    AssessmentSheet,
    EvidenceLink,
    LabelCycle,
    SelfAssessment,
)
from modules.rules.readiness import Cause, Standing, Verdict
from modules.rules.readiness_acts import ActKind
from modules.selectors.readiness import ReadinessPage, readiness_for_page, services_in_words
from modules.selectors.readiness_points import assessment_to_read, ground_of
from tests.cast import Cast
from tests.modules.builders import (
    Scene,
    accept_sheets,
    make_assessment,
    make_evidence,
    make_scene,
)
from tests.modules.examples import make_cycle
from tests.modules.examples_readiness import make_procedure


pytestmark = pytest.mark.django_db
TODAY = date(2022, 6, 1)


def text_of(response: HttpResponse) -> str:
    return " ".join(unescape(response.content.decode()).replace("\xa0", " ").split())


def url(cycle: LabelCycle, name: str = "readiness") -> str:
    return reverse(f"modules:{name}", args=[cycle.pk])


@pytest.fixture
def scene(cast: Cast) -> Scene:
    """Two modules of three commitments, two services, everything conforming and accepted."""
    made = make_scene(cast.prefecture)
    accept_sheets(make_assessment(made))
    return made


def verdict(cast: Cast, scene: Scene, commitment: int = 0, service: int = 0) -> Verdict:
    ground = ground_of(scene.cycle, cast.scope("referente"), TODAY)
    key = (scene.commitments[commitment].pk, scene.services[service].pk)
    return next(item.points[key] for item in ground.modules if key in item.points).verdict


def page_of(cast: Cast, scene: Scene, number: int | None = None) -> ReadinessPage:
    return readiness_for_page(scene.cycle, cast.scope("referente"), TODAY, number=number)


# --- From the tables to the verdict -----------------------------------------------------------
def test_a_piece_joined_for_all_services_proves_each_of_them(cast: Cast, scene: Scene) -> None:
    assert verdict(cast, scene).causes == (Cause.NO_PIECE,)
    make_evidence(scene, scene.commitments[0])
    assert {verdict(cast, scene, 0, rank).standing for rank in (0, 1)} == {Standing.PROVED}
    assert verdict(cast, scene, 1).standing is Standing.DOUBTFUL


def test_a_piece_joined_for_one_service_proves_that_one(cast: Cast, scene: Scene) -> None:
    made = make_evidence(scene, scene.commitments[0])
    EvidenceLink.objects.update(service=scene.services[1])
    assert verdict(cast, scene, 0, 0).causes == (Cause.NO_PIECE,)
    assert verdict(cast, scene, 0, 1).standing is Standing.PROVED
    EvidenceLink.objects.create(
        evidence=made, cycle=scene.cycle, commitment=scene.commitments[0]
    )  # for all, besides: it still counts once
    assert verdict(cast, scene, 0, 1).reason == "Conforme, 1 pièce valable."


def test_a_restricted_piece_proves_nothing_to_an_auditor(cast: Cast, scene: Scene) -> None:
    make_evidence(scene, scene.commitments[0], sensitivity=Sensitivity.RESTRICTED)
    found = verdict(cast, scene)
    assert (found.standing, found.causes) == (Standing.DOUBTFUL, (Cause.RESTRICTED,))
    assert "l’auditeur ne les verra pas" in found.reason


@pytest.mark.parametrize(
    ("expires_on", "standing"),
    [
        (date(2022, 5, 31), Standing.DOUBTFUL),
        (date(2022, 7, 31), Standing.DOUBTFUL),
        (date(2022, 8, 1), Standing.PROVED),
    ],
)
def test_an_expired_piece_and_one_that_will_be_are_doubtful(
    cast: Cast, scene: Scene, expires_on: date, standing: Standing
) -> None:
    make_evidence(scene, scene.commitments[0], expires_on=expires_on)
    assert verdict(cast, scene).standing is standing


def test_a_removed_piece_counts_no_more(cast: Cast, scene: Scene) -> None:
    made = make_evidence(scene, scene.commitments[0])
    made.removed_at = timezone.now()
    made.save()
    assert verdict(cast, scene).causes == (Cause.NO_PIECE,)


def test_a_procedure_in_force_proves_for_the_services_it_names(cast: Cast, scene: Scene) -> None:
    made = make_procedure(scene, scene.services[1])
    assert verdict(cast, scene, 0, 0).standing is Standing.DOUBTFUL
    assert verdict(cast, scene, 0, 1).standing is Standing.PROVED
    made.services.clear()
    assert verdict(cast, scene, 0, 0).standing is Standing.PROVED
    made.approved = None
    made.save()
    assert verdict(cast, scene, 0, 1).standing is Standing.DOUBTFUL


def test_a_grid_sent_back_or_without_a_row(cast: Cast, scene: Scene) -> None:
    make_evidence(scene, *scene.commitments)
    sheet = AssessmentSheet.objects.get(service=scene.services[0])
    sheet.state = SheetState.SENT_BACK
    sheet.save()
    assert verdict(cast, scene).causes == (Cause.NOT_ACCEPTED,)
    AssessmentRow.objects.filter(sheet=sheet, commitment=scene.commitments[0]).delete()
    assert verdict(cast, scene).causes == (Cause.NO_ROW,)
    sheet.delete()
    assert verdict(cast, scene).causes == (Cause.NO_SHEET,)


def test_only_the_services_concerned_by_the_module(cast: Cast, scene: Scene) -> None:
    second = scene.cycle.cycle_modules.get(module__number=2)
    second.services.set([scene.services[1]])
    ground = ground_of(scene.cycle, cast.scope("referente"), TODAY)
    assert [len(item.points) for item in ground.modules] == [6, 3]
    assert page_of(cast, scene).sentence.startswith(
        "Sur 6 engagements attendus de 2 services, soit 9 points à montrer : 9 fragiles."
    )


def test_the_open_assessment_is_read_else_the_newest(cast: Cast, scene: Scene) -> None:
    first = SelfAssessment.objects.get()
    first.state = AssessmentState.CLOSED
    first.save()
    second = make_assessment(scene, "Deuxième")
    SelfAssessment.objects.filter(pk=second.pk).update(opened_on=date(2022, 2, 1))
    scope = cast.scope("referente")
    assert assessment_to_read(scene.cycle, scope) == second
    SelfAssessment.objects.update(state=AssessmentState.CLOSED)
    assert assessment_to_read(scene.cycle, scope) == first


def test_the_piece_of_another_demarche_proves_nothing_here(cast: Cast, scene: Scene) -> None:
    make_evidence(scene, scene.commitments[0])
    EvidenceLink.objects.update(cycle=make_cycle(cast.prefecture, "Une autre"))
    assert verdict(cast, scene).causes == (Cause.NO_PIECE,)


# --- The page ---------------------------------------------------------------------------------
def test_cheapest_acts_say_what_and_for_how_many(cast: Cast, scene: Scene) -> None:
    AssessmentRow.objects.filter(commitment=scene.commitments[5]).update(
        result=AssessmentResult.PARTIAL
    )
    make_evidence(scene, *scene.commitments[1:5], expires_on=date(2022, 5, 1))
    found = page_of(cast, scene).acts
    assert [(act.kind, act.closing, act.advancing) for act in found] == [
        (ActKind.RENEW, 8, 0),
        (ActKind.ATTACH, 2, 0),
        (ActKind.FIX_PARTIAL, 1, 0),
        (ActKind.FIX_PARTIAL, 1, 0),
    ]
    assert found[0].what == "Renouveler la pièce « Charte d’accueil »"
    assert found[0].where == "M1-2, M1-3, M2-1, M2-2 (SAP et Service 01)"
    assert found[1].what == "Joindre une pièce à l’engagement M1-1"
    assert found[2].where == "Engagement 2.3"


def test_ten_acts_at_most(cast: Cast) -> None:
    scene = make_scene(cast.prefecture, commitments=12)
    accept_sheets(make_assessment(scene))
    assert len(page_of(cast, scene).acts) == 10


def test_lists_follow_the_module_chosen(cast: Cast, scene: Scene) -> None:
    AssessmentRow.objects.filter(commitment=scene.commitments[5]).update(
        result=AssessmentResult.NONCONFORMING
    )
    AssessmentRow.objects.filter(commitment=scene.commitments[0]).update(
        result=AssessmentResult.NOT_ASSESSED
    )
    page = page_of(cast, scene)
    assert (page.doubtful.point_count, page.gaps.point_count, page.missing.point_count) == (8, 2, 2)
    (gap,) = page.gaps.lines
    assert [len(reason.places) for reason in gap.reasons] == [2]
    assert [line.codes for line in page.missing.lines] == ["M1-1", "M1-1"]
    second = page_of(cast, scene, 2)
    assert (second.chosen and second.chosen.number, second.missing.point_count) == (2, 0)
    assert second.counts == page.counts
    assert page_of(cast, scene, 99).chosen is None


def test_page(cast: Cast, scene: Scene) -> None:
    make_evidence(scene, scene.commitments[0])
    shown = text_of(cast.client("agent").get(url(scene.cycle)))
    assert (
        "Sur 6 engagements attendus de 2 services, soit 12 points à montrer : 2 tenus et prouvés et "
        "10 fragiles."
    ) in shown
    assert "le référentiel ne fixe ni note ni seuil" in shown
    assert "Ce n’est ni une note ni un barème officiel." in shown
    assert "Joindre une pièce à l’engagement M1-2" in shown
    assert "Préparation à l’audit" in text_of(cast.client("agent").get(url(scene.cycle)))


@pytest.mark.parametrize("query", ["?module=2", "?module=deux", "?module=²", "?module=999999999"])
def test_any_module_may_be_asked_for(cast: Cast, scene: Scene, query: str) -> None:
    assert cast.client("prefet").get(url(scene.cycle) + query).status_code == 200


def test_an_auditor_reads_neither_page(cast: Cast, scene: Scene) -> None:
    client = cast.client("auditeur")
    assert client.get(reverse("modules:cycle_detail", args=[scene.cycle.pk])).status_code == 200
    assert "Préparation à l’audit" not in text_of(
        client.get(reverse("modules:cycle_detail", args=[scene.cycle.pk]))
    )
    assert [client.get(url(scene.cycle, name)).status_code for name in ("readiness", "matrix")] == [
        403,
        403,
    ]


def test_nothing_yet(cast: Cast) -> None:
    scene = make_scene(cast.prefecture)
    client = cast.client("referente")
    for name in ("readiness", "matrix"):
        assert "Aucun auto-diagnostic n’a encore été ouvert" in text_of(
            client.get(url(scene.cycle, name))
        )
    scene.cycle.cycle_modules.all().delete()
    assert "Préparer les modules" in text_of(client.get(url(scene.cycle)))
    assert "Préparer les modules" not in text_of(cast.client("agent").get(url(scene.cycle)))


def test_services_in_words() -> None:
    services = [Service(name=f"S{number}") for number in range(7)]
    assert services_in_words(services[:1]) == "S0"
    assert services_in_words(services[:5]) == "S0, S1, S2, S3 et S4"
    assert services_in_words(services) == "S0, S1, S2, S3 et 3 autres"
