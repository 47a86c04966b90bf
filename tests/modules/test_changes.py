"""What changes from one référentiel to the next: the diff, its JSON, its text."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from modules.enums import Certainty, ChangeKind
from modules.models import Commitment, Referential
from modules.rules.changes import (
    CommitmentText,
    Link,
    ModuleText,
    NoMappingError,
    Version,
    as_json,
    compare,
)
from modules.rules.changes_text import agenda_text, module_sentence
from modules.selectors.changes import version_of
from tests.cast import Cast
from tests.modules.examples import correct, make_referential


S, T = Certainty.SOURCED, Certainty.TO_CONFIRM
K = ChangeKind


def link(kind: ChangeKind, old: str, new: str, certainty: Certainty = S) -> Link:
    return Link(kind, tuple(old.split()), tuple(new.split()), "", certainty, "Comparaison")


def version(slug: str, codes: dict[str, tuple[int, str]], **links: Any) -> Version:
    return Version(
        slug=slug,
        name=slug.upper(),
        modules=(ModuleText(1, "Usagers", S), ModuleText(2, f"Titre {slug}", S)),
        commitments=tuple(
            CommitmentText(code, wording, S, module, "Rubrique")
            for code, (module, wording) in codes.items()
        ),
        previous=links.get("previous"),
        mapping_note="",
        module_links=links.get("module_links", ()),
        commitment_links=links.get("commitment_links", ()),
    )


OLD = version(
    "old",
    {"A": (1, "Répondre en 5 jours."), "B": (1, "Un."), "C": (1, "Deux."), "D": (2, "Seul.")}
    | {"E": (2, "Parti."), "F": (1, "Pareil.")},
)
NEW = version(
    "new",
    {
        "A": (1, "Répondre en 3 jours."),
        "BC": (1, "Un et deux."),
        "D1": (2, "Seul."),
        "D2": (1, "X."),
    }
    | {"F": (2, "Pareil."), "G": (1, "Nouveau.")},
    previous="old",
    module_links=(link(K.KEPT, "1", "1"), link(K.RENAMED, "2", "2")),
    commitment_links=(
        link(K.REWORDED, "A", "A"),
        link(K.MERGED, "B C", "BC"),
        link(K.SPLIT, "D", "D1 D2"),
        link(K.MOVED, "F", "F"),
        link(K.REMOVED, "E", ""),
        link(K.ADDED, "", "G", T),
    ),
)


def test_each_change_is_told_once_where_the_commitment_is_now() -> None:
    one, two = compare(OLD, NEW).modules
    assert [(item.kind, item.codes) for item in one.commitments] == [
        (K.ADDED, "G"),
        (K.REWORDED, "A"),
        (K.MERGED, "B, C → BC"),
    ]
    assert [(item.kind, item.codes) for item in two.commitments] == [
        (K.SPLIT, "D → D1, D2"),
        (K.MOVED, "F"),
        (K.REMOVED, "E"),
    ]
    assert one.counts == [(K.ADDED, 1), (K.REWORDED, 1), (K.MERGED, 1)]


def test_words_that_changed() -> None:
    (reworded,) = compare(OLD, NEW).modules[0].of_kind(K.REWORDED)
    assert [(piece.change.value, piece.text) for piece in reworded.pieces] == [
        ("same", "Répondre en "),
        ("removed", "5 "),
        ("added", "3 "),
        ("same", "jours."),
    ]


def test_texts_with_little_in_common_stand_one_under_the_other() -> None:
    (merged,) = compare(OLD, NEW).modules[0].of_kind(K.MERGED)
    assert [(piece.change.value, piece.text) for piece in merged.pieces] == [
        ("removed", "Un.\nDeux."),
        ("same", "\n"),
        ("added", "Un et deux."),
    ]


def test_only_a_module_wholly_kept_is_without_change() -> None:
    same = version("same", {}, previous="old", module_links=(link(K.KEPT, "1", "1"),))
    assert [module.is_same for module in compare(version("old", {}), same).modules] == [True]
    assert [module.is_same for module in compare(OLD, NEW).modules] == [False, False]


def test_no_mapping_no_comparison() -> None:
    with pytest.raises(NoMappingError, match="OLD ne déclare pas de correspondance avec NEW"):
        compare(NEW, OLD)


def test_text_of_the_agenda_item() -> None:
    assert agenda_text(compare(OLD, NEW), "Vous êtes concernés.", ["Module 1 : 3 à relire."]) == (
        "Ce qui change de OLD à NEW.\n\n"
        "Le module 1, « Usagers », est repris. Engagements : 1 ajouté, 1 reformulé, 1 issu d’une "
        "fusion.\n\nAjouté :\n- Nouveau (à confirmer)\n\nReformulé :\n- Répondre en 3 jours\n\n"
        "Issu d’une fusion :\n- Un et deux\n\n"
        "Le module 2, « Titre old », devient « Titre new ». Engagements : 1 scindé, 1 déplacé, "
        "1 retiré.\n\nRetiré :\n- Parti\n\nScindé :\n- Seul / X\n\n"
        "Vous êtes concernés.\n\n- Module 1 : 3 à relire.\n\n"
        "Ce qui porte la mention « à confirmer » n’a pas été retrouvé dans un document officiel."
    )


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (link(K.ADDED, "", "2"), "Le module 2, « Titre new », est ajouté"),
        (link(K.REMOVED, "2", ""), "Le module 2, « Titre old », est retiré"),
        (link(K.NARROWED, "2", "2"), "Le module 2, « Titre old », se restreint à « Titre new »"),
        (
            link(K.MERGED, "1 2", "2"),
            "Les modules 1, 2, « Usagers » et « Titre old », se fondent dans « Titre new »",
        ),
        (
            link(K.SPLIT, "2", "1 2"),
            "Le module 2, « Titre old », se partage entre « Usagers » et « Titre new »",
        ),
    ],
)
def test_sentence_of_a_module(changed: Link, expected: str) -> None:
    new = version("new", {}, previous="old", module_links=(changed,))
    (module,) = compare(version("old", {}), new).modules
    assert module_sentence(module) == expected


# --- The shipped référentiels -----------------------------------------------------------------
def diff(*names: str) -> dict[str, Any]:
    out = StringIO()
    call_command("referential_diff", *names, "--json", stdout=out)
    found = json.loads(out.getvalue())
    assert isinstance(found, dict)
    return found


@pytest.mark.django_db
@pytest.mark.parametrize("is_loaded", [False, True])
def test_diff_of_the_two_labels(is_loaded: bool) -> None:
    if is_loaded:
        make_referential()
    found = diff("qualipref-2.0", "qual-e-pref-2019")
    assert (found["old"]["slug"], found["new"]["slug"]) == ("qualipref-2-0", "qual-e-pref-2019")
    assert found["summary"]["modules"]["narrowed"] == [5]
    assert found["summary"]["modules"]["renamed"] == [2, 6]
    six = found["modules"][5]
    assert (six["kind"], six["certainty"]) == ("renamed", "sourced")
    assert six["old"] == [
        {"number": 6, "title": "Pilotage interministériel", "certainty": "sourced"}
    ]
    assert six["new"][0]["title"] == "Coordination des politiques publiques"
    one = found["modules"][0]["commitments"]
    assert len(one["added"]) == 8
    (surveys,) = [item for item in one["reworded"] if item["new"][0]["code"] == "M1-DG-1"]
    assert surveys["old"][0]["wording"] == "Réaliser des enquêtes de satisfaction."
    assert {"change": "added", "text": "satisfaction et en afficher les résultats."} in surveys[
        "words"
    ]
    assert [item["old"][0]["code"] for item in found["modules"][3]["commitments"]["moved"]] == [
        "M4-1",
        "M4-2",
        "M4-3",
    ]


@pytest.mark.django_db
def test_diff_towards_services_publics_plus() -> None:
    found = diff("qual-e-pref-2019", "services-publics-plus-2023")
    assert found["note"].startswith("Services Publics + ne remplace pas Qual-e-Pref")
    assert found["summary"]["commitments"]["added"] == ["SPP-8"]
    assert "M1-AP-1, M1-AP-3 → SPP-1" in found["summary"]["commitments"]["merged"]
    certainties = {
        item["certainty"]
        for module in found["modules"]
        for kind in module["commitments"].values()
        for item in kind
    }
    assert certainties == {"to_confirm"}


@pytest.mark.django_db
def test_file_and_database_say_the_same(cast: Cast) -> None:
    referential = make_referential()
    before = diff("qualipref-2-0", "modules/referentials/qual-e-pref-2019.yaml")
    assert diff("qualipref-2-0", "qual-e-pref-2019") == before
    older = Referential.objects.get(slug="qualipref-2-0")
    compared = as_json(compare(version_of(older), version_of(referential)))
    assert {**compared, "indicators": before["indicators"]} == before
    commitment = Commitment.objects.get(referential=referential, code="M1-PIL-1")
    correct(commitment, cast.user("admin"), wording="Mesurer ce que l’on fait.")
    added = diff("qualipref-2.0", "qual-e-pref-2019")["modules"][0]["commitments"]["added"]
    assert "Mesurer ce que l’on fait." in [item["new"][0]["wording"] for item in added]


@pytest.mark.django_db
def test_diff_in_french() -> None:
    out = StringIO()
    call_command("referential_diff", "qualipref-2.0", "qual-e-pref-2019", stdout=out)
    assert (
        "Le module 6, « Pilotage interministériel », devient « Coordination des politiques "
        "publiques »."
    ) in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("qual-e-pref-2019", "qualipref-2.0"), "l’ancien d’abord"),
        (("qualipref-2.0", "services-publics-plus-2023"), "ne déclare pas de correspondance"),
        (("inconnu", "qualipref-2.0"), "inconnu n’est ni un fichier ni un référentiel connu."),
    ],
)
def test_diff_that_cannot_be_made(names: tuple[str, str], expected: str) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match=expected):
        call_command("referential_diff", *names, "--json", stdout=out)
    assert expected in json.loads(out.getvalue())["errors"][0]["message"]
