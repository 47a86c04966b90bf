"""The attendance sheet, checked on the list published for Loir-et-Cher in 2022."""

import json

from meetings.enums import Presence
from meetings.rules import (
    BodyFacts,
    LineKind,
    Mark,
    PersonFacts,
    attendance_sheet,
    same_person,
)


PRESENT = Mark(Presence.PRESENT)


def person(name: str, order: int, function: str = "", **others: object) -> PersonFacts:
    """A member named « M. First LAST »; empty when only the function is known."""
    words = name.split()
    return PersonFacts(
        pk=order,
        name=name,
        first_name=" ".join(words[1:-1]),
        last_name=words[-1] if words else "",
        function=function,
        order=order,
        **others,  # type: ignore[arg-type]
    )


ABSENT_BODIES = [
    "Conseil départemental 41",
    "APF France Handicap 41",
    "Association de prévention routière du 41",
    "Association des maires de France du 41",
    "Association des maires ruraux du 41",
    "Conseil national des professionnels de l’automobile 41",
    "Chambre de commerce et d’industrie du 41",
    "Chambre des métiers et de l’artisanat du 41",
    "Comité départemental de la protection de la nature et de l’environnement 41",
    "Délégué du défenseur des droits",
    "EMMAÜS 41",
    "UFC Que Choisir 41",
    "Union départementale des associations familiales du 41",
    "Unité départementale de la Croix-Rouge du 41",
]
PREFECTURE = BodyFacts(
    pk=0,
    name="Préfecture de Loir-et-Cher",
    seats=4,
    order=0,
    people=(
        person("M. François PESNEAU", 1, "préfet de Loir-et-Cher", mark=PRESENT),
        person("M. Nicolas HAUPTMANN", 2, "secrétaire général", mark=PRESENT),
        person("M. Hervé GUESTAULT", 4, "directeur du SGCD", mark=PRESENT),
        person("Mme Pascale SILBERMANN", 5, "sous-préfète", mark=PRESENT),
    ),
)
DEPUTIES = BodyFacts(
    pk=1,
    name="Députés",
    seats=3,
    order=1,
    names_absentees=True,
    people=(
        person("M. Christophe MARION", 6, "député", mark=PRESENT),
        person("M. Marc FESNEAU", 20),
        person("M. Roger CHUDEAU", 21),
    ),
)


def source_bodies() -> list[BodyFacts]:
    """The composition of the source with its marks, given out of order on purpose."""
    both = Mark(Presence.ABSENT, note="compté aussi parmi les présents")
    people = {
        4: person("M. Thierry BENOIST", 9, "président AMRF 41", mark=PRESENT),
        6: person("", 7, "trésorière", organisation=ABSENT_BODIES[6], mark=PRESENT),
        9: person("M. BLOT", 8, "défenseur des droits", mark=PRESENT),
    }
    bodies = [
        BodyFacts(
            pk=rank + 2,
            name=name,
            order=rank + 2,
            mark=both if rank in people else None,
            people=(people[rank],) if rank in people else (),
        )
        for rank, name in enumerate(ABSENT_BODIES)
    ]
    return [*reversed(bodies), DEPUTIES, PREFECTURE]


TRAINEE = person("M. Pierre-Louis SIRE", 3, "stagiaire de l’ENA")


def test_the_nine_present_stand_in_protocol_order() -> None:
    sheet = attendance_sheet(source_bodies(), [TRAINEE])

    assert [line.label for line in sheet.present] == [
        "M. François PESNEAU, préfet de Loir-et-Cher",
        "M. Nicolas HAUPTMANN, secrétaire général",
        "M. Pierre-Louis SIRE, stagiaire de l’ENA",
        "M. Hervé GUESTAULT, directeur du SGCD",
        "Mme Pascale SILBERMANN, sous-préfète",
        "M. Christophe MARION, député",
        "Chambre de commerce et d’industrie du 41, trésorière",
        "M. BLOT, défenseur des droits",
        "M. Thierry BENOIST, président AMRF 41",
    ]
    assert [line.kind for line in sheet.present].count(LineKind.GUEST) == 1
    assert (sheet.excused, sheet.represented) == ((), ())


def test_the_absent_are_computed_and_grouped_as_the_source_groups_them() -> None:
    deputies, bodies = attendance_sheet(source_bodies(), [TRAINEE]).absent

    assert deputies.heading == "Députés"
    assert [line.label for line in deputies.lines] == ["M. Marc FESNEAU", "M. Roger CHUDEAU"]
    assert bodies.heading == "Organismes"
    assert [line.label for line in bodies.lines] == ABSENT_BODIES
    assert {line.kind for line in bodies.lines} == {LineKind.BODY}


def test_an_absence_ticked_on_a_body_is_kept_with_its_note_though_somebody_came() -> None:
    _, bodies = attendance_sheet(source_bodies(), []).absent

    noted = {line.label: line.note for line in bodies.lines if line.note}
    assert noted == {
        "Association des maires ruraux du 41": "compté aussi parmi les présents",
        "Chambre de commerce et d’industrie du 41": "compté aussi parmi les présents",
        "Délégué du défenseur des droits": "compté aussi parmi les présents",
    }


def body(mark: Mark | None = None, *people: PersonFacts, named: bool = False) -> BodyFacts:
    return BodyFacts(pk=1, name="UFC", mark=mark, people=people, names_absentees=named)


def absent_labels(*bodies: BodyFacts) -> list[str]:
    return [line.label for group in attendance_sheet(bodies, []).absent for line in group.lines]


def test_a_body_with_somebody_accounted_for_is_not_absent() -> None:
    for presence in (Presence.PRESENT, Presence.EXCUSED, Presence.REPRESENTED):
        came = person("M. Jean UN", 1, mark=Mark(presence))
        assert absent_labels(body(None, came, person("M. Luc DEUX", 2))) == []
        assert absent_labels(body(Mark(presence))) == []


def test_a_person_ticked_absent_is_named_when_another_of_the_body_came() -> None:
    came = person("M. Jean UN", 1, mark=PRESENT)
    missing = person("M. Luc DEUX", 2, mark=Mark(Presence.ABSENT, note="grippe"))
    sheet = attendance_sheet([body(None, came, missing)], [])

    (group,) = sheet.absent
    assert [(line.label, line.note) for line in group.lines] == [("M. Luc DEUX", "grippe")]
    assert sheet.absent_count == 1


def test_a_body_whose_only_person_is_ticked_absent_gives_one_line_with_the_remark() -> None:
    missing = person("M. Luc DEUX", 2, mark=Mark(Presence.ABSENT, note="grippe"))
    (group,) = attendance_sheet([body(None, missing)], []).absent

    assert [(line.label, line.note, line.kind) for line in group.lines] == [
        ("UFC", "grippe", LineKind.BODY)
    ]


def test_people_of_a_naming_body_follow_what_is_ticked_for_it() -> None:
    unticked = person("M. Marc FESNEAU", 1)
    ticked = person("M. Roger CHUDEAU", 2, mark=Mark(Presence.ABSENT))

    assert absent_labels(body(None, unticked, ticked, named=True)) == [
        "M. Marc FESNEAU",
        "M. Roger CHUDEAU",
    ]
    excused = body(Mark(Presence.EXCUSED), unticked, ticked, named=True)
    assert absent_labels(excused) == ["M. Roger CHUDEAU"]
    assert [line.label for line in attendance_sheet([excused], []).excused] == ["UFC"]


def test_a_naming_body_without_people_is_absent_by_its_own_name() -> None:
    assert absent_labels(body(named=True)) == ["UFC"]


def test_a_body_ticked_with_its_people_is_read_once() -> None:
    came = person("M. Jean UN", 1, mark=PRESENT)
    sheet = attendance_sheet([body(PRESENT, came)], [])

    assert [line.label for line in sheet.present] == ["M. Jean UN"]


def test_who_represents_is_kept_and_the_sheet_can_be_frozen() -> None:
    mark = Mark(Presence.REPRESENTED, represented_by="Mme Ève ROY", note="pouvoir remis")
    sheet = attendance_sheet([body(mark)], [TRAINEE])
    frozen = json.loads(json.dumps(sheet.as_dict()))

    assert frozen["represented"] == [
        {
            "name": "",
            "function": "",
            "organisation": "UFC",
            "note": "pouvoir remis",
            "represented_by": "Mme Ève ROY",
            "kind": "body",
            "label": "UFC",
        }
    ]
    assert frozen["present"][0]["label"] == "M. Pierre-Louis SIRE, stagiaire de l’ENA"
    assert frozen["absent"] == []


def test_typed_names_meet_people_whatever_the_accents_and_the_order() -> None:
    assert same_person("Madame Hélène  d'Arc", "Helene", "D’ARC")
    assert same_person("BENOIST Thierry", "Thierry", "Benoist")
    assert same_person("Monsieur BLOT", "", "Blot")
    assert same_person("M. Blot", "Jean", "Blot")
    assert not same_person("M. Paul Blot", "Jean", "Blot")
    assert not same_person("Mme Claudine MARTINS DE SOUSA", "", "")
    assert not same_person("", "Jean", "Blot")
