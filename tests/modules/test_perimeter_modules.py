"""Services and sites of each module; what becomes of the work when a module leaves."""

import pytest
from django.core.exceptions import ValidationError
from django.db.models import Count
from django.urls import reverse

from modules import services
from modules.enums import AssessmentResult, LeftWork
from modules.models import AssessmentRow, CycleModule, EvidenceLink, LabelCycle, Procedure
from modules.selectors.perimeter import services_by_module, work_of_modules
from modules.services.assessments import open_assessment
from modules.services.label import close_cycle
from modules.services.perimeter import WorkInTheWayError, set_module_perimeter
from tests.cast import Cast
from tests.modules.builders import (
    DUE_ON,
    OPENED_ON,
    Scene,
    make_assessment,
    make_evidence,
    make_scene,
)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


def item_of(scene: Scene, number: int = 2) -> CycleModule:
    return scene.cycle.cycle_modules.get(module__number=number)


def retained(scene: Scene) -> list[int]:
    items = scene.cycle.cycle_modules.order_by("module__number")
    return list(items.values_list("module__number", flat=True))


def work_on(scene: Scene, number: int = 2) -> None:
    """One piece, one answer and one procedure sheet on the first commitment of a module."""
    first = next(c for c in scene.commitments if c.heading.module.number == number)
    make_evidence(scene, first)
    make_assessment(scene)
    row = AssessmentRow.objects.filter(commitment=first).order_by("pk").first()
    assert row is not None
    row.result = AssessmentResult.PARTIAL
    row.save()
    sheet = Procedure.objects.create(
        prefecture=scene.cycle.prefecture, reference="P-1", title="Accueillir"
    )
    sheet.commitments.add(first)


# --- Services and sites -----------------------------------------------------------------------
def test_none_means_all(cast: Cast, scene: Scene) -> None:
    item = item_of(scene)
    assert len(services_by_module(scene.cycle)[item.module_id]) == len(scene.services)
    set_module_perimeter(item=item, services=[scene.services[1]], sites=[])
    assert services_by_module(scene.cycle)[item.module_id] == [scene.services[1]]


def test_page_of_one_module(cast: Cast, scene: Scene) -> None:
    address = reverse("modules:module_perimeter", args=[scene.cycle.pk, 2])
    client = cast.client("referente")
    assert "Aucun coché" in client.get(address).content.decode()
    site = scene.services[0].site
    answer = client.post(
        address, {"services": [scene.services[1].pk], "sites": [site.pk]}, follow=True
    ).content.decode()
    assert "services et sites enregistrés" in answer
    item = item_of(scene)
    assert list(item.services.all()) == [scene.services[1]]
    assert list(item.sites.all()) == [site]
    missing = reverse("modules:module_perimeter", args=[scene.cycle.pk, 99])
    assert client.get(missing).status_code == 404


def test_services_of_elsewhere_are_refused(cast: Cast, scene: Scene) -> None:
    with pytest.raises(ValidationError, match="de la préfecture"):
        set_module_perimeter(item=item_of(scene), services=[cast.other_service], sites=[])
    address = reverse("modules:module_perimeter", args=[scene.cycle.pk, 2])
    cast.client("referente").post(address, {"services": [cast.other_service.pk]})
    assert not item_of(scene).services.exists()


def test_closed_demarche_keeps_its_services(cast: Cast, scene: Scene) -> None:
    close_cycle(
        cycle=scene.cycle,
        closing="abandoned",
        ended_on=scene.cycle.started_on,
        end_reason="Faute de moyens",
    )
    with pytest.raises(ValidationError, match="son périmètre ne change plus"):
        set_module_perimeter(item=item_of(scene), services=[], sites=[])


# --- A module leaves --------------------------------------------------------------------------
def test_module_without_work_leaves_at_once(scene: Scene) -> None:
    make_assessment(scene)
    services.prepare_modules(cycle=scene.cycle, modules=[])
    assert retained(scene) == [1]


def test_work_is_counted(scene: Scene) -> None:
    work_on(scene)
    modules = list(scene.referential.modules.order_by("number"))
    (work,) = work_of_modules(scene.cycle, modules)
    assert (work.module.number, work.links, work.answers, work.procedures) == (2, 1, 1, 1)


def test_module_with_work_never_leaves_silently(scene: Scene) -> None:
    work_on(scene)
    with pytest.raises(WorkInTheWayError):
        services.prepare_modules(cycle=scene.cycle, modules=[])
    assert retained(scene) == [1, 2]
    assert EvidenceLink.objects.count() == 1


def test_work_kept_aside_comes_back(scene: Scene) -> None:
    work_on(scene)
    rows = AssessmentRow.objects.count()
    services.prepare_modules(cycle=scene.cycle, modules=[], left_work=LeftWork.KEEP)
    assert retained(scene) == [1]
    modules = scene.referential.modules.order_by("number")
    services.prepare_modules(cycle=LabelCycle.objects.get(), modules=modules)
    assert AssessmentRow.objects.count() == rows
    (work,) = work_of_modules(scene.cycle, list(modules))
    assert (work.links, work.answers, work.procedures) == (1, 1, 1)


def test_work_deleted_for_good(scene: Scene) -> None:
    work_on(scene)
    work_on_first = AssessmentRow.objects.filter(commitment__heading__module__number=1).count()
    services.prepare_modules(cycle=scene.cycle, modules=[], left_work=LeftWork.DELETE)
    assert EvidenceLink.objects.count() == 0
    assert AssessmentRow.objects.count() == work_on_first
    sheet = Procedure.objects.get()
    assert not sheet.commitments.exists()


def test_sheets_of_another_demarche_keep_their_commitments(cast: Cast, scene: Scene) -> None:
    work_on(scene)
    make_scene(cast.prefecture, name="Autre démarche")
    services.prepare_modules(cycle=scene.cycle, modules=[], left_work=LeftWork.DELETE)
    assert Procedure.objects.get().commitments.count() == 1


@pytest.mark.parametrize(("answer", "links"), [(LeftWork.KEEP, 1), (LeftWork.DELETE, 0)])
def test_page_asks_then_does(cast: Cast, scene: Scene, answer: LeftWork, links: int) -> None:
    work_on(scene)
    client, address = cast.client("prefet"), reverse("modules:module_choose", args=[scene.cycle.pk])
    given = {
        "chosen_on": "2022-01-17",
        "chosen_by_name": "M. François DURAND",
        "choice_note": "À revoir",
        "revision": LabelCycle.objects.get().revision,
    }
    question = client.post(address, given)
    assert "Du travail a déjà été fait" in question.content.decode()
    assert retained(scene) == [1, 2]
    again = dict(question.context["given"])
    assert client.post(address, {**again, "left_work": answer}).status_code == 302
    assert retained(scene) == [1]
    cycle = LabelCycle.objects.get()
    assert (cycle.chosen_by_name, cycle.choice_note) == ("M. François DURAND", "À revoir")
    assert EvidenceLink.objects.count() == links


# --- The open auto-diagnostic -----------------------------------------------------------------
def test_sheets_grow_with_the_perimeter(scene: Scene) -> None:
    services.prepare_modules(cycle=scene.cycle, modules=[])
    first, second = scene.services[:2]
    set_module_perimeter(item=item_of(scene, 1), services=[first], sites=[])
    opened = open_assessment(
        cycle=scene.cycle, name="Auto-diagnostic", opened_on=OPENED_ON, due_on=DUE_ON
    )

    def asked() -> dict[int, int]:
        rows = AssessmentRow.objects.filter(sheet__assessment=opened).order_by()
        return dict(rows.values_list("sheet__service").annotate(count=Count("pk")))

    assert asked() == {first.pk: 3}
    services.prepare_modules(
        cycle=LabelCycle.objects.get(), modules=scene.referential.modules.order_by("number")
    )
    assert asked() == {first.pk: 6, **{row.pk: 3 for row in scene.services[1:]}}
    set_module_perimeter(item=item_of(scene, 1), services=[first, second], sites=[])
    assert asked()[second.pk] == 6
