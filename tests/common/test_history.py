"""History rows become sentences: who, what, from what to what; few queries however many rows."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from simple_history.models import HistoricalRecords

from accounts.enums import Role
from accounts.models import Membership, Prefecture, Service, Site, User
from common.history import history_entries
from tests.cast import Cast


@pytest.fixture
def as_referente(cast: Cast) -> Iterator[Cast]:
    """Everything is written by the référente from here on."""

    class Request:
        user = cast.user("referente")

    HistoricalRecords.context.request = Request()
    yield cast
    del HistoricalRecords.context.request


def aged(instance: Site | Service | Prefecture | User | Membership, minutes: int) -> None:
    """Push the rows written so far back in time."""
    for row in instance.history.all():
        row.history_date -= timedelta(minutes=minutes)
        row.save()


def sentences(*instances: object, **options: object) -> list[str]:
    return [entry.sentence for entry in history_entries(*instances, **options)]


WHO = "Mme Pascale MARTIN"


def test_creation_by_the_application_then_a_change(as_referente: Cast) -> None:
    site = as_referente.service.site
    aged(site, 60)
    site.name = "Sous-préfecture"
    site.save()
    entries = history_entries(site)
    assert [entry.sentence for entry in entries] == [
        f"{WHO} a modifié le nom : « Site principal » → « Sous-préfecture »",
        "L’application a créé le site",
    ]
    assert entries[0].who == WHO
    assert entries[0].when > entries[1].when


def test_several_fields_are_listed_with_words_of_choices_and_names(as_referente: Cast) -> None:
    service = as_referente.service
    aged(service, 60)
    other = Site.objects.create(prefecture=as_referente.prefecture, name="Vendôme")
    service.site, service.acronym = other, ""
    service.save()
    (entry, _) = history_entries(service)
    assert entry.sentence == f"{WHO} a modifié le service"
    assert entry.details == ("Site : Site principal → Vendôme", "Sigle : « SAP » → vide")

    membership = as_referente.membership("agent")
    aged(membership, 60)
    membership.role, membership.ends_on = Role.CORRESPONDENT, date(2022, 7, 13)
    membership.save()
    entry = history_entries(membership)[0]
    assert entry.details == (
        "Rôle : Agent → Correspondant qualité",
        "Jusqu’au : vide → 13\u00a0juillet 2022",
    )


def test_things_held_in_numbers_are_named(as_referente: Cast) -> None:
    membership = as_referente.membership("agent")
    aged(membership, 60)
    second = Service.objects.create(prefecture=as_referente.prefecture, name="Titres")
    membership.services.set([second])
    entry = history_entries(membership)[0]
    assert entry.sentence.startswith(f"{WHO} a modifié les services")
    assert "Titres (ajouté)" in entry.sentence
    assert "Accueil du public (SAP) (retiré)" in entry.sentence


def test_long_text_is_told_by_its_length(as_referente: Cast) -> None:
    site = as_referente.service.site
    aged(site, 60)
    site.address = "x" * 200
    site.save()
    assert sentences(site)[0] == (
        f"{WHO} a modifié l’adresse : texte de 0 caractères → 200 caractères"
    )


def test_saves_in_a_row_are_one_act(as_referente: Cast) -> None:
    site = as_referente.service.site
    aged(site, 60)
    for name in ("A", "B", "C"):
        site.name = name
        site.save()
    assert sentences(site)[0] == f"{WHO} a modifié le nom : « Site principal » → « C »"
    assert len(sentences(site)) == 2


def test_what_was_put_back_is_not_told(as_referente: Cast) -> None:
    site = as_referente.service.site
    aged(site, 60)
    for name in ("A", "Site principal"):
        site.name = name
        site.save()
    assert sentences(site) == ["L’application a créé le site"]


def test_children_deleted_ones_too_are_named(as_referente: Cast) -> None:
    prefecture = as_referente.prefecture
    aged(prefecture, 60)
    site = Site.objects.create(prefecture=prefecture, name="Vendôme")
    site.delete()
    assert sentences(prefecture, children=[(Site, "prefecture")])[:2] == [
        f"{WHO} a supprimé le site « Vendôme »",
        f"{WHO} a créé le site « Vendôme »",
    ]


def test_another_instance_is_named(as_referente: Cast) -> None:
    site = as_referente.service.site
    aged(site, 60)
    site.name = "Vendôme"
    site.save()
    entry = history_entries(as_referente.prefecture, site)[0]
    assert entry.sentence == f"{WHO} a modifié le site « Vendôme »"
    assert entry.details == ("Nom : « Site principal » → « Vendôme »",)


def test_limit_keeps_the_newest(as_referente: Cast) -> None:
    site = as_referente.service.site
    for number in range(5):
        aged(site, 60)
        site.name = f"Site {number}"
        site.save()
    assert sentences(site, limit=2) == [
        f"{WHO} a modifié le nom : « Site 3 » → « Site 4 »",
        f"{WHO} a modifié le nom : « Site 2 » → « Site 3 »",
    ]


def test_queries_do_not_grow_with_rows(as_referente: Cast) -> None:
    prefecture, service = as_referente.prefecture, as_referente.service

    def grow(count: int) -> None:
        for number in range(count):
            aged(service, 60)
            service.site = Site.objects.create(
                prefecture=prefecture, name=f"S{timezone.now().timestamp()}{number}"
            )
            service.save()

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            history_entries(service, prefecture, children=[(Site, "prefecture")])
        return len(captured)

    grow(2)
    before = queries()
    grow(15)
    assert queries() == before
