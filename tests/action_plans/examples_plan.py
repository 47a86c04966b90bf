"""Objects and rows of the views of the plan, for the guards."""

from datetime import date

from accounts.models import Prefecture
from tests.action_plans.builders import make_action
from tests.action_plans.builders_signals import make_measure
from tests.cast import Cast
from tests.examples import example, growing


@example("action_plans:board_move")
def card(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_action(prefecture).pk}


@growing("action_plans:board", reader="referente", budget=16)
@growing("action_plans:calendar", reader="referente", budget=18, query="?annee=2022")
@growing("action_plans:attention", reader="referente", budget=16, query="?quoi=sans-mesure")
@growing("action_plans:review_by_service", reader="referente", budget=8)
@growing("action_plans:review_by_axis", reader="auditeur", budget=8)
@growing("action_plans:plan_documents", reader="referente", budget=9)
def actions(cast: Cast, numbers: range) -> dict[str, object]:
    for number in numbers:
        action = make_action(
            cast.prefecture,
            f"Action {number}",
            service=cast.service if number % 2 else None,
            owner=cast.user("agent") if number % 3 else None,
            starts_on=date(2022, 1, 10),
            due_on=date(2022, 6, 30),
        )
        action.steps.create(title="Étape", due_on=date(2022, 3, 1))
        if number % 2:
            make_measure(action)
    return {}
