"""``manage.py import_indicators``: one JSON object, exit 0 only when the file can be applied."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import Service
from indicators.enums import MeasureState
from indicators.models import Measure, MeasureImport
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure


pytestmark = pytest.mark.django_db
GOOD = (
    "Trimestre;Appels reçus;Appels décrochés;Taux d’appels aboutis\n"
    "T1 2020;10000;9516;95,16 %\nT4 2021;;;n.d.\nTotal;10000;9516;\n"
)


def run(path: Path, *options: str, code: str = "41", fails: bool = False) -> dict[str, Any]:
    make_indicator(label="Taux d’appels aboutis")
    out = io.StringIO()
    arguments = (str(path), "--prefecture", code, "--json", *options)
    if fails:
        with pytest.raises(SystemExit) as ended:
            call_command("import_indicators", *arguments, stdout=out)
        assert ended.value.code == 1
    else:
        call_command("import_indicators", *arguments, stdout=out)
    return dict(json.loads(out.getvalue()))


def write(folder: Path, text: str, name: str = "mesures.csv") -> Path:
    path = folder / name
    path.write_text(text)
    return path


def test_the_preview_tells_each_cell_and_changes_nothing(cast: Cast, tmp_path: Path) -> None:
    make_measure(cast.prefecture, make_indicator(label="Taux d’appels aboutis"))
    told = run(write(tmp_path, GOOD))
    assert (told["applied"], told["errors"], Measure.objects.count()) == (0, [], 1)
    first, second, *others = told["rows"]
    assert first == {
        "sheet": "", "cell": "D2", "indicator": "TEL-ABOUTI", "period": "2020-T1", "service": None,
        "value": 95.16, "numerator": 9516, "denominator": 10000, "confidence": 1.0,
        "status": "added", "reason": "",
    }  # fmt: skip
    assert (second["status"], second["value"]) == ("changed", None)
    assert second["reason"].replace("\u00a0", " ") == "Valeur actuelle : 90 %."
    assert {row["status"] for row in others} == {"refused"}
    assert not MeasureImport.objects.exists()


def test_applied_then_the_same_is_unchanged(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    assert run(path, "--apply", "--by", "referente@exemple.fr")["applied"] == 2
    measure = Measure.objects.get(period="2020-T1")
    assert (measure.cell, measure.numerator) == ("D2", 9516)
    assert measure.imported.applied_by == cast.user("referente")
    again = run(path, "--apply")
    assert (again["applied"], {row["status"] for row in again["rows"][:2]}) == (0, {"unchanged"})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "est vide"),
        ("Mois;Taux d’appels aboutis\n01/2021;95 %\njanv.-21;94 %\n02/2021;92 %\n", "B2"),
        ("Préfecture de la Loire;\nIndicateur;T1 2021\nTaux d’appels aboutis;95\n", "Loire (42)"),
        ("Mois;Taux d’appels aboutis\n01/2021;107 %\n", "dépasse 100"),
        ("Mois;Taux d’appels aboutis\njanvier;95 %\n", "De quelle année parle ce fichier"),
        ("T;Appels reçus;Appels décrochés\nT1 2021;0;0\n", "C2 : Le dénominateur est nul ou"),
        ("T;Appels reçus;Appels décrochés\nT1 2021;-9;3\n", "C2 : Le dénominateur est nul ou"),
        (f"Mois;Taux d’appels aboutis\n01/2021;{'9' * 17}\n", "B2 : Ce nombre est trop grand"),
        (
            f"T;Appels reçus;Appels décrochés\nT1 2021;{'9' * 31};3\n",
            "C2 : Ce nombre est trop grand",
        ),
        ("Mois;Taux d’appels aboutis\n01/2099;95 %\n", "« janvier 2099 » n’a pas commencé"),
    ],
)
def test_a_refused_file_is_one_object_and_changes_nothing(
    cast: Cast, tmp_path: Path, text: str, words: str
) -> None:
    told = run(write(tmp_path, text), "--apply", fails=True)
    assert told["applied"] == 0
    assert words in " ".join((*told["errors"], *told["pending"]))
    assert not Measure.objects.exists()


def test_answers_and_reasons_may_be_given(cast: Cast, tmp_path: Path) -> None:
    path = write(tmp_path, "Mois;Taux d’appels aboutis\njanvier;107 %\n")
    (question,) = run(path)["questions"]  # looking is no failure
    answer = f"{question['key']}=2021"
    told = run(path, "--apply", "--answer", answer, "--reason", "Rattrapage")
    assert told["applied"] == 1
    assert Measure.objects.get().doubt == "Rattrapage"


def test_a_validated_figure_needs_a_reason_to_be_replaced(cast: Cast, tmp_path: Path) -> None:
    indicator = make_indicator(label="Taux d’appels aboutis")
    make_measure(cast.prefecture, indicator, state=MeasureState.VALIDATED)
    path = write(tmp_path, GOOD)
    told = run(path, "--apply", fails=True)
    assert (told["errors"], "est validée : 90" in told["pending"][0]) == ([], True)
    assert run(path)["pending"] == told["pending"]
    told = run(path, "--apply", "--reopen", "Erreur", "--by", "referente@exemple.fr")
    assert (told["applied"], Measure.objects.get(period="2021-T4").value) == (2, None)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([], "99"),
        (["--by", "inconnu@exemple.fr"], "41"),
        (["--answer", "sans réponse"], "41"),
        (["--reopen", "Erreur"], "41"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    cast: Cast, tmp_path: Path, options: list[str], code: str
) -> None:
    told = run(write(tmp_path, GOOD), *options, code=code, fails=True)
    assert (told["rows"], len(told["errors"])) == ([], 1)


def test_a_missing_file_is_told(cast: Cast, tmp_path: Path) -> None:
    assert "ne peut pas être lu" in run(tmp_path / "absent.csv", fails=True)["errors"][0]


def test_it_reads_as_text_too(cast: Cast, tmp_path: Path) -> None:
    make_indicator(label="Taux d’appels aboutis")
    out = io.StringIO()
    call_command("import_indicators", str(write(tmp_path, GOOD)), "--prefecture", "41", stdout=out)
    text = out.getvalue()
    assert "D2 (à ajouter) TEL-ABOUTI 2020-T1 = 95,16" in text
    assert "rien n’est enregistré." in text


def test_a_figure_read_back_as_the_pages_write_it_changes_nothing(
    cast: Cast, tmp_path: Path
) -> None:
    """« 66,67 % » of 2 out of 3 is no correction of 66.6667 %, even of a validated figure."""
    indicator = make_indicator(label="Taux d’appels aboutis")
    parts = {"numerator": 2, "denominator": 3, "state": MeasureState.VALIDATED}
    make_measure(cast.prefecture, indicator, value="0.666667", **parts)
    head = "Trimestre;Appels reçus;Appels décrochés;Taux d’appels aboutis\nT4 2021;"
    (same,) = run(write(tmp_path, f"{head}3;2;66,67 %\n"), "--apply")["rows"]
    assert (same["status"], same["value"]) == ("unchanged", 66.67)
    for other in ("3;2;66,68 %", "3;2;67 %", "4;3;75 %"):
        (row,) = run(write(tmp_path, f"{head}{other}\n"))["rows"]
        assert row["status"] == "refused"
    assert str(Measure.objects.get().value) == "0.666667"


def test_a_service_is_told_by_its_name(cast: Cast, tmp_path: Path) -> None:
    Service.objects.create(prefecture=cast.prefecture, name="Bureau des titres", acronym="BTI")
    path = write(tmp_path, "Service;T1 2021\nBTI;95 %\n", "taux d’appels aboutis.csv")
    assert [row["service"] for row in run(path)["rows"]] == ["Bureau des titres"]
