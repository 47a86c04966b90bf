"""Loading a référentiel: idempotent, all or nothing, told in JSON."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from modules import services
from modules.models import Module, Referential
from modules.referential_files import SHIPPED, ReferentialFileError, read
from tests.cast import Cast
from tests.modules.examples import choose, make_cycle


FILE = SHIPPED / "qual-e-pref-2019.yaml"


@pytest.fixture
def text() -> str:
    return read(FILE)


@pytest.mark.django_db
def test_creates_then_changes_nothing(text: str) -> None:
    first = services.import_referential(text=text)
    assert (first.created, first.modules_created) == (True, 8)
    again = services.import_referential(text=text)
    assert (again.created, again.modules_created, again.modules_unchanged) == (False, 0, 8)
    assert Module.objects.count() == 8
    assert Module.history.count() == 8
    assert Referential.history.count() == 1


@pytest.mark.django_db
def test_updates_by_slug_and_number(text: str) -> None:
    services.import_referential(text=text)
    kept = Module.objects.get(number=8)
    report = services.import_referential(
        text=text.replace("Titre non retrouvé à ce jour", "Polices de Paris")
    )
    assert (report.modules_updated, report.modules_unchanged) == (1, 7)
    kept.refresh_from_db()
    assert kept.title == "Polices de Paris"


@pytest.mark.django_db
def test_module_that_leaves_the_file(text: str) -> None:
    services.import_referential(text=text)
    shorter = text[: text.index("  - number: 8")]
    assert services.import_referential(text=shorter).modules_removed == 1
    assert list(Module.objects.order_by("number").values_list("number", flat=True)) == [
        *range(1, 8)
    ]


@pytest.mark.django_db
def test_module_in_use_cannot_leave(text: str, cast: Cast) -> None:
    choose(make_cycle(cast.prefecture), cast.user("prefet"), 8)
    renamed = text.replace("Polices administratives", "Police")
    with pytest.raises(ReferentialFileError, match="le module n° 8 n’y est plus"):
        services.import_referential(text=renamed[: renamed.index("  - number: 8")])
    assert Module.objects.filter(number=8).exists()
    assert Module.objects.get(number=5).title == "Polices administratives liées à la sécurité"


@pytest.mark.django_db
def test_command_writes_one_json_object() -> None:
    out = StringIO()
    call_command("referential_import", str(FILE), "--json", stdout=out)
    assert json.loads(out.getvalue()) == {
        "referential": "qual-e-pref-2019",
        "created": True,
        "modules_created": 8,
        "modules_updated": 0,
        "modules_unchanged": 0,
        "modules_removed": 0,
    }


@pytest.mark.django_db
def test_command_speaks_french() -> None:
    out = StringIO()
    call_command("referential_import", str(FILE), stdout=out)
    assert out.getvalue() == (
        "Référentiel qual-e-pref-2019 créé : 8 modules créés, 0 modifiés, 0 inchangés, 0 retirés.\n"
    )


@pytest.mark.django_db
def test_command_refuses_and_changes_nothing(tmp_path: Path, text: str) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(text.replace("number: 3", "number: trois"))
    out = StringIO()
    with pytest.raises(CommandError, match=r"rien n’est changé \(1 erreur\)"):
        call_command("referential_import", str(bad), "--json", stdout=out)
    (fault,) = json.loads(out.getvalue())["errors"]
    assert "3e module, clé number" in fault["place"]
    assert Referential.objects.count() == 0
