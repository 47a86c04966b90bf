"""Validated, published, reopened; letters to those who owe figures."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import Service
from indicators.entry_rules import is_reminder_due
from indicators.enums import Level, MeasureState
from indicators.models import EntryReminder, Measure, MeasureRevision
from indicators.reading.periods import Period
from indicators.services.reminders import remind_figures, remind_period, send_reminder
from modules import services as modules_services
from tests.cast import Cast
from tests.indicators.builders import make_indicator, make_measure
from tests.modules.builders import small_referential


pytestmark = pytest.mark.django_db
QUARTER = Period.from_code("2021-T4")
MONDAY = date(2022, 1, 10)


def state_of(measure: Measure) -> str:
    return Measure.objects.get(pk=measure.pk).state


def seen_by(cast: Cast) -> str:
    """What the page of the grid sends back when it is validated."""
    page = cast.client("referente").get(reverse("indicators:entry_grid", args=[QUARTER]))
    return str(page.context["grid"].seen)


def act(cast: Cast, name: str, *args: Any, who: str = "referente", **data: str) -> Any:
    return cast.client(who).post(reverse(f"indicators:{name}", args=args), data, follow=True)


def test_validated_then_published_then_reopened_with_a_reason(cast: Cast) -> None:
    one, two = (make_measure(cast.prefecture, make_indicator(code)) for code in ("A", "B"))
    elsewhere = make_measure(cast.other_prefecture, make_indicator("A"))
    seen = seen_by(cast)
    assert "2 mesures sont validées" in act(cast, "period_validate", QUARTER, seen=seen).text
    assert (state_of(one), state_of(elsewhere)) == (MeasureState.VALIDATED, MeasureState.ENTERED)
    assert "n’attendait" in act(cast, "period_validate", QUARTER, seen=seen).text
    act(cast, "period_publish", QUARTER)
    assert {state_of(one), state_of(two)} == {MeasureState.PUBLISHED}
    assert "Dites pourquoi" in act(cast, "measure_reopen", one.pk, reason=" ").content.decode()
    assert state_of(one) == MeasureState.PUBLISHED
    act(cast, "measure_reopen", one.pk, reason="Le standard a corrigé ses chiffres")
    kept = MeasureRevision.objects.get()
    assert (kept.measure, kept.reason) == (one, "Le standard a corrigé ses chiffres")
    assert (kept.before["state"], kept.before["value"]) == (MeasureState.PUBLISHED, "0.900000")
    assert (state_of(one), state_of(two)) == (MeasureState.ENTERED, MeasureState.PUBLISHED)
    assert Measure.objects.get(pk=one.pk).validated_by is None


def test_what_changed_since_the_page_came_is_not_validated(cast: Cast) -> None:
    one, two = (make_measure(cast.prefecture, make_indicator(code)) for code in ("A", "B"))
    seen = seen_by(cast)
    row = reverse("indicators:entry_row", args=[QUARTER, f"{one.indicator_id}-p"])
    assert cast.client("referente").post(row, {"revision": "1", "value": "12"}).status_code == 200
    late = make_measure(cast.prefecture, make_indicator("C"))
    page = act(cast, "period_validate", QUARTER, seen=seen).text
    assert "1 mesure est validée" in page
    assert "2 mesures ont changé depuis que la page est affichée" in page
    states = [state_of(item) for item in (one, two, late)]
    assert states == [MeasureState.ENTERED, MeasureState.VALIDATED, MeasureState.ENTERED]
    assert "elle n’est pas validée" in act(cast, "measure_validate", one.pk, seen=seen).text
    act(cast, "measure_validate", one.pk, seen=seen_by(cast))
    assert state_of(one) == MeasureState.VALIDATED


def test_a_validated_row_is_only_read(cast: Cast) -> None:
    measure = make_measure(cast.prefecture, state=MeasureState.VALIDATED)
    key = f"{measure.indicator_id}-p"
    url = reverse("indicators:entry_row", args=[QUARTER, key])
    answer = cast.client("referente").post(url, {"revision": "1", "value": "50"})
    assert answer.status_code == 422
    assert "le référent qualité la rouvre" in answer.json()["message"]
    page = cast.client("referente").get(reverse("indicators:entry_grid", args=[QUARTER]))
    assert f'name="row-{key}-value"' not in page.content.decode()
    assert reverse("indicators:measure_reopen", args=[measure.pk]) in page.content.decode()
    # Once validated, corrected but never erased.
    act(cast, "measure_reopen", measure.pk, reason="Faute")
    erased = cast.client("referente").post(url, {"revision": "2", "value": ""})
    assert "ne s’efface pas" in erased.json()["message"]
    assert Measure.objects.count() == 1


def test_the_next_act_is_the_primary_button(cast: Cast) -> None:
    make_indicator("B")
    url = reverse("indicators:entry_grid", args=[QUARTER])

    def acts() -> list[tuple[str, bool]]:
        page = cast.client("referente").get(url).text
        found = re.findall(r'class="(fr-btn[^"]*)">((?:Valider les|Publier)[^<]*)', page)
        return [(words, "secondary" not in names) for names, words in found]

    assert acts() == [("Valider les mesures saisies", False)], "nothing to validate"
    measure = make_measure(cast.prefecture, make_indicator())
    assert acts() == [("Valider les mesures saisies", True)]
    act(cast, "measure_validate", measure.pk, seen=seen_by(cast))
    assert acts() == [
        ("Valider les mesures saisies", False),
        ("Publier la mesure validée", True),
    ]


def test_one_row_validated_from_the_grid(cast: Cast) -> None:
    one, two = (make_measure(cast.prefecture, make_indicator(code)) for code in ("A", "B"))
    answer = act(cast, "measure_validate", one.pk, seen=seen_by(cast))
    assert answer.redirect_chain[-1][0].endswith(f"#ligne-{one.indicator_id}-p")
    assert (state_of(one), state_of(two)) == (MeasureState.VALIDATED, MeasureState.ENTERED)


# --- Reminders --------------------------------------------------------------------------------
@pytest.fixture
def owing(cast: Cast) -> Service:
    """A démarche, an indicator due by two services, one of which has a correspondent."""
    modules_services.create_cycle(
        prefecture=cast.prefecture,
        referential=small_referential(),
        name="Label 2022",
        started_on=date(2021, 9, 1),
    )
    make_indicator("ECR", level=Level.SERVICE)
    make_indicator("TEL")
    return Service.objects.create(prefecture=cast.prefecture, name="Étrangers")


def test_a_letter_to_those_who_owe_once_a_day(
    cast: Cast, owing: Service, django_capture_on_commit_callbacks: Any
) -> None:
    def remind(day: date) -> int:
        with django_capture_on_commit_callbacks():
            return remind_period(prefecture=cast.prefecture, period=QUARTER, today=day)

    assert remind(MONDAY) == 1  # nobody has an address for « Étrangers »
    assert remind(MONDAY) == 0
    reminder = EntryReminder.objects.get()
    assert send_reminder(reminder.pk) is True
    (letter,) = mail.outbox
    assert letter.to == [cast.user("correspondant").email]
    assert "il manque une mesure de votre service" in letter.body
    assert "/indicateurs/saisie/2021-T4/" in letter.body
    make_measure(cast.prefecture, make_indicator("ECR"), service=cast.service)
    assert send_reminder(reminder.pk) is False
    assert remind(date(2022, 1, 11)) == 0


def test_the_clock_writes_to_the_referents_too(
    cast: Cast, owing: Service, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks():
        assert remind_figures(MONDAY) == 2
    for reminder in EntryReminder.objects.order_by("pk"):
        send_reminder(reminder.pk)
    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(
        [cast.user("correspondant").email, cast.user("referente").email]
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2022, 1, 6), False),
        (date(2022, 1, 7), True),
        (date(2022, 2, 18), True),
        (date(2022, 2, 19), False),
    ],
)
def test_from_one_week_to_seven(today: date, expected: bool) -> None:
    assert is_reminder_due(QUARTER.end, today) is expected


def test_the_button_says_what_happened(cast: Cast, owing: Service) -> None:
    page = act(cast, "period_remind", QUARTER).content.decode()
    assert "1 rappel part par courriel" in page
    assert "Aucun rappel à envoyer" in act(cast, "period_remind", QUARTER).content.decode()
