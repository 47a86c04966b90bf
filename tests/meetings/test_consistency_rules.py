"""Each thing that a careful secretary would notice, one by one, and nothing else."""

from dataclasses import replace
from datetime import date

from meetings.enums import Presence, Severity
from meetings.rules import (
    BodyFacts,
    DecisionFacts,
    Finding,
    ItemFacts,
    Mark,
    MeetingFacts,
    PersonFacts,
    Places,
    QuestionFacts,
    meeting_findings,
)


TODAY = date(2022, 7, 20)
PRESENT = Mark(Presence.PRESENT)
PREFET = PersonFacts(
    pk=1,
    name="M. François PESNEAU",
    first_name="François",
    last_name="Pesneau",
    function="préfet",
    organisation="Préfecture",
    mark=PRESENT,
)
TREASURER = PersonFacts(pk=7, name="", function="trésorière", organisation="CCI", mark=PRESENT)
GUEST = PersonFacts(pk=70, name="M. Louis SIRE", first_name="Louis", last_name="Sire")
ITEM = ItemFacts(number="1", title="Ouverture", url="/item-1", has_content=True)
COMPLETE = MeetingFacts(
    places=Places("/facts", "/agenda", "/attendance", "/minutes"),
    held_on=date(2022, 7, 5),
    place="Blois",
    has_start=True,
    has_end=True,
    chair_pk=1,
    has_secretary=True,
    bodies=(
        BodyFacts(pk=10, name="Préfecture", people=(PREFET,)),
        BodyFacts(pk=11, name="CCI", people=(TREASURER,)),
    ),
    guests=(GUEST,),
    items=(ITEM,),
)


def findings(**changes: object) -> list[Finding]:
    return meeting_findings(replace(COMPLETE, **changes), today=TODAY)  # type: ignore[arg-type]


def codes(**changes: object) -> list[str]:
    return [finding.code for finding in findings(**changes)]


def only(**changes: object) -> Finding:
    (finding,) = findings(**changes)
    return finding


def test_a_complete_meeting_has_nothing_to_mend() -> None:
    assert findings() == []


def test_what_is_missing_in_the_header_leads_to_the_facts() -> None:
    missing = findings(
        held_on=None, place="", has_start=False, has_end=False, chair_pk=None, has_secretary=False
    )
    assert [(finding.code, finding.is_blocking) for finding in missing] == [
        ("no_date", True),
        ("no_place", True),
        ("no_chair", True),
        ("no_start", False),
        ("no_end", False),
        ("no_secretary", False),
    ]
    assert {finding.url for finding in missing} == {"/facts"}


def test_before_its_day_a_meeting_is_only_looked_at_for_its_preparation() -> None:
    finding = only(held_on=date(2022, 7, 21), bodies=(), guests=(), items=(replace(ITEM),))

    assert (finding.code, finding.severity) == ("future_date", Severity.BLOCKING)
    assert "21\u00a0juillet 2022" in finding.message
    assert codes(held_on=TODAY) == []


def test_nobody_present_blocks_and_a_body_or_a_guest_is_somebody() -> None:
    empty = (BodyFacts(pk=10, name="Préfecture"),)
    assert codes(bodies=empty, guests=(), chair_pk=99) == ["nobody_present"]
    assert only(bodies=empty, guests=(), chair_pk=99).url == "/attendance"
    assert codes(bodies=(replace(empty[0], mark=PRESENT),), guests=(), chair_pk=99) == []
    assert codes(bodies=empty, chair_pk=99) == []


def test_a_body_both_present_and_absent_is_told_with_who_came() -> None:
    absent = Mark(Presence.ABSENT)
    bodies = (COMPLETE.bodies[0], BodyFacts(pk=11, name="CCI", people=(TREASURER,), mark=absent))
    finding = only(bodies=bodies)

    assert (finding.code, finding.severity) == ("body_present_and_absent", Severity.WARNING)
    assert finding.url == "/attendance#body-11"
    assert finding.message == (
        "« CCI » est dans la liste « Absents », alors que « CCI, trésorière » est dans la liste "
        "« Présents ». Gardez l’une des deux mentions, ou dites pourquoi en observation."
    )
    noted = (bodies[0], replace(bodies[1], mark=Mark(Presence.ABSENT, note="source")))
    assert only(bodies=noted).message.endswith("L’observation en dit la raison : vérifiez-la.")


def test_an_excused_body_contradicts_presence_but_not_another_excuse() -> None:
    excused = Mark(Presence.EXCUSED)
    came = replace(COMPLETE.bodies[1], mark=excused)
    away = replace(came, people=(replace(TREASURER, mark=excused),))

    assert codes(bodies=(COMPLETE.bodies[0], came)) == ["body_present_and_absent"]
    assert codes(bodies=(COMPLETE.bodies[0], away)) == []


def test_more_people_than_seats_and_a_mandate_that_does_not_cover_the_day() -> None:
    second = replace(TREASURER, pk=8, function="présidente", mark=Mark(Presence.REPRESENTED))
    crowded = replace(COMPLETE.bodies[1], people=(TREASURER, second))
    finding = only(bodies=(COMPLETE.bodies[0], crowded))
    assert finding.code == "more_present_than_seats"
    assert "1 siège, et 2 personnes" in finding.message
    assert codes(bodies=(COMPLETE.bodies[0], replace(crowded, seats=2))) == []

    late = replace(COMPLETE.bodies[1], people=(replace(TREASURER, in_mandate=False),))
    finding = only(bodies=(COMPLETE.bodies[0], late))
    assert (finding.code, finding.url) == ("outside_mandate", "/attendance#member-7")


def test_the_chair_is_expected_among_the_present() -> None:
    away = replace(COMPLETE.bodies[0], people=(replace(PREFET, mark=None),))
    finding = only(bodies=(away, COMPLETE.bodies[1]))

    assert (finding.code, finding.url) == ("chair_not_present", "/attendance#member-1")


def test_the_same_name_twice_among_the_present() -> None:
    twin = replace(GUEST, name="M. Francois PESNEAU", first_name="Francois", last_name="PESNEAU")
    finding = only(guests=(twin,))

    assert finding.code == "present_twice"
    assert "M. François PESNEAU figure 2 fois" in finding.message
    # Two people known by their function only are not the same one.
    nameless = replace(TREASURER, pk=8)
    assert (
        codes(bodies=(COMPLETE.bodies[0], BodyFacts(1, "A", 2, people=(TREASURER, nameless)))) == []
    )


def test_leaves_want_a_text_and_their_parents_do_not() -> None:
    parent = replace(ITEM, number="2", has_content=False, is_leaf=False)
    bare = ItemFacts(number="2.1", title="Les réclamations", url="/item-3")
    finding = only(items=(ITEM, parent, bare))

    assert (finding.code, finding.url) == ("item_without_text", "/item-3")
    assert finding.message == (
        "Le point 2.1 « Les réclamations » n’a pas de texte. Rédigez-le, ou retirez le point de "
        "l’ordre du jour."
    )


def test_an_unwritten_agenda_is_told_once() -> None:
    bare = replace(ITEM, has_content=False)
    finding = only(items=(bare, bare, bare))

    assert (finding.code, finding.url) == ("no_text", "/minutes")
    assert "Aucun des 3 points" in finding.message
    assert codes(items=(bare,)) == ["item_without_text"]
    assert codes(items=()) == ["no_agenda"]


def test_an_item_for_opinion_wants_one() -> None:
    asked = replace(ITEM, expects_opinion=True)
    assert codes(items=(asked,)) == ["item_without_opinion"]
    assert codes(items=(replace(asked, has_opinion=True),)) == []


def test_announced_data_must_exist() -> None:
    announced = replace(ITEM, section_label="Périmètre", section_is_empty=True)
    finding = only(items=(announced,))

    assert (finding.code, finding.url) == ("section_without_data", "/item-1")
    assert codes(items=(replace(announced, section_is_empty=False),)) == []


QUESTION = QuestionFacts(rank=1, url="/question-1", asker_pk=7, answerer_pk=1)


def test_a_speaker_in_no_list_is_the_case_of_the_source() -> None:
    stranger = replace(QUESTION, asker_pk=None, asker_name="Mme Claudine MARTINS DE SOUSA")
    finding = only(questions=(stranger,))

    assert (finding.code, finding.url) == ("speaker_in_no_list", "/question-1")
    assert finding.message == (
        "Question 1 : Mme Claudine MARTINS DE SOUSA la pose, mais n’est ni membre du comité ni "
        "parmi les invités. Ajoutez cette personne à la liste, ou corrigez son nom."
    )
    answers = replace(QUESTION, answerer_pk=None, answerer_name="M. X")
    assert "M. X y répond" in only(questions=(answers,)).message


def test_a_typed_name_is_looked_for_among_members_and_guests() -> None:
    by_name = replace(QUESTION, asker_pk=None, asker_name="Monsieur PESNEAU")
    by_guest = replace(QUESTION, asker_pk=None, asker_name="louis sire")

    assert codes(questions=(QUESTION, by_name, by_guest)) == []


def test_a_speaker_whose_presence_is_not_ticked() -> None:
    away = replace(COMPLETE.bodies[1], people=(replace(TREASURER, mark=Mark(Presence.EXCUSED)),))
    finding = only(bodies=(COMPLETE.bodies[0], away), questions=(QUESTION,))

    assert finding.code == "speaker_not_present"
    assert finding.message.startswith("Question 1 : « CCI, trésorière » la pose, mais")


def test_a_question_wants_an_answer_and_somebody_to_give_it() -> None:
    silent = replace(QUESTION, has_answer=False, answerer_pk=None)
    unsigned = replace(QUESTION, answerer_pk=None)

    assert codes(questions=(silent,)) == ["question_without_answer"]
    assert codes(questions=(unsigned,)) == ["question_without_answerer"]


def test_a_decision_wants_who_and_when() -> None:
    complete = DecisionFacts(1, "/decision-1", owner="SGCD", due_on=TODAY)
    assert codes(decisions=(complete,)) == []
    assert "n’a pas d’échéance." in only(decisions=(replace(complete, due_on=None),)).message
    bare = only(decisions=(DecisionFacts(2, "/decision-2"),))
    assert bare.message.startswith("La décision 2 n’a pas de responsable ni d’échéance.")
    assert bare.url == "/decision-2"


def test_blocking_findings_come_first() -> None:
    mixed = findings(has_start=False, chair_pk=None, bodies=(), guests=())
    assert [finding.is_blocking for finding in mixed] == [True, True, False]
