"""Référentiel files: what is shipped is sound, what is faulty is refused line by line."""

from datetime import date
from pathlib import Path

import pytest

from modules.enums import Certainty
from modules.referential_files import SHIPPED, check, parse, read, shipped_files, shipped_in_order
from modules.referential_files_entries import ReferentialFileError
from tests.modules.examples import MAPPING, small_text


GOOD = small_text()
KNOWN = {"qual-e-pref-2019", "qualipref-2.0", "services-publics-plus-2023"}


def faults(text: str) -> list[str]:
    with pytest.raises(ReferentialFileError) as refusal:
        parse(text)
    return [str(fault) for fault in refusal.value.faults]


def test_shipped_files_are_sound() -> None:
    for path in shipped_files():
        check(read(path), SHIPPED)
    # A newcomer adds a file: no test has to know it.
    entries = {path.stem: parse(read(path)) for path in shipped_files() if path.stem in KNOWN}
    assert set(entries) == KNOWN
    plus = entries.pop("services-publics-plus-2023")
    assert [item.code for item in plus.commitments] == [f"SPP-{rank}" for rank in range(1, 9)]
    unsure = [item.code for item in plus.commitments if item.certainty is Certainty.TO_CONFIRM]
    assert unsure == ["SPP-8"]
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
        ("format: 2", "format: 1", "ligne 1, clé format : la version 1 n’est pas connue"),
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
        ("code: R-1", "code: r 1", "ligne 17, 1er module, 1re rubrique, clé code : « r 1 » ne"),
        ("wording:", "worded:", "1er engagement, clé worded : cette clé n’existe pas"),
        ("[MYST]", "[MYST, MYST]", "clé indicators : « MYST » y est deux fois"),
        ("[MYST]", "[[MYST]]", "clé indicators : attendu : une liste de textes"),
        ("[MYST]", f"[{'A' * 31}]", "clé indicators : 31 caractères ; 30 au plus"),
        (
            "            evidence_certainty: to_confirm\n",
            "",
            "ligne 22, 1er module, 1re rubrique, 1er engagement, clé evidence_certainty : cette",
        ),
        (
            "            evidence: Badges\n            audit: Visite mystère\n",
            "",
            "clé evidence_certainty : cette clé accompagne evidence ou audit",
        ),
        (
            "        commitments:\n",
            "        commitments: non\n        x:\n",
            "liste de engagements",
        ),
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


def test_a_fault_of_one_kind_hides_no_other(tmp_path: Path) -> None:
    """Key unknown, wrong type, code used twice, mapping lacking on both sides: told together."""
    (tmp_path / "one.yaml").write_text(small_text("essai-1", 2))
    text = (
        mapped("to: [E-1, E-2]", "to: [E-1]")
        .replace("from: [E-1, E-2]", "from: [E-1]")
        .replace("name: Essai", "name: Essai\n  pagse: 3")
        .replace("compulsory: true", "compulsory: oui")
    )
    twice = text[text.index("      - code: R-1") : text.index("mapping:")]
    with pytest.raises(ReferentialFileError) as refusal:
        check(text.replace("mapping:", f"{twice}mapping:"), tmp_path)
    told = [fault.message.split(" ; ")[0].split(".")[0] for fault in refusal.value.faults]
    assert told == [
        "cette clé n’existe pas",
        "« oui » ne convient pas",
        "ce code sert déjà à la ligne 18",
        "ce code sert déjà à la ligne 23",
        "ce code sert déjà à la ligne 31",
        "aucune correspondance ne le mène ici",
        "l’engagement E-2 de essai-1 n’a pas de correspondance (« removed » s’il est retiré)",
    ]


def test_number_used_twice() -> None:
    twice = GOOD + GOOD[GOOD.index("  - number") :]
    assert faults(twice) == [
        "ligne 10, clé modules : le module n° 1 y est plus d’une fois.",
        "ligne 37, rubrique R-1 : ce code sert déjà à la ligne 17.",
        "ligne 42, engagement E-1 : ce code sert déjà à la ligne 22.",
    ]


def mapped(old: str = "", new: str = "") -> str:
    text = small_text("essai-2", 2) + MAPPING.format(codes="E-1, E-2")
    assert old in text
    return text.replace(old, new, 1) if old else text


def test_good_mapping() -> None:
    mapping = parse(mapped()).mapping
    assert mapping is not None
    assert mapping.previous == "essai-1"
    assert [(item.kind, item.old, item.new) for item in mapping.commitments] == [
        ("added", (), ("E-1", "E-2")),
        ("removed", ("E-1", "E-2"), ()),
    ]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "to: [E-1, E-2]",
            "to: [E-1, E-9]",
            "clé to : l’engagement E-9 n’est pas dans ce fichier.",
        ),
        ("to: [E-1, E-2]", "to: [E-1]", "ligne 30, l’engagement E-2 : aucune correspondance ne"),
        (
            "kind: added",
            "kind: new",
            "clé kind : « new » ne convient pas ; attendu : kept, reworded",
        ),
        ("kind: added", "kind: renamed", "ligne 47, mapping : « renamed » ne convient pas ici"),
        ("kind: kept", "kind: reworded", "ligne 41, mapping : « reworded » ne convient pas ici"),
        ("kind: added", "kind: split", "mapping, clé from : 0 pour « split » ; attendu : 1."),
        ("kind: removed", "kind: merged", "clé to : 0 pour « merged » ; attendu : 1."),
        ("kind: kept", "kind: added", "clé from : 1 pour « added » ; attendu : aucun."),
        ("to: 1", "to: 2", "clé to : le module n° 2 n’est pas dans ce fichier."),
        ("to: 1", "to: un", "clé to : « un » ne convient pas ; attendu : un numéro de module"),
        ("from: essai-1", "from: essai-2", "un référentiel ne se succède pas à lui-même."),
        ("  from: essai-1\n", "", "mapping, clé from : cette clé manque ou est vide."),
        (
            "    - kind: removed\n      from: [E-1, E-2]",
            "    - kind: reworded\n      from: E-1\n      to: E-1",
            "mapping : l’engagement E-1 a déjà une correspondance à la ligne 47.",
        ),
    ],
)
def test_fault_of_the_mapping(old: str, new: str, expected: str) -> None:
    assert expected in "\n".join(faults(mapped(old, new)))


def test_mapping_against_the_previous_file(tmp_path: Path) -> None:
    def refused(text: str) -> str:
        with pytest.raises(ReferentialFileError) as refusal:
            check(text, tmp_path)
        return str(refusal.value)

    assert "aucun fichier n’a le slug essai-1" in refused(mapped())
    (tmp_path / "one.yaml").write_text(small_text("essai-1", 3))
    (tmp_path / "faulty.yaml").write_text("format: [")
    assert refused(mapped("from: [E-1, E-2]", "from: [E-1, E-8]")) == (
        "ligne 51, mapping, clé from : l’engagement E-8 n’est pas dans essai-1.\n"
        "ligne 39, mapping : l’engagement E-2 de essai-1 n’a pas de correspondance (« removed » "
        "s’il est retiré).\n"
        "ligne 39, mapping : l’engagement E-3 de essai-1 n’a pas de correspondance (« removed » "
        "s’il est retiré)."
    )
    (tmp_path / "one.yaml").write_text(small_text("essai-1", 2))
    assert check(mapped(), tmp_path).slug == "essai-2"


def test_shipped_files_come_after_the_one_they_follow() -> None:
    assert [entry.slug for path, entry in shipped_in_order() if path.stem in KNOWN] == [
        "qualipref-2-0",
        "qual-e-pref-2019",
        "services-publics-plus-2023",
    ]


def test_what_is_inferred_is_never_sourced() -> None:
    """Evidence is a deduction of ours everywhere but in Services Publics +."""
    for slug in ("qualipref-2.0", "qual-e-pref-2019"):
        entry = parse(read(SHIPPED / f"{slug}.yaml"))
        assert {item.evidence_certainty for item in entry.commitments} <= {
            Certainty.TO_CONFIRM,
            None,
        }
        for item in entry.commitments:
            if "non retrouvé" in item.wording or "déduit" in item.source.split("Formulation")[0]:
                assert item.certainty is Certainty.TO_CONFIRM, item.code


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
        ("format: 2\n---\nformat: 2", "ligne 2 : ce n’est pas du YAML valide"),
        ("? [a]\n: b", "attendu : un mot comme clé."),
        ("format: 2", "clé referential : cette clé manque."),
        ("[" * 5000, "trop imbriqué"),
        ("a: \x00", "n’est pas du YAML valide"),
    ],
)
def test_not_a_referential(text: str, expected: str) -> None:
    assert expected in "\n".join(faults(text))


def test_unreadable_files(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("format: 2\nname: référentiel".encode("latin-1"))
    with pytest.raises(ReferentialFileError, match="ligne 2 : le texte n’est pas en UTF-8"):
        read(latin)
    with pytest.raises(ReferentialFileError, match="il n’existe pas"):
        read(tmp_path / "absent.yaml")
    with pytest.raises(ReferentialFileError, match="il ne peut pas être lu"):
        read(tmp_path)
    huge = tmp_path / "huge.yaml"
    huge.write_bytes(b"#" * 1_000_001)
    with pytest.raises(ReferentialFileError, match="il dépasse 1 Mo"):
        read(huge)
