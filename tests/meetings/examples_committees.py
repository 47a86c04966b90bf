"""Examples of the pages of a committee, of its composition and of its import."""

from datetime import date

from accounts.models import Prefecture
from meetings.models import Body, Committee, Member
from meetings.services.imports import store_import
from tests.cast import Cast
from tests.examples import example, growing
from tests.meetings.compositions import (
    make_body,
    make_committee,
    make_composition,
    make_meeting,
    make_member,
)


def _committee(prefecture: Prefecture) -> Committee:
    return make_composition(prefecture, f"essai-{prefecture.slug}")


@example(
    "meetings:committee_detail",
    "meetings:committee_edit",
    "meetings:composition",
    "meetings:body_create",
    "meetings:member_create",
    "meetings:import_create",
)
def committee(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": _committee(prefecture).slug}


@example("meetings:import_template", "meetings:composition_export")
def file(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"slug": _committee(prefecture).slug, "fmt": "csv"}


@example("meetings:body_edit", "meetings:body_remove", "meetings:body_restore")
def body(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = _committee(prefecture)
    return {"slug": made.slug, "body_pk": Body.objects.get(committee=made, protocol_order=1).pk}


@example(
    "meetings:member_edit",
    "meetings:member_end",
    "meetings:member_remove",
    "meetings:member_restore",
)
def member(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = _committee(prefecture)
    found = Member.objects.get(body__committee=made, last_name="Silbermann")
    return {"slug": made.slug, "member_pk": found.pk}


@example("meetings:import_preview", "meetings:import_apply", "meetings:import_cancel")
def composition_import(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = _committee(prefecture)
    imported, _ = store_import(
        committee=made,
        file_name="composition.csv",
        data="organisme;nom\nEMMAÜS 41;Valjean\n".encode(),
        by=cast.user("referente"),
    )
    return {"slug": made.slug, "import_pk": imported.pk}


@growing("meetings:committee_list", reader="referente", budget=12)
def committees(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        made = make_committee(cast.prefecture, f"comite-{number}", name=f"Comité {number}")
        for year in (2022, 2099):
            make_meeting(made, date(year, 1, 1), f"seance-{number}-{year}")
    return {}


def _grown(cast: Cast, numbers: range) -> dict[str, object]:
    """Grow one committee: bodies, members now and before, meetings."""
    made = Committee.objects.filter(slug="grandit").first()
    made = made or make_committee(cast.prefecture, "grandit")
    for number in numbers:
        grown = make_body(made, f"Organisme {number}")
        make_member(grown, f"Nom {number}")
        make_member(grown, f"Ancien {number}", ends_on=date(2020, 1, 1))
        make_meeting(made, date(2022, 1, 1), f"seance-{number}")
    return {"slug": made.slug}


growing("meetings:committee_detail", reader="referente", budget=22)(_grown)
growing("meetings:composition", reader="referente", budget=10)(_grown)
growing("meetings:composition_export", reader="referente", budget=10)(
    lambda cast, numbers: {**_grown(cast, numbers), "fmt": "csv"}
)
growing("meetings:member_create", reader="referente", budget=12)(_grown)


@growing("meetings:import_preview", reader="referente", budget=11)
def previewed(cast: Cast, numbers: range) -> dict[str, object]:
    slug = str(_grown(cast, numbers)["slug"])
    lines = [f"Organisme {number};Nom {number};x{number}@exemple.fr" for number in numbers]
    imported, _ = store_import(
        committee=Committee.objects.get(slug=slug),
        file_name="composition.csv",
        data="\n".join(["organisme;nom;courriel", *lines]).encode(),
        by=cast.user("referente"),
    )
    return {"slug": slug, "import_pk": imported.pk}
