"""Référentiel files: what is shipped is sound, what is faulty is refused line by line."""

from datetime import date
from pathlib import Path

import pytest

from modules.enums import Certainty
from modules.referential_files import ReferentialFileError, parse, read, shipped_files


GOOD = """\
format: 1
referential:
  slug: essai-1
  name: Essai
  publisher: Ministère
  published_on: 2018-12-19
  source: Page de titre
  certainty: sourced
modules:
  - number: 1
    title: Relation générale
    compulsory: true
    number_certainty: sourced
    title_certainty: to_confirm
    source: Compte rendu
"""


def faults(text: str) -> list[str]:
    with pytest.raises(ReferentialFileError) as refusal:
        parse(text)
    return [str(fault) for fault in refusal.value.faults]


def test_shipped_files_are_sound() -> None:
    entries = {path.name: parse(read(path)) for path in shipped_files()}
    assert sorted(entries) == ["qual-e-pref-2019.yaml", "qualipref-2.0.yaml"]
    for entry in entries.values():
        assert [module.number for module in entry.modules] == [1, 2, 3, 4, 5, 6, 7, 8]
        assert [module.number for module in entry.modules if module.is_compulsory] == [1]


def test_what_is_not_known_is_marked() -> None:
    entry = next(parse(read(path)) for path in shipped_files() if "qual-e-pref" in path.name)
    unknown = [m.number for m in entry.modules if m.title_certainty is Certainty.TO_CONFIRM]
    assert unknown == [2, 8]
    sure = [m.number for m in entry.modules if m.number_certainty is Certainty.SOURCED]
    assert sure == [1, 4]
    assert entry.published_on == date(2018, 12, 19)
    assert entry.updated_on == date(2019, 2, 4)


def test_good_file() -> None:
    entry = parse(GOOD)
    assert (entry.slug, entry.pages, entry.updated_on, entry.notes) == ("essai-1", None, None, "")
    assert entry.modules[0].title_certainty is Certainty.TO_CONFIRM
    assert entry.modules[0].scope_note == ""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("format: 1", "format: 2", "ligne 1, clé format : la version 2 n’est pas connue"),
        (
            "name: Essai",
            "name: ''",
            "ligne 4, referential, clé name : cette clé manque ou est vide",
        ),
        ("  name: Essai\n", "", "ligne 3, referential, clé name : cette clé manque ou est vide"),
        ("slug: essai-1", "slug: Essai 1", "ligne 3, referential, clé slug : attendu : des minus"),
        ("2018-12-19", "2018-13-19", "« 2018-13-19 » ne convient pas ; attendu : une date comme"),
        ("number: 1", "number: un", "ligne 10, 1er module, clé number : « un » ne convient pas"),
        ("number: 1", "number: 0", "attendu : un nombre entier de 1 à 99"),
        ("true", "peut-être", "clé compulsory : « peut-être » ne convient pas ; attendu : true"),
        ("to_confirm", "sûr", "clé title_certainty : « sûr » ne convient pas"),
        ("compulsory: true", "compulsory: false", "aucun module n’est obligatoire"),
        ("title: Rel", "titel: Rel", "clé titel : cette clé n’existe pas. Clés possibles : compul"),
        ("  name: Essai\n", "  name: A\n  name: B\n", "clé name : cette clé est écrite deux fois"),
        (
            "title: Relation",
            "title: [a]\n    x: Relation",
            "clé title : attendu : une seule valeur",
        ),
        ("title: Relation générale", f"title: {'a' * 201}", "201 caractères ; 200 au plus"),
        ("modules:\n", "modules: 3\nx:\n", "clé modules : attendu : une liste de modules"),
        ("  - number: 1", "  - essai\n  - number: 1", "1er module : attendu : des lignes « clé"),
    ],
)
def test_fault_is_named_with_its_place(old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in "\n".join(faults(GOOD.replace(old, new, 1)))


def test_every_fault_is_listed() -> None:
    text = GOOD.replace("name: Essai", "name:").replace("number: 1", "number: x")
    assert [fault.split(" : ")[0] for fault in faults(text)] == [
        "ligne 4, referential, clé name",
        "ligne 10, 1er module, clé number",
    ]


def test_number_used_twice() -> None:
    twice = GOOD + GOOD[GOOD.index("  - number") :]
    assert faults(twice) == ["ligne 10, clé modules : le module n° 1 y est plus d’une fois."]


def test_update_before_publication() -> None:
    text = GOOD.replace("  source: Page", "  updated_on: 2017-01-01\n  source: Page")
    assert faults(text) == [
        "ligne 7, referential, clé updated_on : la mise à jour précède la publication."
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "fichier : il est vide."),
        ("a: [1", "ligne 1 : ce n’est pas du YAML valide"),
        ("- 1", "ligne 1 : attendu : des lignes « clé: valeur »."),
        ("format: 1\n---\nformat: 1", "ligne 2 : ce n’est pas du YAML valide"),
        ("? [a]\n: b", "attendu : un mot comme clé."),
        ("format: 1", "clé referential : cette clé manque."),
        ("[" * 5000, "trop imbriqué"),
        ("a: \x00", "n’est pas du YAML valide"),
    ],
)
def test_not_a_referential(text: str, expected: str) -> None:
    assert expected in "\n".join(faults(text))


def test_unreadable_files(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("format: 1\nname: référentiel".encode("latin-1"))
    with pytest.raises(ReferentialFileError, match="ligne 2 : le texte n’est pas en UTF-8"):
        read(latin)
    with pytest.raises(ReferentialFileError, match="il ne peut pas être lu"):
        read(tmp_path / "absent.yaml")
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ReferentialFileError, match="il dépasse 1 Mo"):
        read(huge)
