"""Loading a référentiel: idempotent, all or nothing, told in JSON."""

import json
from dataclasses import asdict
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from modules import services
from modules.models import (
    Commitment,
    CommitmentMapping,
    Heading,
    Module,
    ModuleMapping,
    Referential,
)
from modules.referential_files import SHIPPED, read
from modules.referential_files_entries import ReferentialFileError
from tests.cast import Cast
from tests.modules.examples import MAPPING, choose, correct, small_text


NOTHING = dict.fromkeys(("created", "updated", "unchanged", "removed", "corrected", "overruled"), 0)
CERTAIN = "certainty: sourced\n            ev"
EXTRA_MODULE = """\
  - number: 2
    title: Autre
    compulsory: false
    number_certainty: to_confirm
    title_certainty: to_confirm
    source: Déduit
"""
FILE = SHIPPED / "qual-e-pref-2019.yaml"
OLDER = SHIPPED / "qualipref-2.0.yaml"


@pytest.fixture
def text() -> str:
    """The file of Qual-e-Pref, once the référentiel that it follows is loaded."""
    services.import_referential(text=read(OLDER))
    return read(FILE)


def refusal(text: str) -> str:
    with pytest.raises(ReferentialFileError) as error:
        services.import_referential(text=text)
    return str(error.value)


@pytest.mark.django_db
def test_creates_then_changes_nothing(text: str) -> None:
    first = services.import_referential(text=text)
    assert first.created
    assert asdict(first.modules) == {**NOTHING, "created": 8}
    assert asdict(first.headings) == {**NOTHING, "created": 28}
    assert asdict(first.commitments) == {**NOTHING, "created": 40}
    models = (Referential, Module, Heading, Commitment, ModuleMapping, CommitmentMapping)
    before = [(model.objects.count(), model.history.count()) for model in models]
    assert all(rows == changes for rows, changes in before)
    again = services.import_referential(text=text)
    assert not again.created
    assert asdict(again.commitments) == {**NOTHING, "unchanged": 40}
    assert again.mappings.unchanged == first.mappings.created
    assert [(model.objects.count(), model.history.count()) for model in models] == before


@pytest.mark.django_db
def test_previous_must_be_loaded() -> None:
    assert refusal(read(FILE)).endswith(
        "mapping, clé from : le référentiel qualipref-2-0 n’est pas chargé. Chargez-le d’abord."
    )
    assert Referential.objects.count() == 0


@pytest.mark.django_db
def test_mapping_is_checked_against_what_is_loaded(text: str) -> None:
    assert "l’engagement M9-9 n’est pas dans qualipref-2-0." in refusal(
        text.replace("from: [M1-DG-2]", "from: [M9-9]")
    )
    assert Referential.objects.count() == 1


@pytest.mark.django_db
def test_updates_what_is_to_confirm(text: str) -> None:
    services.import_referential(text=text)
    kept = Module.objects.get(number=8, referential__slug="qual-e-pref-2019")
    report = services.import_referential(
        text=text.replace("Titre non retrouvé à ce jour", "Polices de Paris").replace(
            "wording: Mesurer la performance.", "wording: Mesurer ce que l’on fait."
        )
    )
    assert (report.modules.updated, report.modules.unchanged) == (1, 7)
    assert (report.commitments.updated, report.commitments.unchanged) == (1, 39)
    kept.refresh_from_db()
    assert kept.title == "Polices de Paris"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "wording: Mettre à profit les réseaux sociaux.",
            "wording: Se taire.",
            "engagement M1-RS-1 : cette ligne est déjà publiée et sourcée : « énoncé » ne change",
        ),
        ("title: Téléphonie", "title: Standard", "rubrique M1-TEL : cette ligne est déjà publiée"),
        (
            "title: Relations avec les collectivités territoriales",
            "title: Collectivités",
            "module n° 4 : cette ligne est déjà publiée et sourcée : « titre » ne change plus.",
        ),
        ("name: Qual-e-Pref", "name: Autre", "referential : cette ligne est déjà publiée"),
        (
            "note: Limité aux polices liées à la sécurité.",
            "note: Autre.",
            "mapping : cette ligne est déjà publiée et sourcée : « note » ne change plus.",
        ),
    ],
)
def test_what_is_sourced_never_changes(text: str, old: str, new: str, expected: str) -> None:
    services.import_referential(text=text)
    assert text.count(old) == 1
    also = text.replace(old, new).replace("Mesurer la performance", "Mesurer")
    assert expected in refusal(also)
    assert Commitment.objects.filter(wording="Mesurer la performance.").exists()


@pytest.mark.django_db
def test_every_refusal_is_listed(text: str) -> None:
    services.import_referential(text=text)
    bad = text.replace("Mettre à profit les réseaux sociaux.", "Se taire.")
    assert len(refusal(bad.replace("title: Téléphonie", "title: Standard")).splitlines()) == 2


@pytest.mark.django_db
def test_commitment_that_leaves_the_file() -> None:
    services.import_referential(text=small_text(commitments=2))
    report = services.import_referential(text=small_text(commitments=1))
    assert (report.commitments.removed, report.commitments.unchanged) == (1, 1)
    sourced = small_text(commitments=2).replace("certainty: to_confirm\n            ev", CERTAIN)
    services.import_referential(text=sourced)
    assert "engagement E-2 : n’y est plus, mais cet engagement sourcé est déjà publié." in refusal(
        small_text(commitments=1).replace("certainty: to_confirm\n            ev", CERTAIN)
    )
    assert Commitment.objects.count() == 2


@pytest.mark.django_db
def test_correction_of_the_application_outlives_the_file(cast: Cast) -> None:
    services.import_referential(text=small_text(commitments=2))
    correct(Commitment.objects.get(code="E-1"), cast.user("admin"), wording="Bien accueillir")
    report = services.import_referential(text=small_text(commitments=2))
    assert (report.commitments.unchanged, report.commitments.corrected) == (2, 1)
    assert Commitment.objects.get(code="E-1").wording == "Bien accueillir"
    assert "l’application l’a corrigé" in refusal(
        small_text(commitments=2).replace("code: E-1", "code: E-3")
    )


@pytest.mark.django_db
def test_commitment_that_a_successor_follows_cannot_leave() -> None:
    services.import_referential(text=small_text(commitments=2))
    services.import_referential(text=small_text("essai-2", 2) + MAPPING.format(codes="E-1, E-2"))
    assert "un référentiel suivant lui donne une correspondance" in refusal(small_text())


@pytest.mark.django_db
def test_module_that_leaves_the_file() -> None:
    extra = EXTRA_MODULE
    services.import_referential(text=small_text() + extra)
    assert services.import_referential(text=small_text()).modules.removed == 1
    assert list(Module.objects.values_list("number", flat=True).order_by("number")) == [1]


@pytest.mark.django_db
def test_module_in_use_cannot_leave(cast: Cast) -> None:
    services.import_referential(text=small_text() + EXTRA_MODULE)
    cycle = services.create_cycle(
        prefecture=cast.prefecture,
        referential=Referential.objects.get(),
        name="Essai",
        started_on=date(2021, 9, 1),
    )
    choose(cycle, cast.user("prefet"), 2)
    assert refusal(small_text()) == (
        "clé modules, module n° 2 : n’y est plus, mais des démarches le retiennent. Remettez-la, "
        "ou donnez un autre slug à cette version."
    )
    assert Module.objects.count() == 2


@pytest.mark.django_db
def test_command_writes_one_json_object(text: str) -> None:
    out = StringIO()
    call_command("referential_import", str(FILE), "--json", stdout=out)
    report = json.loads(out.getvalue())
    assert report["referential"] == "qual-e-pref-2019"
    assert report["created"] is True
    assert report["modules"] == {**NOTHING, "created": 8}
    assert report["commitments"] == {**NOTHING, "created": 40}


@pytest.mark.django_db
def test_command_speaks_french() -> None:
    out = StringIO()
    call_command("referential_import", str(OLDER), stdout=out)
    assert out.getvalue() == (
        "Référentiel qualipref-2-0 créé.\n"
        "Modules : 8 en plus, 0 avec un changement, 0 sans changement, 0 en moins.\n"
        "Rubriques : 8 en plus, 0 avec un changement, 0 sans changement, 0 en moins.\n"
        "Engagements : 14 en plus, 0 avec un changement, 0 sans changement, 0 en moins.\n"
        "Correspondances : 0 en plus, 0 avec un changement, 0 sans changement, 0 en moins.\n"
    )


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["referential_import", "referential_check"])
def test_commands_refuse_and_change_nothing(tmp_path: Path, command: str) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(read(OLDER).replace("number: 3", "number: trois"))
    out = StringIO()
    with pytest.raises(CommandError, match=r"\(1 erreur\)"):
        call_command(command, str(bad), "--json", stdout=out)
    (fault,) = json.loads(out.getvalue())["errors"]
    assert "3e module, clé number" in fault["place"]
    assert Referential.objects.count() == 0


def test_check_needs_no_database() -> None:
    out = StringIO()
    call_command("referential_check", str(FILE), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "referential": "qual-e-pref-2019",
        "previous": "qualipref-2-0",
        "modules": 8,
        "headings": 28,
        "commitments": 40,
        "commitments_to_confirm": 29,
        "indicators": 26,
        "errors": [],
    }
    out = StringIO()
    call_command("referential_check", str(OLDER), stdout=out)
    assert "rubriques : 8 ; engagements : 14, dont 9 à confirmer." in out.getvalue()
