"""Verdicts of the points, their counts, the order of the acts: pure."""

from datetime import date
from fractions import Fraction

import pytest

from common.typography import NBSP
from modules.enums import AssessmentResult, EvidenceState, SheetState
from modules.rules.readiness import (
    STANDINGS,
    Cause,
    Facts,
    Piece,
    Standing,
    conclusion,
    judge,
    segments,
    tally,
)
from modules.rules.readiness_acts import EFFORTS, ActKind, JudgedPoint, acts


C, S, E = Cause, Standing, EvidenceState
R = AssessmentResult
OK = SheetState.ACCEPTED


def piece(
    key: int = 1,
    state: EvidenceState = E.VALID,
    until: date | None = None,
    is_restricted: bool = False,
) -> Piece:
    return Piece(key, f"Pièce {key}", state, until, is_restricted)


VALID, RESTRICTED = piece(), piece(is_restricted=True)
SOON = piece(2, E.SOON, date(2026, 12, 20))
EXPIRED = piece(3, E.EXPIRED, date(2026, 3, 1))


@pytest.mark.parametrize(
    ("facts", "standing", "causes", "reason"),
    [
        (Facts(None, None), S.MISSING, (C.NO_SHEET,), "n’a pas de grille"),
        (Facts(OK, None), S.MISSING, (C.NO_ROW,), "n’est pas dans la grille"),
        (
            Facts(OK, R.NOT_ASSESSED, pieces=(VALID,)),
            *(S.MISSING, (C.NOT_ASSESSED,), "n’a pas encore évalué"),
        ),
        (Facts(OK, R.NOT_APPLICABLE), S.NOT_APPLICABLE, (), "répond « sans objet »"),
        (Facts(OK, R.PARTIAL, pieces=(VALID,)), S.GAP, (C.PARTIAL,), "partiellement conforme"),
        (Facts(OK, R.NONCONFORMING), S.GAP, (C.NONCONFORMING,), "s’évalue non conforme"),
        (Facts(OK, R.CONFORMING, pieces=(VALID,)), S.PROVED, (), "Conforme, 1 pièce valable."),
        (
            Facts(OK, R.CONFORMING, pieces=(VALID, EXPIRED), procedure_count=2),
            *(S.PROVED, (), "1 pièce valable et 2 fiches de procédure en vigueur"),
        ),
        (Facts(OK, R.CONFORMING, procedure_count=1), S.PROVED, (), "1 fiche de procédure"),
        (Facts(OK, R.CONFORMING), S.DOUBTFUL, (C.NO_PIECE,), "Aucune pièce ni fiche"),
        (
            Facts(OK, R.CONFORMING, pieces=(RESTRICTED,)),
            *(S.DOUBTFUL, (C.RESTRICTED,), "l’auditeur ne les verra pas"),
        ),
        (
            Facts(OK, R.CONFORMING, pieces=(EXPIRED,)),
            *(
                S.DOUBTFUL,
                (C.EXPIRED,),
                "« Pièce 3 » est périmée : elle valait jusqu’au 1er mars 2026.",
            ),
        ),
        (
            Facts(OK, R.CONFORMING, pieces=(EXPIRED, SOON, RESTRICTED)),
            *(S.DOUBTFUL, (C.SOON,), "« Pièce 2 » ne vaut plus que jusqu’au 20 décembre 2026."),
        ),
        (
            Facts(SheetState.SUBMITTED, R.CONFORMING, needs_review=True, pieces=(VALID,)),
            *(S.DOUBTFUL, (C.NEEDS_REVIEW, C.NOT_ACCEPTED), "Grille transmise, pas encore"),
        ),
        (
            Facts(SheetState.TO_FILL, R.CONFORMING),
            *(S.DOUBTFUL, (C.NO_PIECE, C.NOT_ACCEPTED), "Grille à remplir"),
        ),
    ],
)
def test_verdict(facts: Facts, standing: Standing, causes: tuple[Cause, ...], reason: str) -> None:
    verdict = judge(facts)
    assert (verdict.standing, verdict.causes) == (standing, causes)
    assert reason in verdict.reason.replace(NBSP, " ")


def test_the_piece_to_renew_is_the_one_that_lasts_longest() -> None:
    older = piece(9, E.EXPIRED, date(2025, 1, 1))
    assert judge(Facts(OK, R.CONFORMING, pieces=(older, EXPIRED))).stale == EXPIRED
    hidden = piece(8, E.EXPIRED, date(2026, 6, 1), is_restricted=True)
    assert judge(Facts(OK, R.CONFORMING, pieces=(hidden, EXPIRED))).stale == EXPIRED


def test_every_standing_is_told_apart_without_colour() -> None:
    words = list(STANDINGS.values())
    assert len({item.letter for item in words}) == len({item.sign for item in words}) == len(S)


# --- Counts -----------------------------------------------------------------------------------
def test_counts_in_words() -> None:
    counts = tally([S.PROVED, S.PROVED, S.GAP, S.MISSING])
    assert counts.in_words == "2 tenus et prouvés, 1 écart et 1 sans réponse"
    assert (counts.total, counts.open_count, tally([]).in_words) == (4, 2, "")


def test_what_is_missing_takes_its_place_in_the_bar() -> None:
    parts = segments(tally([S.PROVED, S.MISSING, S.MISSING]))
    assert [(item.standing, item.start, item.width) for item in parts] == [
        (S.PROVED, "0.00", "33.33"),
        (S.MISSING, "33.33", "66.67"),
    ]
    assert segments(tally([])) == []


@pytest.mark.parametrize(
    ("standings", "size", "expected"),
    [
        (
            [S.PROVED, S.DOUBTFUL],
            (1, 2),
            "Sur 1 engagement attendu de 2 services, soit 2 points à montrer : 1 tenu et prouvé et "
            "1 fragile.",
        ),
        (
            [S.GAP] * 6,
            (3, 2),
            "Sur 3 engagements attendus de 2 services, soit 6 points à montrer : 6 écarts.",
        ),
        ([], (0, 0), "Aucun service n’est concerné par les engagements retenus."),
    ],
)
def test_conclusion(standings: list[Standing], size: tuple[int, int], expected: str) -> None:
    assert conclusion(tally(standings), *size) == expected


# --- Acts -------------------------------------------------------------------------------------
def judged(commitment: int, service: int, facts: Facts) -> JudgedPoint:
    return JudgedPoint(commitment, service, judge(facts))


def kinds(points: list[JudgedPoint]) -> list[tuple[ActKind, int, int]]:
    return [(act.kind, act.closing, act.advancing) for act in acts(points)]


def test_one_point_of_each_kind_comes_in_the_order_of_effort() -> None:
    points = [
        judged(1, 1, Facts(OK, R.NONCONFORMING)),
        judged(2, 1, Facts(OK, R.PARTIAL)),
        judged(3, 1, Facts(OK, R.NOT_ASSESSED)),
        judged(4, 2, Facts(SheetState.SUBMITTED, R.CONFORMING, pieces=(VALID,))),
        judged(5, 1, Facts(OK, R.CONFORMING)),
        judged(6, 1, Facts(OK, R.CONFORMING, pieces=(EXPIRED,))),
        judged(7, 1, Facts(OK, R.CONFORMING, pieces=(VALID,))),
    ]
    assert [kind for kind, _, _ in kinds(points)] == list(ActKind)
    assert [effort.units for effort in EFFORTS.values()] == sorted(
        {effort.units for effort in EFFORTS.values()}
    )


def test_an_act_that_closes_for_six_services_comes_before_a_lighter_one_for_one() -> None:
    points = [judged(1, service, Facts(OK, R.CONFORMING)) for service in range(6)]
    points.append(judged(2, 1, Facts(OK, R.CONFORMING, pieces=(EXPIRED,))))
    first, second = acts(points)
    assert (first.kind, first.commitment, first.service, first.closing) == (
        *(ActKind.ATTACH, 1),
        *(None, 6),
    )
    assert (second.kind, second.piece) == (ActKind.RENEW, EXPIRED.key)


def test_work_to_be_done_once_per_point_does_not_get_cheaper_in_numbers() -> None:
    few = [judged(1, 1, Facts(OK, R.NOT_ASSESSED))]
    many = [judged(number, 2, Facts(OK, R.NOT_ASSESSED)) for number in range(9)]
    (one,), (nine,) = acts(few), acts(many)
    assert one.price == nine.price == EFFORTS[ActKind.COMPLETE].units
    # As many points for the same price: the act that closes most is told first.
    assert [act.service for act in acts([*few, *many])] == [2, 1]


def test_two_causes_need_two_acts_and_each_counts_for_half() -> None:
    found = acts([judged(1, 1, Facts(SheetState.SUBMITTED, R.CONFORMING))])
    assert [(act.kind, act.closing, act.advancing) for act in found] == [
        (ActKind.ATTACH, 0, 1),
        (ActKind.ACCEPT, 0, 1),
    ]
    assert [act.price for act in found] == [Fraction(6), Fraction(10)]


def test_nothing_to_do() -> None:
    assert acts([judged(1, 1, Facts(OK, R.NOT_APPLICABLE))]) == []
