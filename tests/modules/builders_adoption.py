"""A référentiel that follows the small one of the tests, and a démarche with answers to take over."""

from datetime import date

from accounts.models import Prefecture
from modules import services
from modules.enums import AssessmentResult
from modules.models import AssessmentRow, Referential, SelfAssessment
from tests.modules.builders import (
    _COMMITMENT,
    _HEAD,
    _MODULE,
    Scene,
    make_assessment,
    make_evidence,
    make_scene,
)


R = AssessmentResult
# M1-3 and M2-1 merge, M2-2 splits, M2-3 goes; M1-3 is new.
_MAPPING = """\
mapping:
  from: essai
  modules:
    - {kind: kept, from: 1, to: 1, certainty: sourced, source: Comparaison}
    - {kind: kept, from: 2, to: 2, certainty: sourced, source: Comparaison}
  commitments:
    - {kind: kept, from: [M1-1], to: [M1-1], certainty: sourced, source: Comparaison}
    - {kind: reworded, from: [M1-2], to: [M1-2], certainty: sourced, source: Comparaison}
    - {kind: merged, from: [M1-3, M2-1], to: [M2-1], certainty: sourced, source: Comparaison}
    - {kind: split, from: [M2-2], to: [M2-2, M2-3], certainty: sourced, source: Comparaison}
    - {kind: added, to: [M1-3], certainty: sourced, source: Comparaison}
    - {kind: removed, from: [M2-3], certainty: sourced, source: Comparaison}
"""
STARTED_ON, DUE_ON = date(2026, 1, 5), date(2099, 1, 31)


def following_referential() -> Referential:
    """Load the référentiel that follows « essai »."""
    text = _HEAD.format(slug="essai-suivant").replace("2018-12-19", "2025-12-19")
    for number in (1, 2):
        text += _MODULE.format(number=number, compulsory="true" if number == 1 else "false")
        for rank in (1, 2, 3):
            row = _COMMITMENT.format(module=number, number=rank)
            is_same = (number, rank) == (1, 1)
            text += row if is_same else row.replace("wording: ", "wording: Autrement, ")
    services.import_referential(text=text + _MAPPING)
    return Referential.objects.get(slug="essai-suivant")


def answered_scene(prefecture: Prefecture) -> tuple[Scene, SelfAssessment]:
    """A démarche under « essai » whose first service answered everything, and two pieces."""
    scene = make_scene(prefecture)
    assessment = make_assessment(scene)
    results = (R.CONFORMING, R.PARTIAL, R.CONFORMING, R.NONCONFORMING, R.CONFORMING, R.PARTIAL)
    sheet = assessment.sheets.get(service=scene.services[0])
    for commitment, result in zip(scene.commitments, results, strict=True):
        AssessmentRow.objects.filter(sheet=sheet, commitment=commitment).update(
            result=result,
            comment=f"Constat {commitment.code}",
            private_note="Entre nous",
            maturity=2,
        )
    make_evidence(scene, *scene.commitments[:4], title="Registre")
    make_evidence(scene, scene.commitments[5], title="Affiche")
    return scene, assessment
