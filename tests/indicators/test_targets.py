"""Dated targets: never two of a kind on one day, undone after a removal, national ones apart."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from indicators.enums import Direction, TargetKind, Unit
from indicators.models import Target
from indicators.services.targets import add_target, remove_target, restore_target, update_target
from modules.enums import Certainty
from tests.cast import Cast
from tests.indicators.builders import make_indicator
from tests.indicators.examples_catalogue import make_target


pytestmark = pytest.mark.django_db


def add(cast: Cast, *, national: bool = False, **values: Any) -> Target:
    fields = {
        "kind": TargetKind.TARGET,
        "value": Decimal("0.9"),
        "starts_on": date(2022, 1, 1),
        "ends_on": date(2022, 12, 31),
        "source": "Comité de pilotage",
        "certainty": Certainty.SOURCED,
    }
    return add_target(
        indicator=make_indicator(),
        prefecture=None if national else cast.prefecture,
        values={**fields, **values},
    )


def posted(**fields: str) -> dict[str, str]:
    values = {
        "kind": "target",
        "value": "92,5 %",
        "starts_on": "2023-01-01",
        "ends_on": "",
        "source": "Comité de pilotage du 13 juillet 2022",
    }
    return {**values, **fields}


@pytest.mark.parametrize(
    ("value", "words"), [("850", "850\u00a0% dépasse 100\u00a0%"), ("-5", "jamais négatif")]
)
def test_what_nobody_can_reach_is_no_target(cast: Cast, value: str, words: str) -> None:
    url = reverse("indicators:target_create", args=[make_indicator().code])
    page = cast.client("referente").post(url, posted(value=value))
    assert words in page.context["form"].errors["value"][0]
    assert not Target.objects.exists()


def test_two_of_a_kind_never_hold_on_one_day(cast: Cast) -> None:
    add(cast)
    with pytest.raises(ValidationError) as refused:
        add(cast, starts_on=date(2022, 12, 31), ends_on=None)
    assert refused.value.message_dict["starts_on"] == [
        "Cible (au moins 90\u00a0%) vaut déjà ces jours-là (du 01/01/2022 au 31/12/2022). Mettez-y fin "
        "d’abord, ou changez les dates."
    ]
    # The day after, another kind, another level: no quarrel.
    add(cast, starts_on=date(2023, 1, 1), ends_on=None)
    add(cast, kind=TargetKind.ALERT, value=Decimal("0.8"))
    add(cast, national=True)
    assert Target.objects.count() == 4
    with pytest.raises(ValidationError, match="vaut déjà"):
        add(cast, starts_on=date(2021, 1, 1), ends_on=None)
    assert Target.objects.count() == 4


def test_ended_then_followed_by_another(cast: Cast) -> None:
    target = add(cast, ends_on=None)
    update_target(target=target, values={"ends_on": date(2022, 6, 30)})
    add(cast, starts_on=date(2022, 7, 1))
    with pytest.raises(ValidationError, match="vaut déjà"):
        update_target(target=target, values={"ends_on": date(2022, 7, 1)})
    assert Target.objects.get(pk=target.pk).ends_on == date(2022, 6, 30)


def test_a_removed_target_comes_back_unless_its_days_were_taken(cast: Cast) -> None:
    target = add(cast)
    remove_target(target=target)
    other = add(cast, value=Decimal("0.8"))
    with pytest.raises(ValidationError, match="vaut déjà"):
        restore_target(target=target)
    remove_target(target=other)
    restore_target(target=target)
    assert Target.objects.get(pk=target.pk).removed_at is None


def test_no_target_without_a_good_way(cast: Cast) -> None:
    make_indicator(direction=Direction.NONE)
    with pytest.raises(ValidationError, match="n’a pas de sens"):
        add(cast)


def test_the_form_speaks_french_numbers(cast: Cast) -> None:
    indicator = make_indicator()
    client = cast.client("referente")
    url = reverse("indicators:target_create", args=[indicator.code])
    page = client.post(url, posted(value="beaucoup")).content.decode()
    assert "n’est pas un nombre" in page
    assert "beaucoup" in page
    client.post(url, posted())
    target = Target.objects.get()
    assert (target.value, target.prefecture, target.certainty) == (
        Decimal("0.925"),
        cast.prefecture,
        Certainty.SOURCED,
    )
    edit = reverse("indicators:target_edit", args=[target.pk])
    assert 'value="92,5"' in client.get(edit).content.decode()
    mark = make_indicator("MYST", unit=Unit.MARK10)
    client.post(reverse("indicators:target_create", args=[mark.code]), posted(value="7,5/10"))
    assert Target.objects.get(indicator=mark).value == Decimal("7.5")


def test_a_strict_target_is_said_so(cast: Cast) -> None:
    indicator = make_indicator(direction=Direction.DOWN)
    client = cast.client("referente")
    url = reverse("indicators:target_create", args=[indicator.code])
    assert "« moins de », et non « au plus »" in client.get(url).content.decode().replace(
        "\u00a0", " "
    )
    refused = client.post(url, posted(kind="alert", is_strict="on")).content.decode()
    assert "seule une cible peut être stricte" in refused
    assert not Target.objects.exists()
    client.post(url, posted(value="10", is_strict="on"))
    target = Target.objects.get()
    assert (target.is_strict, target.words) == (True, "moins de 10\u00a0%")
    page = client.get(reverse("indicators:definition_detail", args=[indicator.code]))
    assert "moins de 10\u00a0%" in page.content.decode()


def test_the_second_person_sees_what_the_first_wrote(cast: Cast) -> None:
    target = make_target(cast.prefecture)
    url = reverse("indicators:target_edit", args=[target.pk])
    client = cast.client("referente")
    client.post(url, posted(revision="1", starts_on="2022-01-01"))
    page = client.post(url, posted(revision="1", value="50", starts_on="2022-01-01")).content
    assert "pendant que vous écriviez" in page.decode()
    assert 'value="50"' in page.decode()
    target.refresh_from_db()
    assert (target.value, target.revision) == (Decimal("0.925"), 2)


def test_removal_offers_to_undo(cast: Cast) -> None:
    target = make_target(cast.prefecture)
    client = cast.client("referente")
    page = client.post(reverse("indicators:target_remove", args=[target.pk]), follow=True)
    restore = reverse("indicators:target_restore", args=[target.pk])
    assert restore in page.content.decode()
    client.post(restore)
    assert Target.objects.get().removed_at is None


def test_each_keeps_to_its_own(cast: Cast) -> None:
    national, local = make_target(None), make_target(cast.prefecture)
    referente, ministry = cast.client("referente"), cast.client("national")
    wrong = [
        (referente, "indicators:target_edit", national, 404),
        (referente, "indicators:national_target_edit", national, 403),
        (ministry, "indicators:national_target_edit", local, 404),
        (ministry, "indicators:target_edit", local, 403),
        (cast.client("other_referent"), "indicators:target_edit", local, 404),
    ]
    for client, name, target, status in wrong:
        answer = client.post(reverse(name, args=[target.pk]), posted())
        assert answer.status_code == status, name
    assert set(Target.objects.values_list("value", flat=True)) == {Decimal("0.9")}
    ministry.post(
        reverse("indicators:national_target_edit", args=[national.pk]),
        posted(certainty="to_confirm", revision="1", ends_on="2023-12-31"),
    )
    national.refresh_from_db()
    assert (national.value, national.ends_on) == (Decimal("0.925"), date(2023, 12, 31))
