"""Why a file could not be read or written is said in French, whatever the system's language."""

from pathlib import Path

import pytest

from common.local_files import cause_of, unreadable, unwritable


def reading(path: Path) -> OSError:
    with pytest.raises(OSError) as caught:  # noqa: PT011 (the system's own error is what is translated)
        path.read_bytes()
    return caught.value


def test_each_cause_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.touch()
    assert unreadable(tmp_path / "b.csv", reading(tmp_path / "b.csv")) == (
        f"{tmp_path / 'b.csv'} ne peut pas être lu : il n’existe pas ; vérifiez son nom et son dossier."
    )
    assert cause_of(reading(tmp_path)) == "c’est un dossier ; indiquez un fichier"
    assert cause_of(reading(file / "b.csv")).startswith(
        "un élément de son chemin n’est pas un dossier"
    )
    assert cause_of(reading(tmp_path / ("n" * 300))) == "son nom est trop long ; raccourcissez-le"


def test_an_unknown_cause_keeps_its_number() -> None:
    assert unwritable(Path("f.pdf"), OSError(5, "Input/output error")) == (
        "f.pdf ne peut pas être écrit : le système refuse (erreur 5)."
    )
