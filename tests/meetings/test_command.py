"""``manage.py minutes``: the PDF of the page, its facts as JSON, French refusals that write nothing."""

import hashlib
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from meetings.selectors.documents import MINUTES_KIND
from meetings.services.workflow import start_correction
from reports.models import Document
from tests.cast import Cast
from tests.meetings.scene import Scene, build_scene


@pytest.fixture
def scene(cast: Cast) -> Scene:
    return build_scene(cast)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    call_command("minutes", *arguments, "--json")
    return json.loads(capsys.readouterr().out)


def test_a_draft_is_written_with_its_facts(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = tmp_path / "cr.pdf"
    answer = run(capsys, scene.slug, "--output", str(output))
    content = output.read_bytes()
    assert content.startswith(b"%PDF-")
    document = Document.objects.get()
    assert answer == {
        "meeting": "clu-2022",
        "version": 1,
        "state": "draft",
        "file": str(output),
        "file_name": "2022-05-12_CLU_projet-de-compte-rendu_v1.pdf",
        "pages": document.page_count,
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "verification_code": document.verification_code,
    }
    assert list(tmp_path.iterdir()) == [output]


def test_the_signed_file_is_given_as_it_is_kept(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.validate()
    first = run(capsys, scene.slug, "--output", str(tmp_path / "a.pdf"))
    second = run(capsys, scene.slug, "--output", str(tmp_path / "b.pdf"))
    assert first["sha256"] == second["sha256"]
    assert first["file_name"] == "2022-05-12_CLU_compte-rendu_v1.pdf"
    assert Document.objects.filter(kind=MINUTES_KIND).count() == 1


def test_an_older_version_is_chosen_by_its_number(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene.validate()
    start_correction(meeting=scene.meeting, reason="Un nom.")
    output = str(tmp_path / "cr.pdf")
    assert run(capsys, scene.slug, "--output", output)["version"] == 2
    older = run(capsys, scene.slug, "--output", output, "--version", "1")
    assert (older["version"], older["state"]) == (1, "validated")


def test_without_json_it_answers_in_french(
    scene: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("minutes", scene.slug, "--output", str(tmp_path / "cr.pdf"))
    assert "version 1 (brouillon)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("slug", "arguments", "message"),
    [
        ("inconnue", [], "Aucune séance ne porte l’adresse courte « inconnue »"),
        ("clu-2022", ["--version", "9"], "n’a pas de compte rendu en version 9"),
    ],
)
def test_what_is_not_there_is_refused_in_french(
    scene: Scene, tmp_path: Path, slug: str, arguments: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("minutes", slug, *arguments, "--output", str(tmp_path / "cr.pdf"))
    assert list(tmp_path.iterdir()) == []
    assert Document.objects.count() == 0


def test_a_meeting_without_minutes_is_refused(cast: Cast, tmp_path: Path) -> None:
    scene = build_scene(cast, started=False)
    with pytest.raises(CommandError, match="commencez sa rédaction"):
        call_command("minutes", scene.slug, "--output", str(tmp_path / "cr.pdf"))


def test_an_output_that_cannot_be_written_is_refused_before_any_work(
    scene: Scene, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="n’existe pas"):
        call_command("minutes", scene.slug, "--output", str(tmp_path / "absent" / "cr.pdf"))
    with pytest.raises(CommandError, match="est un dossier"):
        call_command("minutes", scene.slug, "--output", str(tmp_path))
    assert Document.objects.count() == 0
    assert list(tmp_path.iterdir()) == []
