"""``docs/how-to/referential.md`` is true: followed to the letter, it adds a version, with no other edit."""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse

from modules import referential_files
from modules.models import Referential
from modules.referential_files import SHIPPED
from tests.cast import Cast


GUIDE = Path(settings.BASE_DIR) / "docs" / "how-to" / "referential.md"
MODEL = "modules/referentials/qual-e-pref-2019.yaml"
NAME, SLUG = "essai-2030.yaml", "essai-2030"
WORDING = "Mesurer la performance et l’afficher à l’accueil."


def write_version(folder: Path) -> Path:
    """Steps 1 to 3: copy the model, change its slug, say what becomes of each row."""
    content = yaml.safe_load((SHIPPED / Path(MODEL).name).read_text())
    previous = content["referential"]["slug"]
    content["referential"] |= {"slug": SLUG, "name": "Qual-e-Pref 2030", "certainty": "to_confirm"}
    commitments = [
        commitment
        for module in content["modules"]
        for heading in module.get("headings", [])
        for commitment in heading["commitments"]
    ]
    for commitment in commitments:
        if commitment["code"] == "M1-PIL-1":
            commitment["wording"] = WORDING
    common = {"certainty": "to_confirm", "source": "Essai."}
    content["mapping"] = {
        "from": previous,
        "modules": [
            {"kind": "kept", "from": module["number"], "to": module["number"], **common}
            for module in content["modules"]
        ],
        "commitments": [
            {
                "kind": "reworded" if item["code"] == "M1-PIL-1" else "kept",
                "from": item["code"],
                "to": item["code"],
                **common,
            }
            for item in commitments
        ],
    }
    path = folder / NAME
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))
    return path


def commands_of_the_guide() -> list[list[str]]:
    """Return the commands of its numbered steps, in order, without « manage.py »."""
    steps = GUIDE.read_text().partition("\n## ")[0]
    return [found.split() for found in re.findall(r"`manage\.py ([^`]+)`", steps)]


def run(name: str, *words: str) -> dict[str, Any]:
    out = StringIO()
    call_command(name, *words, "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert isinstance(answer, dict)
    return answer


@pytest.mark.django_db
def test_the_guide_adds_a_version(cast: Cast, tmp_path: Path) -> None:
    for older in ("qualipref-2.0", "qual-e-pref-2019"):
        run("referential_import", str(SHIPPED / f"{older}.yaml"))
    new = str(write_version(tmp_path))
    # Where the guide names the last two versions, one more comes after them.
    one_further = {"qualipref-2.0": "qual-e-pref-2019", "qual-e-pref-2019": new, MODEL: new}

    answers = {
        name: run(name, *(one_further.get(word, word) for word in words))
        for name, *words in commands_of_the_guide()
    }

    assert list(answers) == ["referential_check", "referential_diff", "referential_import"]
    assert (
        answers["referential_check"]["referential"],
        answers["referential_check"]["errors"],
    ) == (
        SLUG,
        [],
    )
    assert answers["referential_diff"]["summary"]["commitments"]["reworded"] == ["M1-PIL-1"]
    assert answers["referential_import"]["created"] is True
    # The pages find it alone.
    client = cast.client("referente")
    assert "Qual-e-Pref 2030" in client.get(reverse("modules:referential_list")).content.decode()
    page = client.get(reverse("modules:referential_changes", args=[SLUG]))
    assert page.status_code == 200
    assert "afficher à l’accueil" in page.content.decode()


@pytest.mark.django_db
def test_a_file_left_with_the_others_is_loaded_with_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in SHIPPED.glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    write_version(tmp_path)
    monkeypatch.setattr(referential_files, "SHIPPED", tmp_path)

    call_command("demo", stdout=StringIO())

    added = Referential.objects.get(slug=SLUG)
    assert added.predecessor is not None
    assert added.predecessor.slug == "qual-e-pref-2019"
    assert added.commitments.get(code="M1-PIL-1").wording == WORDING
