"""The calendar: where a bar stands, which actions belong to a year; counts by service and axis."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from action_plans.enums import EffectOutcome
from action_plans.models import Action, ActionComment, Axis, EffectReading
from action_plans.rules.timeline import Bar, Span, bar_of, place_of
from action_plans.selectors import reviews, timeline
from action_plans.selectors.actions import actions_for_list, kept_actions
from action_plans.selectors.conditions import stalled
from action_plans.services.actions import move_action
from tests.action_plans.builders import make_undated
from tests.action_plans.builders_signals import make_measure
from tests.cast import Cast


CALENDAR = reverse("action_plans:calendar")
TODAY = date(2022, 9, 15)


# --- Arithmetic -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "place"),
    [
        (date(2022, 1, 1), 0),
        (date(2022, 2, 15), 150),  # half of February, which has 28 days
        (date(2024, 2, 15), 148),  # 14 days of 29
        (date(2022, 12, 31), 1196),
        (date(2021, 12, 31), None),
    ],
)
def test_place_of_a_day(day: date, place: int | None) -> None:
    assert place_of(day, day.year if place is not None else 2022) == place


@pytest.mark.parametrize(
    ("first", "last", "bar"),
    [
        (date(2022, 1, 1), date(2022, 12, 31), Bar(0, 1200, False, False)),
        (date(2022, 3, 1), date(2022, 3, 31), Bar(200, 100, False, False)),
        (date(2021, 6, 1), date(2022, 1, 31), Bar(0, 100, True, False)),
        (date(2022, 12, 1), date(2023, 6, 1), Bar(1100, 100, False, True)),
        # One day is still seen, even the last one of the year.
        (date(2022, 5, 2), date(2022, 5, 2), Bar(403, 6, False, False)),
        (date(2022, 12, 31), date(2022, 12, 31), Bar(1194, 6, False, False)),
        (date(2021, 1, 1), date(2021, 12, 31), None),
        (date(2023, 1, 1), date(2023, 2, 1), None),
        (date(2022, 3, 2), date(2022, 3, 1), None),
    ],
)
def test_bar_of_two_days(first: date, last: date, bar: Bar | None) -> None:
    assert bar_of(first, last, 2022) == bar


def test_planned_days_of_an_action() -> None:
    begun, due, done = date(2022, 3, 1), date(2022, 6, 30), date(2022, 5, 4)

    def planned(*days: date | None, is_open: bool = True) -> tuple[date, date] | None:
        return Span(*days).planned(TODAY, is_open=is_open)

    assert planned(begun, due, None) == (begun, due)
    assert planned(begun, due, done, is_open=False) == (begun, done)
    assert planned(None, due, None) == (due, due)
    # Nobody said when it must end: it goes on, unless it was given up.
    assert planned(begun, None, None) == (begun, TODAY)
    assert planned(begun, None, None, is_open=False) == (begun, begun)
    assert planned(date(2023, 1, 1), None, None) == (date(2023, 1, 1), date(2023, 1, 1))
    # Done before the day when it was to begin.
    assert planned(due, None, done, is_open=False) == (done, done)
    assert planned(None, None, None) is None


def test_days_for_which_an_action_is_late() -> None:
    span = Span(date(2022, 3, 1), date(2022, 6, 30), None)
    assert span.overrun(TODAY, is_open=True) == (date(2022, 7, 1), TODAY)
    assert span.overrun(date(2022, 6, 30), is_open=True) is None
    assert span.overrun(TODAY, is_open=False) is None
    assert Span(date(2022, 3, 1), None, None).overrun(TODAY, is_open=True) is None


# --- Rows of a year ---------------------------------------------------------------------------
def numbers(rows: Any) -> set[int]:
    return {row.number for row in rows}


@pytest.mark.django_db
def test_actions_of_a_year(cast: Cast) -> None:
    def action(starts: date | None, due: date | None) -> Action:
        return make_undated(cast.prefecture, starts_on=starts, due_on=due)

    inside = action(date(2022, 3, 1), date(2022, 4, 1))
    across = action(date(2021, 12, 1), date(2023, 1, 31))
    due_only = action(None, date(2022, 5, 1))
    owed_since = action(None, date(2021, 6, 1))
    finished = action(date(2021, 1, 1), date(2021, 6, 1))
    Action.objects.filter(pk=finished.pk).update(state="done", done_on=date(2021, 5, 1))
    loose = action(None, None)
    action(date(2023, 2, 1), None)
    rows = kept_actions(cast.scope("agent"))

    found = numbers(timeline.in_year(rows, 2022, TODAY))
    assert found == numbers([inside, across, due_only, owed_since])
    # A year to come has what is planned for it, not what is late today.
    assert numbers(timeline.in_year(rows, 2023, TODAY)) == {across.number, 7}
    assert numbers(timeline.undated(rows)) == {loose.number}
    assert timeline.years_of(rows, TODAY) == [2023, 2022, 2021]


@pytest.mark.django_db
def test_rows_are_grouped_ordered_and_drawn(cast: Cast) -> None:
    axis = Axis.objects.create(prefecture=cast.prefecture, title="Délais", position=1)
    late = make_undated(
        cast.prefecture, starts_on=date(2022, 3, 1), due_on=date(2022, 3, 31), axis=axis
    )
    late.steps.create(title="Publier", due_on=date(2022, 3, 16), done_on=date(2022, 3, 20))
    late.steps.create(title="Recruter", due_on=date(2023, 1, 1))
    done = make_undated(cast.prefecture, starts_on=date(2022, 1, 1), due_on=date(2022, 12, 1))
    Action.objects.filter(pk=done.pk).update(state="done", done_on=date(2022, 2, 28))
    rows = timeline.in_year(actions_for_list(cast.scope("agent")), 2022, TODAY)

    found = timeline.timeline_of(timeline.ordered_for(rows, "axe"), 2022, "axe", TODAY)

    assert [group.title for group in found.groups] == ["Délais", "Sans axe"]
    (drawn,), (other,) = (group.rows for group in found.groups)
    assert (drawn.look, drawn.line.days_late) == ("to_start", 168)
    assert drawn.bar == Bar(200, 100, False, False)
    assert drawn.overrun == Bar(300, 550, False, False)  # from April to today, 15 September
    assert [(tick.x, tick.is_done) for tick in drawn.ticks] == [(248, True)]
    assert drawn.step_words == "1 étape sur 2"
    assert (other.look, other.bar, other.overrun) == ("done", Bar(0, 200, False, False), None)
    assert [(month.first_day, numbers(row.line.action for row in month.rows)) for month in found.months] == [
        (date(2022, 2, 1), {done.number}),
        (date(2022, 3, 1), {late.number}),
    ]  # fmt: skip
    assert found.today_x == 846


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"annee": "1500"}, {"annee": "x", "par": "lune"}, {}])
def test_nonsense_in_the_address_gives_the_present_year(cast: Cast, query: dict[str, str]) -> None:
    today = timezone.localdate()
    make_undated(cast.prefecture, "Recruter", starts_on=today)
    make_undated(cast.prefecture, "Sans jour")
    page = cast.client("auditeur").get(CALENDAR, query)
    assert page.context["calendar"].year == today.year
    assert [group.title for group in page.context["calendar"].groups] == ["Sans axe"]
    assert [line.action.title for line in page.context["undated"]] == ["Sans jour"]


# --- By service, by axis, attention -----------------------------------------------------------
@pytest.fixture
def mixed(cast: Cast) -> list[Action]:
    """Late with a measure; asleep without; asleep but commented; done with an effect; abandoned."""
    today, scope = timezone.localdate(), cast.scope("referente")
    home, service = cast.prefecture, cast.service
    late = make_undated(home, service=service, due_on=today - timedelta(days=5))
    make_measure(late)
    asleep = make_undated(home, service=service)
    commented = make_undated(home, service=None)
    ActionComment.objects.create(action=commented, text="On avance.")
    done = make_undated(home, service=None)
    move_action(action=done, code="finish", scope=scope)
    EffectReading.objects.create(
        measure=make_measure(done),
        value="0.6",
        measured_on=today,
        outcome=EffectOutcome.PROGRESS,
        sentence="Progrès.",
    )
    given_up = make_undated(home, service=None)
    move_action(action=given_up, code="abandon", scope=scope, reason="Doublon.")
    # At noon of its day: whatever the hour of the trial, and the change of clocks between.
    long_ago = timezone.make_aware(datetime.combine(today - timedelta(days=61), time(12)))
    Action.objects.filter(pk__in=[asleep.pk, commented.pk]).update(updated_at=long_ago)
    return [late, asleep, commented, done, given_up]


@pytest.mark.django_db
def test_counts_by_service(cast: Cast, mixed: list[Action]) -> None:
    found = reviews.review_by(kept_actions(cast.scope("agent")), "service", timezone.localdate())

    def figures(line: reviews.ReviewLine) -> tuple[list[int], list[int]]:
        return [item.value for item in line.states], [item.value for item in line.signs]

    assert [line.title for line in found.lines] == ["Accueil du public", "Sans service"]
    # À lancer, en cours, réalisée, efficace, inefficace, abandonnée; retard, sommeil, effet, sans mesure.
    assert figures(found.lines[0]) == ([2, 0, 0, 0, 0, 0], [1, 1, 0, 1])
    assert figures(found.lines[1]) == ([1, 0, 1, 0, 0, 1], [0, 0, 1, 1])
    assert figures(found.total) == ([3, 0, 1, 0, 0, 1], [1, 1, 1, 2])
    assert (found.lines[0].total, found.lines[1].total, found.total.total) == (2, 3, 5)
    service = cast.service.pk
    assert found.lines[0].states[0].url == f"/actions/?service={service}&state=to_start"
    assert found.lines[0].signs[1].url == f"/actions/a-surveiller/?service={service}&quoi=sommeil"
    assert found.lines[1].states[0].url == "", "no page lists what has no service"
    assert found.lines[0].states[1].url == "", "nothing to list"


@pytest.mark.django_db
def test_links_of_the_counts_lead_to_as_many_actions(cast: Cast, mixed: list[Action]) -> None:
    client = cast.client("referente")
    found = reviews.review_by(kept_actions(cast.scope("agent")), "service", timezone.localdate())
    for line in (*found.lines, found.total):
        for figure in (*line.states, *line.signs):
            if figure.url:
                page = client.get(figure.url).context["page"]
                assert page.paginator.count == figure.value, (line.title, figure)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["step", "measure", "origin"])
def test_whatever_is_written_wakes_an_action(cast: Cast, mixed: list[Action], what: str) -> None:
    asleep, today = mixed[1], timezone.localdate()
    rows = kept_actions(cast.scope("agent")).filter(stalled(today))
    assert list(rows) == [asleep]
    match what:
        case "step":
            asleep.steps.create(title="Publier")
        case "measure":
            make_measure(asleep)
        case "origin":
            asleep.origins.create(label="Enquête")
    assert not rows.all().exists()


@pytest.mark.django_db
def test_reasons_for_attention(cast: Cast, mixed: list[Action]) -> None:
    late, asleep, commented, *_ = mixed
    client, url = cast.client("agent"), reverse("action_plans:attention")
    page = client.get(url)
    reasons = page.context["reasons"]
    assert [(reason.code, reason.count) for reason in reasons] == [
        ("retard", 1),
        ("sommeil", 1),
        ("sans-mesure", 2),
    ]
    assert page.context["chosen"].code == "retard"

    def shown(code: str) -> list[Action]:
        return [item.line.action for item in client.get(url, {"quoi": code}).context["lines"]]

    assert (shown("retard"), shown("sommeil")) == ([late], [asleep])
    assert shown("sans-mesure") == [asleep, commented]
    # The list and the « fil rouge » call the same ones « sans mesure ».
    listed = client.get(reverse("action_plans:action_list"), {"measure": "without"}).context["page"]
    thread = client.get(reverse("action_plans:thread_list"), {"missing": "measure"}).context
    assert numbers(listed) == numbers([asleep, commented])
    assert numbers(line.action for line in thread["lines"]) == numbers([asleep, commented])
    assert thread["counts"].without_measure == 2
    assert "sans changement depuis 61 jours" in client.get(url, {"quoi": "sommeil"}).text
