"""The consistency panel on stored rows: the source case whole, and the way to each place."""

from datetime import date

import pytest
from django.urls import reverse

from meetings.enums import Presence, Severity
from meetings.models import Member, Minutes
from meetings.selectors.consistency import meeting_findings
from reports import registry
from tests.cast import Cast
from tests.meetings.builders import Source, build_source, mark


@pytest.fixture
def source(cast: Cast) -> Source:
    return build_source(cast)


@pytest.fixture
def minutes(source: Source) -> Minutes:
    """Minutes with a text under each leaf but the two that the source leaves empty."""
    minutes = Minutes.objects.create(meeting=source.meeting)
    bare = {
        "Les réclamations et les suggestions",
        "Présentation des courriels types pour avis",
        "Présentation de la démarche Qual-e-Pref",
        "Résultats des exigences qualité",
    }
    for title, item in source.items.items():
        if title not in bare:
            minutes.texts.create(slot="item", item=item, text="Dit.")
    return minutes


def codes(source: Source, minutes: Minutes | None) -> list[str]:
    return [finding.code for finding in meeting_findings(source.meeting, minutes)]


def place(source: Source, name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=[source.meeting.slug, *args])


def test_the_defects_of_the_source_are_all_told(source: Source, minutes: Minutes) -> None:
    minutes.questions.create(asker_name="Mme Claudine MARTINS DE SOUSA", text="?", answer="Oui.")
    minutes.questions.create(asker=source.members["Blot"], text="?", answer="PILOTE.", position=1)
    findings = meeting_findings(source.meeting, minutes)

    assert [finding.code for finding in findings] == [
        "body_present_and_absent",
        "body_present_and_absent",
        "body_present_and_absent",
        "item_without_text",
        "item_without_text",
        "item_without_opinion",
        "speaker_in_no_list",
        "question_without_answerer",
        "question_without_answerer",
    ]
    assert {finding.severity for finding in findings} == {Severity.WARNING}
    by_code = {finding.code: finding for finding in findings}
    body = source.bodies["Délégué du défenseur des droits"]
    assert by_code["body_present_and_absent"].url == f"{place(source, 'attendance')}#body-{body.pk}"
    mails = source.items["Présentation des courriels types pour avis"]
    assert by_code["item_without_text"].url == f"{place(source, 'minutes')}#point-{mails.pk}"
    first = minutes.questions.get(position=0)
    assert by_code["speaker_in_no_list"].url == place(source, "question_edit", first.pk)


def test_mending_each_defect_makes_its_finding_go(source: Source, minutes: Minutes) -> None:
    source.meeting.attendances.filter(presence=Presence.ABSENT).delete()
    minutes.texts.create(
        slot="item", item=source.items["Les réclamations et les suggestions"], text="Présentées."
    )
    mails = source.items["Présentation des courriels types pour avis"]
    minutes.opinions.create(item=mails, document_title="Courriel type", verdict="favourable")
    assert codes(source, minutes) == []


def test_without_minutes_the_writing_is_told_once(source: Source) -> None:
    assert codes(source, None).count("no_text") == 1
    assert "item_without_text" not in codes(source, None)


def test_removed_rows_do_not_count(source: Source, minutes: Minutes) -> None:
    question = minutes.questions.create(asker_name="Inconnue", text="?")
    decision = minutes.decisions.create(text="Publier les résultats")
    assert {"speaker_in_no_list", "question_without_answer", "decision_incomplete"} <= set(
        codes(source, minutes)
    )
    question.mark_removed()
    decision.mark_removed()
    assert {"speaker_in_no_list", "question_without_answer", "decision_incomplete"}.isdisjoint(
        codes(source, minutes)
    )


def test_people_outside_mandate_or_seats(source: Source, minutes: Minutes) -> None:
    body = source.bodies["UFC Que Choisir 41"]
    early = Member.objects.create(body=body, last_name="Tôt", ends_on=date(2022, 1, 1))
    second = Member.objects.create(body=body, last_name="Autre")
    mark(source.meeting, early, Presence.PRESENT)
    mark(source.meeting, second, Presence.PRESENT)
    found = codes(source, minutes)
    assert "outside_mandate" in found
    assert "more_present_than_seats" in found


def test_what_blocks_comes_first_and_leads_to_the_facts(source: Source, minutes: Minutes) -> None:
    meeting = source.meeting
    meeting.held_on, meeting.place, meeting.chair = None, "", None
    meeting.save()
    meeting.attendances.all().delete()
    source.guests[0].mark_removed()
    blocking = [f for f in meeting_findings(meeting, minutes) if f.is_blocking]
    assert [finding.code for finding in blocking] == [
        "no_date",
        "no_place",
        "no_chair",
        "nobody_present",
    ]
    assert blocking[0].url == place(source, "meeting_edit")
    assert blocking[3].url == place(source, "attendance")


def test_announced_data_is_asked_to_its_section(
    source: Source, minutes: Minutes, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected: list[object] = [None]
    section = registry.Section("essai", "Données d’essai", "x.html", lambda _: collected[0])
    monkeypatch.setitem(registry._sections, "essai", section)
    item = source.items["Les 8 modules métiers"]
    item.section = "essai"
    item.save()

    finding = next(
        f for f in meeting_findings(source.meeting, minutes) if f.code == "section_without_data"
    )
    assert "« Données d’essai »" in finding.message
    assert finding.url == f"{place(source, 'agenda')}#point-{item.pk}"
    collected[0] = {"rows": [1]}
    assert "section_without_data" not in codes(source, minutes)

    item.section = "disparue"
    item.save()
    assert "section_without_data" in codes(source, minutes)
