"""The demonstration holds every fact of the source, and can be rebuilt without touching others."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.models import Prefecture, User
from action_plans.enums import ActionState
from action_plans.models import BY_HAND, Action, Origin
from demo.content import DEMO_PASSWORD
from indicators.enums import Standing
from indicators.models import Measure
from meetings.models import Meeting, Minutes
from modules.models import LabelCycle
from tests.cast import LOGIN_BACKEND
from tests.client import StrictClient


pytestmark = pytest.mark.django_db


@pytest.fixture
def demo() -> None:
    call_command("demo", stdout=StringIO())


def test_demo_makes_the_eight_accounts(demo: None) -> None:
    emails = sorted(User.objects.filter(is_demo=True).values_list("email", flat=True))

    assert emails == [
        "admin@qualepref.demo",
        "agent@loir-et-cher.demo",
        "auditeur@loir-et-cher.demo",
        "correspondant@loir-et-cher.demo",
        "national@ministere.demo",
        "prefet@loir-et-cher.demo",
        "referent@autre.demo",
        "referente@loir-et-cher.demo",
    ]
    assert all(user.check_password(DEMO_PASSWORD) for user in User.objects.all()[:1])


def test_demo_builds_the_committee_of_2022(demo: None) -> None:
    meeting = Meeting.objects.get(slug="clu-loir-et-cher-2022")

    assert meeting.committee.bodies.count() == 16
    assert meeting.attendances.filter(presence="present").count() + meeting.guests.count() == 9
    assert meeting.agenda_items.filter(parent=None).count() == 5
    minutes = Minutes.objects.get(meeting=meeting)
    assert (minutes.version, minutes.state) == (1, "draft")
    assert minutes.questions.count() == 2


def test_demo_builds_the_perimeter_and_both_audits(demo: None) -> None:
    cycle = LabelCycle.objects.get(name="Qual-e-Pref 2022")

    numbers = [item.module.number for item in cycle.cycle_modules.order_by("position")]
    assert numbers == [1, 4]
    audits = [(str(audit.on), audit.body) for audit in cycle.audits.order_by("on")]
    assert audits == [("2022-07-13", ""), ("2022-07-28", "SOCOTEC")]
    assert "démonstration" in cycle.choice_note
    assert "démonstration" in cycle.validation_note


def test_demo_loads_nothing_into_a_used_database(demo: None) -> None:
    before = User.objects.count()
    out = StringIO()

    call_command("demo", "--if-empty", "--json", stdout=out)

    assert json.loads(out.getvalue()) == {"loaded": False}
    assert User.objects.count() == before
    with pytest.raises(CommandError, match="contient déjà"):
        call_command("demo", stdout=StringIO())
    assert User.objects.count() == before


def test_rebuilding_leaves_other_prefectures_alone(demo: None) -> None:
    kept = Prefecture.objects.create(
        code="37", slug="indre-et-loire", name="Indre-et-Loire", of_name="d’Indre-et-Loire"
    )
    first = Meeting.objects.get(slug="clu-loir-et-cher-2022").pk
    out = StringIO()

    call_command("demo", "--rebuild", "--json", stdout=out)

    answer = json.loads(out.getvalue())
    assert (answer["loaded"], answer["meeting"]) == (True, "clu-loir-et-cher-2022")
    assert Meeting.objects.get(slug="clu-loir-et-cher-2022").pk != first
    assert Prefecture.objects.filter(pk=kept.pk).exists()
    assert User.objects.filter(is_demo=True).count() == 8


def test_rebuilding_refuses_a_prefecture_that_is_not_the_demo() -> None:
    Prefecture.objects.create(code="41", slug="loir-et-cher", name="X", of_name="de X")

    with pytest.raises(CommandError, match="rien n’est retiré"):
        call_command("demo", "--rebuild", stdout=StringIO())

    assert Prefecture.objects.get().name == "X"


def test_demo_tells_the_chain_of_the_appointments_for_foreigners(demo: None) -> None:
    """The minutes say 52 %, two recruits, slots online, and that the effect will be measured: no more."""
    actions = Action.objects.filter(prefecture__slug="loir-et-cher")
    states = set(actions.values_list("state", flat=True))
    chain = actions.filter(number__lte=3).order_by("number")

    assert actions.count() == 25
    assert states == set(ActionState)
    assert ["adjointe" in chain[0].title, "section" in chain[1].title] == [True, True]
    assert "en ligne" in chain[2].title
    for action in chain:
        measure = action.measures.get(source=BY_HAND)
        assert (str(measure.baseline), measure.readings.count()) == ("0.520000", 0)
        sources = action.origins.order_by("source").values_list("source", flat=True)
        assert list(sources) == ["indicators.indicator", "modules.assessment_row"]
    assert {"meetings.decision", "meetings.question"} <= set(
        Origin.objects.values_list("source", flat=True)
    )


def test_the_weak_figure_of_a_file_leads_from_the_plain_list_to_its_cell(demo: None) -> None:
    """No filter is asked for: the indicator belongs to a module of the démarche."""
    client = StrictClient()
    referente = User.objects.get(email="referente@loir-et-cher.demo")
    client.force_login(referente, backend=LOGIN_BACKEND)
    sheet = reverse("indicators:figure_detail", args=["RDV-ETR"])
    shown = {
        line.indicator.code: line.reading
        for line in client.get(reverse("indicators:figure_list")).context["page"].lines
    }
    last = Measure.objects.get(indicator__code="RDV-ETR", period="2022-T2")
    point = reverse("indicators:measure_detail", args=["RDV-ETR", last.pk])

    assert shown["RDV-ETR"].standing == Standing.WATCH
    assert f'href="{point}"' in client.get(sheet).text
    text = client.get(point).text
    assert "suivi-rendez-vous-etrangers.ods" in text
    assert "cellule D15" in text
