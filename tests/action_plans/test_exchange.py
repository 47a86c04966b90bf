"""The table of the plan: what is exported comes back as it was, whatever the texts and the format."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from action_plans.enums import ActionState
from action_plans.exchange.cells import canonical_line, canonical_text
from action_plans.exchange.outcome import LineStatus
from action_plans.exchange.writing import write_plan
from action_plans.models import Action
from action_plans.selectors.exchange import plan_of
from common.spreadsheets import read_sheets
from tests.action_plans.tables import TITLES, Table, changes, compared, export, faults, make_plan
from tests.cast import Cast


FORMATS = ("ods", "xlsx", "csv")
ODD = st.text(
    alphabet=st.one_of(
        st.sampled_from("=+-@'\"\\;,<>&\n\t _x0041_é’«»🙂0"),
        st.characters(exclude_categories=("Cs",), max_codepoint=0xFFFD),
    ),
    max_size=60,
)


@pytest.mark.parametrize("fmt", FORMATS)
def test_round_trip_changes_nothing(cast: Cast, fmt: str) -> None:
    make_plan(cast)
    outcome = compared(cast, export(cast.prefecture, fmt))
    assert faults(outcome) == []
    assert changes(outcome) == []
    assert outcome.notices == ()
    assert [line.notices for line in outcome.lines] == [()] * len(outcome.lines)
    assert outcome.count(LineStatus.UNCHANGED) == (3 if fmt == "csv" else 5)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(title=ODD, text=ODD, fmt=st.sampled_from(FORMATS))
def test_odd_texts_come_back(cast: Cast, title: str, text: str, fmt: str) -> None:
    Action.objects.all().delete()
    Action.objects.create(
        prefecture=cast.prefecture,
        number=7,
        title=canonical_line(f"x{title}")[:200],
        partners=canonical_line(title),
        problem=text,
        cause="Très long " * 390,
        state_since=date(2022, 1, 1),
    )
    data = export(cast.prefecture, fmt)
    outcome = compared(cast, data)
    assert (faults(outcome), changes(outcome)) == ([], [])
    # Not only equal as compared: a reader of the file sees the very text.
    line = read_sheets(data)[0].lines[1]
    read = dict(zip(read_sheets(data)[0].lines[0], line, strict=True))
    assert read[TITLES["partners"]] == canonical_line(title)
    assert canonical_text(str(read[TITLES["problem"]])) == canonical_text(text)


def test_cells_are_true_dates_and_percentages(cast: Cast) -> None:
    make_plan(cast)
    for fmt in ("ods", "xlsx"):
        sheets = {sheet.name: sheet.lines for sheet in read_sheets(export(cast.prefecture, fmt))}
        read = dict(zip(sheets["Actions"][0], sheets["Actions"][1], strict=True))
        due = read["Échéance"]
        assert (due.year, due.month, due.day) == (2022, 6, 30)
        assert read["Avancement"] == 0.45
        assert read["Coût (euros)"] == 1250.5
        assert (read["Numéro"], read["Révision"], read["Préfecture"]) == (1, 1, "41")
        assert (read["Modules"], read["Engagements"]) == ("1", "M1-1 ; M1-2")
        assert read["Compte du responsable"] == "correspondant@exemple.fr"
        assert [line[1] for line in sheets["Étapes"][1:]] == ["Recruter", "Ouvrir les plages"]
        assert sheets["Mode d’emploi"][0] == ["Sujet", "Explication"]
        assert len(sheets["Mode d’emploi"]) == 13


def test_csv_is_for_french_spreadsheets(cast: Cast) -> None:
    make_plan(cast)
    text = export(cast.prefecture, "csv").decode("utf-8-sig")
    assert text.startswith("Numéro;Intitulé;État;Motif;")
    assert "30/06/2022" in text
    assert "1250,50" in text
    assert "Recruter, pour le 01/03/2022\nOuvrir les plages, par M. Petit" in text
    assert "'=SOMME(A1)" in text


def test_a_reader_sees_no_address(cast: Cast) -> None:
    make_plan(cast)
    data = write_plan(plan_of(cast.prefecture), "csv", with_private=False).decode()
    assert "correspondant@exemple.fr" not in data
    assert "Courriel" not in data


def test_removed_actions_are_not_exported(cast: Cast) -> None:
    _, bare, _ = make_plan(cast)
    bare.mark_removed()
    lines = Table(export(cast.prefecture)).lines()
    assert [line[0] for line in lines[1:]] == [1, 3]


def test_what_an_edited_table_changes(cast: Cast) -> None:
    full, bare, _ = make_plan(cast)
    table = Table(export(cast.prefecture))
    table.set("title", 3, "Refaire toute la signalétique").set("due_on", 3, date(2022, 9, 1))
    table.set("service", 3, "SAP").set("modules", 3, "2; 1").set("progress", 2, 0.6)
    table.add(title="Former les agents", owner="M. Karim Petit", priority="haute", cost="1 200,5 €")
    table.add("Étapes", number=2, title="Consulter l’association")
    outcome = compared(cast, table.data(), apply=True)
    assert faults(outcome) == []
    assert changes(outcome) == [
        ("P2", 45, 60),
        ("B3", "Refaire la signalétique", "Refaire toute la signalétique"),
        ("H3", "", "Accueil du public"),
        ("N3", None, date(2022, 9, 1)),
        ("Q3", (), ("1", "2")),
        ("B5", None, "Former les agents"),
        ("E5", None, 1),
        ("I5", None, "correspondant@exemple.fr"),
        ("V5", None, Decimal("1200.50")),
        ("B4", None, "Consulter l’association"),
    ]
    bare.refresh_from_db()
    assert (bare.title, bare.due_on, bare.service) == (
        "Refaire toute la signalétique",
        date(2022, 9, 1),
        cast.service,
    )
    assert bare.revision == 2
    assert [module.number for module in bare.modules.order_by("number")] == [1, 2]
    added = Action.objects.get(number=4)
    assert (added.title, added.owner, added.priority, added.cost, added.state) == (
        "Former les agents",
        cast.user("correspondant"),
        1,
        Decimal("1200.50"),
        ActionState.TO_START,
    )
    assert added.created_by == cast.user("referente")
    assert [step.title for step in bare.steps.all()] == ["Consulter l’association"]
    full.refresh_from_db()
    assert (full.progress, full.due_on, full.revision) == (60, date(2022, 6, 30), 2)
    # What was exported before still speaks of the rows as they were: the second time, nothing is lost.
    assert compared(cast, export(cast.prefecture)).changes_something is False


def test_history_is_what_saving_one_by_one_leaves(cast: Cast) -> None:
    _, bare, _ = make_plan(cast)
    table = Table(export(cast.prefecture)).set("title", 3, "Autre titre").set("modules", 3, "2")
    compared(cast, table.data(), apply=True)
    row = bare.history.order_by("-history_id").first()
    assert row is not None
    assert (row.title, row.revision, row.history_type) == ("Autre titre", 2, "~")
    assert row.history_user == cast.user("referente")
    assert [link.module.number for link in row.modules.all()] == [2]
    bare.refresh_from_db()
    assert (row.created_at, row.state_since) == (bare.created_at, bare.state_since)


def test_moved_columns_a_title_above_and_another_sheet_name(cast: Cast) -> None:
    make_plan(cast)
    table = Table(export(cast.prefecture))
    place = table.place("due_on")
    for line in table.lines():
        line.insert(0, line.pop(place))
    table.lines()[0][0] = "échéance "
    table.sheets = {"Feuille1": [["Plan d’actions 2022"], *table.lines()]}
    outcome = compared(cast, table.data())
    assert (faults(outcome), changes(outcome)) == ([], [])
