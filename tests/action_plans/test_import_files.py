"""Tables as LibreOffice writes them: cells repeated, dates and percentages of its own, lines shifted."""

from datetime import date
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from action_plans.exchange.outcome import LineStatus
from action_plans.models import Action
from action_plans.services.actions import open_action, update_action
from tests.action_plans.tables import (
    Table,
    changes,
    compared,
    export,
    faults,
    make_plan,
    snapshot,
)
from tests.cast import Cast


DATA = Path(__file__).parent.parent / "data" / "actions"


def test_what_was_edited_in_libreoffice_and_nothing_else(cast: Cast) -> None:
    make_plan(cast)
    outcome = compared(cast, (DATA / "libreoffice.ods").read_bytes())
    assert faults(outcome) == []
    assert changes(outcome) == [
        ("P2", 45, 60),
        ("N3", None, date(2022, 9, 1)),
        ("U4", "-12\n'+x\n\t007", "-12\n'+x\n007\nUne ligne de plus"),
    ]


def test_a_line_whose_cells_moved_to_the_right(cast: Cast) -> None:
    make_plan(cast)
    before = snapshot()
    outcome = compared(cast, (DATA / "ligne-decalee.ods").read_bytes(), apply=True)
    found = faults(outcome)
    assert [cell for _, cell, _ in found] == ["C3", "F3", "AC3"]
    assert found[2][2] == (
        "« essai » n’est pas un code de préfecture : les cellules de cette ligne ont sans doute glissé "
        "d’une colonne. Remettez-les sous leurs titres."
    )
    assert snapshot() == before


def test_numbers_lost_or_twice_and_a_date_in_words(cast: Cast) -> None:
    make_plan(cast)
    before = snapshot()
    outcome = compared(cast, (DATA / "numeros-perdus.xlsx").read_bytes(), apply=True)
    assert [(cell, message[:44]) for _, cell, message in faults(outcome)] == [
        ("A2", "Le numéro manque, alors que la ligne porte u"),
        ("M3", "« avrl-21 » n’est pas une date. Écrivez-la e"),
        ("A3", "Le numéro 2 est aussi à la ligne 4. Gardez u"),
        ("A4", "Le numéro 2 est aussi à la ligne 3. Gardez u"),
    ]
    assert snapshot() == before


def test_comparing_more_lines_asks_no_more_queries(cast: Cast) -> None:
    def queries(numbers: range) -> int:
        for number in numbers:
            open_action(prefecture=cast.prefecture, values={"title": f"Action {number}"})
        table = Table(export(cast.prefecture))
        for action in Action.objects.all():
            update_action(action=action, values={"partners": f"CCI {numbers.stop}"})
        for line in range(2, len(table.lines()) + 1):
            table.set("title", line, f"Titre {numbers.stop}-{line}")
        data = table.data()
        with CaptureQueriesContext(connection) as captured:
            outcome = compared(cast, data)
        assert len(outcome.lines) == outcome.count(LineStatus.CHANGED) == numbers.stop
        return len(captured)

    assert queries(range(2)) == queries(range(2, 12))
