"""Bad tables: each refusal says the sheet, the cell, what and how to mend, and nothing is written."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from django.utils import timezone

from action_plans.enums import ActionState, ImportState
from action_plans.exchange.outcome import LineStatus
from action_plans.models import Action, ActionImport, Step
from action_plans.services.actions import move_action, update_action
from action_plans.services.import_undo import undo_import
from action_plans.services.imports import import_now
from common.spreadsheets import UnreadableFileError
from tests.action_plans.tables import (
    Table,
    changes,
    command,
    compared,
    export,
    faults,
    make_plan,
    snapshot,
)
from tests.cast import Cast


DATA = Path(__file__).parent.parent / "data" / "actions"


@pytest.fixture
def table(cast: Cast) -> Table:
    make_plan(cast)
    return Table(export(cast.prefecture))


def refused(cast: Cast, table: Table) -> list[tuple[str, str, str]]:
    """Apply a table that must be refused: nothing is written."""
    before = snapshot()
    found = faults(compared(cast, table.data(), apply=True))
    assert snapshot() == before
    assert ActionImport.objects.count() == 0
    return found


UNREADABLE = [
    (
        "Actions",
        "B2",
        "Ce texte compte 201 caractères ; la limite est de 200. Raccourcissez-le.",
    ),
    (
        "Actions",
        "C2",
        "« Finie » n’est pas un choix possible. Écrivez l’un de ceux-ci : « À lancer », "
        "« En cours », « Réalisée », « Efficace », « Inefficace », « Abandonnée ».",
    ),
    (
        "Actions",
        "K2",
        "« petit@ » n’est pas une adresse. Écrivez-la comme prenom.nom@exemple.fr.",
    ),
    (
        "Actions",
        "M2",
        "« avrl-21 » n’est pas une date. Écrivez-la en entier, comme 01/04/2022.",
    ),
    ("Actions", "N2", "Le 31/02/2022 n’existe pas au calendrier. Corrigez la date."),
    (
        "Actions",
        "O2",
        "« 44652 » est un nombre, pas une date. Donnez à la cellule le format « Date », ou écrivez "
        "la date comme 01/04/2022.",
    ),
    (
        "Actions",
        "P2",
        "« 12,5 % » n’est pas un avancement. Écrivez un nombre entier de 0 % à 100 %, comme 45 %.",
    ),
    (
        "Actions",
        "V2",
        "« cher » n’est pas un montant. Écrivez un nombre d’euros, comme 1250,50.",
    ),
    ("Actions", "W2", "« peut-être » ne se comprend pas ici. Écrivez oui ou non."),
    ("Actions", "E2", "Cette cellule ne peut pas rester vide. Remettez-y une valeur."),
    (
        "Actions",
        "A3",
        "« deux » n’est pas un numéro. Remettez celui du tableau exporté, ou videz la cellule si "
        "la ligne est nouvelle.",
    ),
]


def test_cells_that_cannot_be_read(cast: Cast, table: Table) -> None:
    table.set("due_on", 2, "31/02/2022").set("starts_on", 2, "avrl-21").set("done_on", 2, 44652)
    table.set("state", 2, "Finie").set("progress", 2, "12,5 %").set("cost", 2, "cher")
    table.set("owner_email", 2, "petit@").set("is_highlighted", 2, "peut-être")
    table.set("title", 2, "x" * 201).set("priority", 2, "").set("number", 3, "deux")
    assert refused(cast, table) == UNREADABLE


def test_names_that_nobody_bears(cast: Cast, table: Table) -> None:
    table.set("service", 3, "Acceuil du public").set("axis", 3, "Accueil").set("modules", 3, "9")
    table.set("owner", 3, "karim.petit@exemple.fr").set("commitments", 3, "M1-1 ; M1-9")
    found = refused(cast, table)
    assert [(cell, message.split(". ")[0]) for _, cell, message in found] == [
        ("G3", "« Accueil » n’est pas un axe connu"),
        ("H3", "« Acceuil du public » n’est pas un service connu"),
        ("I3", "« karim.petit@exemple.fr » n’est pas un compte de la préfecture connu"),
        ("Q3", "« 9 » n’est pas un module connu"),
        ("R3", "« M1-9 » n’est pas un engagement connu"),
    ]
    assert "Les plus proches : « Accueil du public »" in found[1][2]
    assert "« M1-1 »" in found[4][2]


def test_lines_that_lost_or_share_their_number(cast: Cast, table: Table) -> None:
    table.set("number", 2, "")
    table.set("number", 3, "").set("revision", 3, "")
    table.set("number", 4, 12)
    table.add(title="Nouvelle action").add(title="nouvelle  ACTION").add(number=12)
    assert [(cell, message[:60]) for _, cell, message in refused(cast, table)] == [
        ("A2", "Le numéro manque, alors que la ligne porte une révision : c’"),
        ("A3", "L’action n° 2 porte déjà cet intitulé. Si c’est elle, écrive"),
        ("A4", "Le numéro 12 est aussi à la ligne 7. Gardez une seule ligne "),
        ("B6", "La ligne 5 ouvre déjà une action de ce nom. Supprimez l’une "),
        ("A7", "Le numéro 12 est aussi à la ligne 4. Gardez une seule ligne "),
    ]


def test_numbers_of_nothing(cast: Cast, table: Table) -> None:
    Action.objects.get(number=2).mark_removed()
    table.add(number=99, title="X")
    assert [(cell, message[:52]) for _, cell, message in refused(cast, table)] == [
        ("A3", "L’action n° 2 a été retirée du plan. Rétablissez-la "),
        ("A5", "Aucune action de ce plan ne porte le numéro 99. Corr"),
    ]


def test_heads_that_are_missing_unknown_or_twice(cast: Cast, table: Table) -> None:
    head = table.lines()[0]
    head[table.place("title")] = "Intitulés"
    head[table.place("axis")] = "Mes notes"
    head[table.place("partners")] = "Moyens"
    head[table.place("revision")] = ""
    assert refused(cast, table) == [
        (
            "Actions",
            "B1",
            "« Intitulés » n’est pas une colonne du plan. Vouliez-vous écrire « Intitulé » ?",
        ),
        (
            "Actions",
            "G1",
            "« Mes notes » n’est pas une colonne du plan. Supprimez cette colonne, ou redonnez-lui son "
            "titre d’origine.",
        ),
        ("Actions", "U1", "La colonne « Moyens » est déjà en L1. Supprimez l’une des deux."),
        (
            "Actions",
            "AA1",
            "Cette colonne n’a pas de titre, alors que la cellule AA2 est remplie. Remettez son titre, "
            "ou videz-la.",
        ),
        (
            "Actions",
            "AA1",
            "La colonne « Révision » manque ; le tableau exporté la porte ici. Remettez-la, ou "
            "exportez de nouveau le plan.",
        ),
    ]


def test_a_column_taken_off_changes_nothing(cast: Cast, table: Table) -> None:
    outcome = compared(cast, table.drop("due_on").drop("origins").data())
    assert (faults(outcome), changes(outcome)) == ([], [])
    assert [(item.cell, item.message[:23]) for item in outcome.notices] == [
        ("N1", "La colonne «\u00a0Échéance\u00a0»")
    ]


def test_what_is_there_for_information_is_told(cast: Cast, table: Table) -> None:
    outcome = compared(cast, table.set("origins", 2, "Enquête 2021").data())
    assert changes(outcome) == []
    assert [item.cell for line in outcome.lines for item in line.notices] == ["X2"]


# --- States -----------------------------------------------------------------------------------


def test_states_follow_the_workflow(cast: Cast, table: Table) -> None:
    table.set("state", 2, "Efficace").set("state", 3, "Abandonnée")
    table.add(title="Nouvelle", state="Inefficace")
    assert refused(cast, table) == [
        (
            "Actions",
            "C2",
            "Une action « À lancer » ne devient pas « Efficace ». Écrivez « À lancer », ou l’un de ces "
            "états : « En cours », « Réalisée », « Abandonnée ».",
        ),
        (
            "Actions",
            "D3",
            "Abandonner l’action demande un motif. Dites pourquoi dans la colonne « Motif » (un motif "
            "écrit pour ce changement, pas l’ancien).",
        ),
        (
            "Actions",
            "C5",
            "Une nouvelle action ne commence pas « Inefficace ». Écrivez « À lancer », ou l’un de ces "
            "états : « En cours », « Réalisée », « Abandonnée ».",
        ),
    ]


def test_a_state_brings_what_its_button_brings(cast: Cast, table: Table) -> None:
    full = Action.objects.get(number=1)
    outcome = compared(cast, table.set("state", 2, "réalisée").data(), apply=True)
    today = timezone.localdate()
    assert changes(outcome) == [
        ("C2", "to_start", "done"),
        ("C2", None, today),
        ("C2", 45, 100),
    ]
    full.refresh_from_db()
    assert (full.state, full.done_on, full.progress, full.state_since) == (
        ActionState.DONE,
        today,
        100,
        today,
    )


def test_only_the_referent_concludes(cast: Cast) -> None:
    full, *_ = make_plan(cast)
    move_action(action=full, code="finish", scope=cast.scope("referente"))
    table = Table(export(cast.prefecture)).set("state", 2, "Efficace")
    table.set("state_reason", 2, "52 % → 71 % de satisfaits")
    before = snapshot()
    assert faults(compared(cast, table.data(), by=None, apply=True)) == [
        ("Actions", "C2", "Le référent qualité conclut sur l’effet d’une action.")
    ]
    assert snapshot() == before
    assert faults(compared(cast, table.data(), apply=True)) == []
    full.refresh_from_db()
    assert (full.state, full.verdict, full.verdict_by) == (
        "effective",
        "effective",
        cast.user("referente"),
    )
    assert full.state_reason == "52 % → 71 % de satisfaits"


# --- Dates ------------------------------------------------------------------------------------


def test_a_step_after_the_end_of_its_action(cast: Cast, table: Table) -> None:
    table.set("due_on", 2, date(2022, 1, 2))
    table.set("due_on", 3, date(2022, 7, 31), "Étapes")
    found = refused(cast, table)
    assert [(sheet, cell) for sheet, cell, _ in found] == [
        ("Actions", "N2"),
        ("Actions", "N2"),
        ("Étapes", "D3"),
    ]
    assert found[0][2].startswith("L’échéance (02/01/2022) précède le début (03/01/2022).")
    assert found[1][2].startswith(
        "L’étape « Recruter » est prévue le 01/03/2022, après cette échéance."
    )
    assert found[2][2].startswith(
        "L’étape est prévue le 31/07/2022, après l’échéance de l’action n° 1 (02/01/2022)."
    )
    table.set("due_on", 2, date(2022, 8, 31))
    assert faults(compared(cast, table.data())) == []


def test_steps_that_name_nothing(cast: Cast, table: Table) -> None:
    table.set("key", 2, "", "Étapes").set("number", 3, 2, "Étapes")
    table.add("Étapes", title="Sans action").add("Étapes", number=1, title="recruter")
    assert [(cell, message[:38]) for _, cell, message in refused(cast, table)] == [
        ("F2", "Le repère manque, alors que la ligne p"),
        ("F3", "Ce repère n’est pas celui d’une étape "),
        ("A4", "Le numéro de l’action manque. Une acti"),
        ("F5", "L’action n° 1 a une étape de ce nom, d"),
    ]


# --- Two people -------------------------------------------------------------------------------


def test_changes_of_others_are_kept_and_conflicts_told(cast: Cast, table: Table) -> None:
    full, bare, _ = Action.objects.order_by("number")
    full.history.model.objects.filter(id=full.pk)  # the export above is of revision 1
    full._history_user = cast.user("correspondant")
    update_action(action=full, values={"due_on": date(2022, 12, 31), "partners": "CCI"})
    update_action(action=bare, values={"partners": "CMA"})
    table.set("title", 2, "Ajouter beaucoup de plages").set("due_on", 2, date(2022, 9, 30))
    table.set("title", 3, "Refaire la signalétique du hall")
    ((sheet, cell, message),) = refused(cast, table)
    assert (sheet, cell) == ("Actions", "N2")
    assert message.startswith("M. Karim PETIT a changé « Échéance » le ")
    assert (
        "la valeur est maintenant « 31/12/2022 », et votre tableau porte « 30/09/2022 »" in message
    )
    # The remedy works: with the present value, the other cells are merged.
    outcome = compared(cast, table.set("due_on", 2, date(2022, 12, 31)).data(), apply=True)
    assert faults(outcome) == []
    assert [cell for cell, *_ in changes(outcome)] == ["B2", "B3"]
    bare.refresh_from_db()
    assert (bare.title, bare.partners) == ("Refaire la signalétique du hall", "CMA")


def test_codes_changed_by_somebody_else(cast: Cast, table: Table) -> None:
    bare = Action.objects.get(number=2)
    module = Action.objects.get(number=1).modules.get()
    update_action(action=bare, values={"modules": [module]})
    assert changes(compared(cast, table.data())) == []
    assert refused(cast, table.set("modules", 3, "2"))[0][1] == "Q3"


def test_revisions_that_never_were(cast: Cast, table: Table) -> None:
    table.set("revision", 2, 9).set("revision", 3, "")
    assert [(cell, message[:40]) for _, cell, message in refused(cast, table)] == [
        ("AA2", "La révision 9 n’est pas une de celles de"),
        ("AA3", "La révision manque : elle dit si quelqu’"),
    ]


# --- Files ------------------------------------------------------------------------------------


def test_the_table_of_another_prefecture(cast: Cast, table: Table) -> None:
    before = snapshot()
    outcome, _ = import_now(
        prefecture=cast.other_prefecture, file_name="x", data=table.data(), by=None, apply=True
    )
    assert {line.status for line in outcome.lines} == {LineStatus.REFUSED}
    assert faults(outcome)[0] == (
        "Actions",
        "AC2",
        "Cette ligne vient de la préfecture 41, et ce plan est celui de Indre-et-Loire (37). Choisissez "
        "le tableau de votre préfecture.",
    )
    assert snapshot() == before


def _head_only() -> bytes:
    return "Numéro;Intitulé;Révision\n".encode()


def _too_many() -> bytes:
    return _head_only() + b";x;\n" * 5001


def _locked() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<m:encryption-data/>")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "Ce fichier est vide."),
        (_head_only(), "Ce tableau n’a que sa ligne de titres."),
        (_too_many(), "La feuille « Actions » compte 5 001 lignes ; la limite est de 5 000."),
        (_locked(), "Ce classeur est protégé par un mot de passe."),
        (
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
            "Ce fichier est un document PDF, pas un tableau.",
        ),
    ],
    ids=["empty", "head only", "too many", "locked", "pdf"],
)
def test_files_that_are_no_plan(cast: Cast, data: bytes, message: str) -> None:
    with pytest.raises(UnreadableFileError) as refusal:
        compared(cast, data)
    assert refusal.value.message.replace("\u00a0", " ").startswith(message)


# --- Undo -------------------------------------------------------------------------------------


def test_undo_puts_back_what_nobody_changed_since(cast: Cast, table: Table) -> None:
    full, bare, _ = Action.objects.order_by("number")
    table.set("title", 2, "Titre du tableau").set("priority", 2, "Basse").set("modules", 2, "2")
    table.set("state", 3, "En cours").add(title="Nouvelle").add(title="Autre")
    table.set("title", 3, "Étape du tableau", "Étapes")
    _, imported = import_now(
        prefecture=cast.prefecture,
        file_name="plan.ods",
        data=table.data(),
        by=cast.user("referente"),
        apply=True,
    )
    assert imported is not None
    full.refresh_from_db()
    update_action(action=full, values={"priority": 1})
    other = Action.objects.get(title="Autre")
    update_action(action=other, values={"partners": "CCI"})
    undone = undo_import(imported=imported, by=cast.user("referente"))
    assert undone.state == ImportState.UNDONE
    assert [line.replace("\u00a0", " ") for line in undone.outcome["kept"]] == [
        "Action n° 1 : « priorité » a changé depuis, et reste tel quel.",
        "Action n° 5 : modifiée depuis l’import, elle reste dans le plan.",
    ]
    full.refresh_from_db()
    assert (full.title, full.priority) == ("Ajouter des plages de rendez-vous en ligne", 1)
    assert [module.number for module in full.modules.all()] == [1]
    bare.refresh_from_db()
    assert (bare.state, bare.revision) == (ActionState.TO_START, 3)
    assert Action.objects.get(title="Nouvelle").removed_at is not None
    assert Action.objects.get(title="Autre").removed_at is None
    assert Step.objects.filter(title="Étape du tableau").count() == 0
    before = snapshot()
    undo_import(imported=imported, by=cast.user("referente"))
    assert snapshot() == before


# --- The command ------------------------------------------------------------------------------


def test_command(cast: Cast, table: Table, tmp_path: Path) -> None:
    file = tmp_path / "plan.ods"
    file.write_bytes(table.set("due_on", 3, date(2022, 9, 1)).data())
    before = snapshot()
    dry = command(file, "--prefecture", "41")
    assert (dry["exit"], dry["applied"]) == (0, 0)
    assert dry["counts"] == {"added": 0, "changed": 1, "unchanged": 4, "refused": 0}
    assert dry["rows"][1]["changes"] == [
        {
            "column": "Échéance",
            "cell": "N3",
            "old": None,
            "new": "2022-09-01",
            "old_text": "",
            "new_text": "01/09/2022",
        }
    ]
    assert snapshot() == before
    done = command(file, "--prefecture", "41", "--apply")
    assert (done["exit"], done["applied"]) == (0, 1)
    assert Action.objects.get(number=2).due_on == date(2022, 9, 1)
    # The same file again: the cell says what the plan says.
    again = command(file, "--prefecture", "41", "--apply")
    assert (again["exit"], again["applied"], again["counts"]["unchanged"]) == (0, 0, 5)
    file.write_bytes(table.set("number", 3, "").data())
    refusal = command(file, "--prefecture", "41", "--apply")
    assert (refusal["exit"], refusal["applied"]) == (1, 0)
    assert refusal["rows"][1]["status"] == "refused"
    assert refusal["rows"][1]["errors"][0]["cell"] == "A3"


def test_command_without_a_plan(cast: Cast, tmp_path: Path) -> None:
    missing = command(tmp_path / "absent.ods", "--prefecture", "41")
    assert (missing["exit"], missing["rows"], missing["applied"]) == (1, [], 0)
    file = tmp_path / "plan.csv"
    file.write_bytes(_head_only())
    assert command(file, "--prefecture", "99")["errors"][0]["message"] == (
        "Aucune préfecture ne porte le code 99. Codes possibles : 37, 41."
    )
    assert command(file, "--prefecture", "41")["exit"] == 1
