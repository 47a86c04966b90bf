"""Objects and rows of the actions for the guards; see tests/examples.py."""

from datetime import timedelta

from accounts.models import Prefecture, Service
from action_plans.models import Action, SavedView
from action_plans.services.axes import add_axis
from action_plans.services.comments import write_comment
from action_plans.services.evidence import attach_evidence
from tests.action_plans.builders import DUE_ON, make_action, make_step
from tests.cast import Cast
from tests.examples import example, growing
from tests.modules.builders import make_evidence, make_scene


@example("action_plans:action_detail", "action_plans:action_edit", "action_plans:action_remove")
@example("action_plans:action_restore", "action_plans:action_progress")
@example("action_plans:action_conclude", "action_plans:step_create")
@example("action_plans:comment_create", "action_plans:piece_attach")
def action(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_action(prefecture).pk}


@example("action_plans:action_move")
def move(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": make_action(prefecture).pk, "code": "abandon"}


@example("action_plans:step_edit", "action_plans:step_tick", "action_plans:step_shift")
@example("action_plans:step_remove", "action_plans:step_restore")
def step(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = make_step(make_action(prefecture))
    return {"pk": made.action_id, "step_pk": made.pk}


@example("action_plans:comment_remove", "action_plans:comment_restore")
def comment(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made = write_comment(action=make_action(prefecture), text="Vu.", author=cast.user("referente"))
    return {"pk": made.action_id, "comment_pk": made.pk}


@example("action_plans:piece_detach", "action_plans:piece_rejoin")
def piece(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    made, joined = make_action(prefecture), make_evidence(make_scene(prefecture))
    attach_evidence(action=made, pieces=[joined], by=None)
    return {"pk": made.pk, "piece_pk": joined.pk}


@example("action_plans:axis_edit", "action_plans:axis_shift", "action_plans:axis_remove")
@example("action_plans:axis_restore")
def axis(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    return {"pk": add_axis(prefecture=prefecture, title="Accueil").pk}


@example(
    "action_plans:view_edit",
    "action_plans:view_delete",
    hidden_from=("agent", "correspondant", "prefet", "auditeur"),
)
def saved_view(cast: Cast, prefecture: Prefecture) -> dict[str, object]:
    author = "referente" if prefecture == cast.prefecture else "other_referent"
    view = SavedView(
        user=cast.user(author), prefecture=prefecture, name="Retards", query="state=late"
    )
    view.save()
    return {"pk": view.pk}


def _fill(cast: Cast, numbers: range) -> None:
    for number in numbers:
        made = make_action(
            cast.prefecture,
            f"Action {number}",
            due_on=DUE_ON + timedelta(days=number),
            axis=add_axis(prefecture=cast.prefecture, title=f"Axe {number}"),
            service=Service.objects.create(prefecture=cast.prefecture, name=f"Bureau {number:02}"),
            owner=cast.user("referente"),
        )
        make_step(made)
        view = SavedView(user=cast.user("referente"), prefecture=cast.prefecture)
        view.name, view.query = f"Vue {number}", f"q={number}"
        view.save()


@growing(
    "action_plans:action_list", reader="referente", budget=16, query="?q=action&measure=without"
)
@growing("action_plans:my_actions", reader="referente", budget=12)
@growing("action_plans:axis_list", reader="referente", budget=12)
def many_actions(cast: Cast, numbers: range) -> dict[str, object]:
    _fill(cast, numbers)
    return {}


@growing("action_plans:action_detail", reader="referente", budget=45)
def many_parts(cast: Cast, numbers: range) -> dict[str, object]:
    found: Action | None = Action.objects.first()
    made = found or make_action(cast.prefecture, owner=cast.user("referente"))
    scene = make_scene(cast.prefecture, name=f"Démarche {numbers.start}")
    for number in numbers:
        make_step(made, f"Étape {number}")
        write_comment(action=made, text=f"Point {number}", author=cast.user("agent"))
        proof = make_evidence(scene, title=f"Pièce {number}")
        attach_evidence(action=made, pieces=[proof], by=None)
    return {"pk": made.pk}
