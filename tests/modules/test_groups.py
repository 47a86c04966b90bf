"""Correspondants, working groups and their members; their meetings on the page of the group."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from meetings.models import Committee, Meeting
from modules.models import Correspondent, GroupMember, WorkingGroup
from modules.selectors.correspondents import (
    accounts_to_choose,
    correspondent_list,
    services_in_perimeter,
)
from modules.selectors.groups import group_list
from modules.services.correspondents import (
    name_correspondent,
    remove_correspondent,
    restore_correspondent,
    update_correspondent,
)
from modules.services.groups import add_member, remove_group, restore_group
from tests.cast import Cast
from tests.modules.builders import Scene, make_scene
from tests.modules.builders_groups import make_deliverable, make_group


pytestmark = pytest.mark.django_db
TODAY = date(2022, 5, 2)


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return make_scene(cast.prefecture)


def text(response: Any) -> str:
    """Return the page with plain spaces."""
    return " ".join(response.content.decode().replace("\u00a0", " ").split())


def url(name: str, *args: object) -> str:
    return reverse(f"modules:{name}", args=args)


# --- Correspondants ---------------------------------------------------------------------------
def test_services_without_a_holder_come_first(cast: Cast, scene: Scene) -> None:
    accueil, other = scene.services
    name_correspondent(cycle=scene.cycle, service=other, name="Mme Roux", is_deputy=True)
    name_correspondent(cycle=scene.cycle, service=accueil, user=cast.user("correspondant"))
    found = correspondent_list(scene.cycle, TODAY)
    assert [line.service for line in found.lines] == [other, accueil]
    assert (found.covered_count, found.service_count, found.missing_count) == (1, 2, 1)


def test_the_perimeter_is_what_the_modules_name(cast: Cast, scene: Scene) -> None:
    accueil, other = scene.services
    assert services_in_perimeter(scene.cycle) == [accueil, other]
    for retained in scene.cycle.cycle_modules.order_by("position"):
        retained.services.set([other])
    assert services_in_perimeter(scene.cycle) == [other]
    name_correspondent(cycle=scene.cycle, service=accueil, name="Mme Roux")
    lines = correspondent_list(scene.cycle, TODAY).lines
    assert [(line.service, line.is_in_perimeter) for line in lines] == [
        (other, True),
        (accueil, False),
    ]
    scene.cycle.cycle_modules.order_by("position")[0].services.clear()
    assert services_in_perimeter(scene.cycle) == [accueil, other]


@pytest.mark.parametrize(
    ("who", "warning"),
    [
        ("correspondant", ""),
        ("referente", ""),
        ("agent", "Le compte n’a pas le rôle de correspondant pour ce service."),
        (None, "Sans compte : ne peut pas remplir l’auto-diagnostic."),
    ],
)
def test_what_an_account_cannot_do_is_told(
    cast: Cast, scene: Scene, who: str | None, warning: str
) -> None:
    user = cast.user(who) if who else None
    name_correspondent(cycle=scene.cycle, service=cast.service, user=user, name="Mme Roux")
    lines = correspondent_list(scene.cycle, TODAY).lines
    assert [item.warning for line in lines for item in line.people] == [warning]


def test_the_role_must_be_held_for_that_very_service(cast: Cast, scene: Scene) -> None:
    elsewhere = scene.services[1]
    name_correspondent(cycle=scene.cycle, service=elsewhere, user=cast.user("correspondant"))
    lines = correspondent_list(scene.cycle, TODAY).lines
    assert [bool(item.warning) for line in lines for item in line.people] == [True]


def test_the_account_completes_what_is_left_blank(cast: Cast, scene: Scene) -> None:
    user = cast.user("correspondant")
    row = name_correspondent(cycle=scene.cycle, service=cast.service, user=user)
    assert (row.name, row.function, row.email) == (user.full_name, user.job_title, user.email)


def test_a_person_is_needed(scene: Scene) -> None:
    with pytest.raises(ValidationError, match="saisissez un nom"):
        name_correspondent(cycle=scene.cycle, service=scene.services[0])


def test_a_service_of_another_prefecture_is_refused(cast: Cast, scene: Scene) -> None:
    with pytest.raises(ValidationError, match="autre préfecture"):
        name_correspondent(cycle=scene.cycle, service=cast.other_service, name="Mme Roux")


def test_removal_is_taken_back_unless_a_twin_came(scene: Scene) -> None:
    def named() -> Correspondent:
        return name_correspondent(
            cycle=scene.cycle, service=scene.services[0], name="Mme Roux", named_on=TODAY
        )

    first = remove_correspondent(correspondent=named())
    twin = named()
    with pytest.raises(ValidationError, match="déjà correspondante"):
        restore_correspondent(correspondent=Correspondent.objects.get(pk=first.pk))
    remove_correspondent(correspondent=twin)
    restore_correspondent(correspondent=Correspondent.objects.get(pk=first.pk))
    assert Correspondent.objects.kept().get() == first


def test_another_account_brings_its_own_name(cast: Cast, scene: Scene) -> None:
    row = name_correspondent(cycle=scene.cycle, service=cast.service, user=cast.user("agent"))
    response = cast.client("referente").post(
        url("correspondent_edit", scene.cycle.pk, row.pk),
        {
            "service": cast.service.pk,
            "user": cast.user("correspondant").pk,
            "name": row.name,
            "function": row.function,
            "email": row.email,
            "named_on": "",
            "revision": row.revision,
        },
    )
    assert response.status_code == 302
    row.refresh_from_db()
    assert row.name == cast.user("correspondant").full_name
    assert row.email == cast.user("correspondant").email


def test_two_people_on_one_row(cast: Cast, scene: Scene) -> None:
    row = name_correspondent(cycle=scene.cycle, service=cast.service, name="Mme Roux")
    stale = Correspondent.objects.get(pk=row.pk)
    values = {"service": cast.service, "user": None, "function": "", "email": ""}
    values |= {"named_on": None, "is_deputy": False}
    update_correspondent(correspondent=row, name="Mme Roux-Blanc", **values)  # type: ignore[arg-type]
    with pytest.raises(ValidationError, match="Rechargez"):
        update_correspondent(correspondent=stale, name="Mme Noir", **values)  # type: ignore[arg-type]


def test_naming_by_the_page_and_undo(cast: Cast, scene: Scene) -> None:
    client = cast.client("referente")
    page = client.get(url("correspondent_create", scene.cycle.pk) + f"?service={cast.service.pk}")
    assert f'<option value="{cast.service.pk}" selected>' in text(page)
    data = {"service": cast.service.pk, "user": cast.user("correspondant").pk}
    client.post(url("correspondent_create", scene.cycle.pk), data)
    row = Correspondent.objects.kept().get()
    removed = client.post(url("correspondent_remove", scene.cycle.pk, row.pk))
    page = client.get(removed.url)
    assert "retiré des correspondants" in text(page)
    assert url("correspondent_restore", scene.cycle.pk, row.pk) in text(page)
    client.post(url("correspondent_restore", scene.cycle.pk, row.pk))
    assert Correspondent.objects.kept().get() == row


def test_the_page_says_how_many_services_are_covered(cast: Cast, scene: Scene) -> None:
    name_correspondent(cycle=scene.cycle, service=cast.service, name="Mme Roux")
    page = text(cast.client("agent").get(url("group_list", scene.cycle.pk)))
    assert "1 service du périmètre sur 2 a un correspondant qualité ; il en manque un." in page
    assert "Sans compte" not in page, "what is wrong with an account is the référent's business"


def test_auditors_are_nobody_to_name(cast: Cast) -> None:
    names = {user.last_name for user in accounts_to_choose(cast.prefecture)}
    assert names == {"Martin", "Bernard", "Petit", "Durand"}


# --- Groups -----------------------------------------------------------------------------------
def test_pilots_come_first_and_count(cast: Cast, scene: Scene) -> None:
    group = make_group(scene.cycle)
    add_member(group=group, name="Alain")
    add_member(group=group, user=cast.user("agent"), is_pilot=True)
    (line,) = group_list(scene.cycle, cast.scope("referente"), TODAY)
    assert [member.is_pilot for member in line.members] == [True, False]
    assert [pilot.name for pilot in line.pilots] == [cast.user("agent").full_name]


def test_the_next_deliverable_is_for_who_reads_them(cast: Cast, scene: Scene) -> None:
    group = make_group(scene.cycle)
    make_deliverable(scene.cycle, group=group, title="Plus tard", due_on=date(2022, 6, 1))
    late = make_deliverable(scene.cycle, group=group, title="En retard", due_on=date(2022, 5, 1))
    (line,) = group_list(scene.cycle, cast.scope("agent"), TODAY)
    assert (line.next_deliverable, line.is_late) == (late, True)
    (line,) = group_list(scene.cycle, cast.scope("auditeur"), TODAY)
    assert line.next_deliverable is None


def test_auditors_see_no_deliverable_on_any_page(cast: Cast, scene: Scene) -> None:
    group = make_group(scene.cycle)
    make_deliverable(scene.cycle, group=group, title="Livrable secret")
    client = cast.client("auditeur")
    for address in (url("group_list", scene.cycle.pk), url("group_detail", group.pk)):
        page = text(client.get(address))
        assert group.name in page
        assert "Livrable secret" not in page
    assert client.get(url("deliverable_list", scene.cycle.pk)).status_code == 403


def test_a_name_is_taken_once(scene: Scene) -> None:
    first = make_group(scene.cycle)
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        make_group(scene.cycle)
    remove_group(group=first)
    make_group(scene.cycle)
    with pytest.raises(ValidationError, match="porte déjà ce nom"):
        restore_group(group=WorkingGroup.objects.get(pk=first.pk))


def test_a_removed_group_has_no_page(cast: Cast, scene: Scene) -> None:
    group = make_group(scene.cycle)
    client = cast.client("referente")
    removed = client.post(url("group_remove", group.pk))
    assert "est retiré" in text(client.get(removed.url))
    assert client.get(url("group_detail", group.pk)).status_code == 404
    client.post(url("group_restore", group.pk))
    assert client.get(url("group_detail", group.pk)).status_code == 200


def test_members_by_the_page(cast: Cast, scene: Scene) -> None:
    group = make_group(scene.cycle)
    client = cast.client("referente")
    refused = client.post(url("member_create", group.pk), {"name": ""})
    assert "Choisissez un compte, ou saisissez un nom." in text(refused)
    client.post(url("member_create", group.pk), {"name": "Mme Roux", "is_pilot": "on"})
    member = GroupMember.objects.get()
    assert member.is_pilot
    removed = client.post(url("member_remove", group.pk, member.pk))
    assert "sorti du groupe" in text(client.get(removed.url))
    client.post(url("member_restore", group.pk, member.pk))
    member.refresh_from_db()
    assert member.removed_at is None


def test_a_member_of_another_group_is_not_found(cast: Cast, scene: Scene) -> None:
    group, other = make_group(scene.cycle), make_group(scene.cycle, "Autre")
    member = add_member(group=other, name="Mme Roux")
    client = cast.client("referente")
    assert client.post(url("member_remove", group.pk, member.pk)).status_code == 404


# --- Their meetings ---------------------------------------------------------------------------
@pytest.fixture
def committee(cast: Cast, scene: Scene) -> Committee:
    return Committee.objects.create(
        prefecture=cast.prefecture,
        slug="gt-accueil",
        name="GT accueil",
        kind="GT",
        working_group=make_group(scene.cycle),
    )


def test_the_page_of_the_group_lists_its_meetings(cast: Cast, committee: Committee) -> None:
    Meeting.objects.create(
        committee=committee, slug="premiere", title="Première séance", held_on=TODAY
    )
    page = cast.client("referente").get(url("group_detail", committee.working_group_id))
    for expected in ("Première séance", "02/05/2022", "À rédiger", "Préparer une séance"):
        assert expected in text(page)
    assert reverse("meetings:agenda", args=["premiere"]) in text(page)
    assert "Préparer une séance" not in text(
        cast.client("agent").get(url("group_detail", committee.working_group_id))
    )


def test_the_committee_of_a_group_is_created_from_its_page(cast: Cast, scene: Scene) -> None:
    group = make_group(scene.cycle)
    client = cast.client("referente")
    address = reverse("meetings:committee_create") + f"?groupe={group.pk}"
    assert address in text(client.get(url("group_detail", group.pk)))
    page = text(client.get(address))
    assert f'value="{group.name}"' in page
    assert f'<option value="{group.pk}" selected>' in page
    data = {"name": group.name, "kind": "GT", "working_group": group.pk}
    client.post(reverse("meetings:committee_create"), data)
    assert Committee.objects.get().working_group == group


def test_only_a_working_group_stands_for_a_group(cast: Cast, scene: Scene) -> None:
    data = {"name": "CLU", "kind": "CLU", "working_group": make_group(scene.cycle).pk}
    page = cast.client("referente").post(reverse("meetings:committee_create"), data)
    assert "Ce comité n’est pas un groupe de travail" in text(page)
    assert not Committee.objects.exists()


def test_groups_of_others_are_not_offered(cast: Cast, scene: Scene) -> None:
    foreign = make_group(make_scene(cast.other_prefecture).cycle, "Groupe d’ailleurs")
    client = cast.client("referente")
    address = reverse("meetings:committee_create")
    assert "Groupe d’ailleurs" not in text(client.get(f"{address}?groupe={foreign.pk}"))
    data = {"name": "GT", "kind": "GT", "working_group": foreign.pk}
    assert client.post(address, data).status_code == 200
    assert not Committee.objects.exists()


def test_what_a_group_owed_stays_when_it_is_unmade(scene: Scene) -> None:
    group = make_group(scene.cycle)
    item = make_deliverable(scene.cycle, group=group)
    remove_group(group=group)
    item.refresh_from_db()
    assert (item.group, item.removed_at) == (group, None)
