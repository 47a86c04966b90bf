"""Where a démarche stands."""

from datetime import date

import pytest

from modules.enums import AuditKind
from modules.rules.progress import AuditDate, Step, StepState, progress, sentence_of_next_step


TODAY = date(2022, 7, 20)
INTERNAL = AuditDate(AuditKind.INTERNAL, date(2022, 7, 13))
CERTIFICATION = AuditDate(AuditKind.CERTIFICATION, date(2022, 7, 28))
DONE, CURRENT, TODO = StepState.DONE, StepState.CURRENT, StepState.TODO


@pytest.mark.parametrize(
    ("is_chosen", "is_validated", "audits", "today", "states"),
    [
        (False, False, [], TODAY, [CURRENT, TODO, TODO, TODO]),
        (True, False, [], TODAY, [DONE, CURRENT, TODO, TODO]),
        (True, True, [], TODAY, [DONE, DONE, CURRENT, TODO]),
        (True, True, [INTERNAL], TODAY, [DONE, DONE, CURRENT, TODO]),
        (True, True, [INTERNAL, CERTIFICATION], TODAY, [DONE, DONE, CURRENT, TODO]),
        (True, True, [CERTIFICATION], date(2022, 7, 28), [DONE, DONE, CURRENT, TODO]),
        (True, True, [CERTIFICATION], date(2022, 7, 29), [DONE, DONE, DONE, CURRENT]),
        # Modules changed after the audits: the audit is done, the choice is to be made again.
        (False, False, [CERTIFICATION], date(2022, 7, 29), [CURRENT, TODO, DONE, TODO]),
    ],
)
def test_steps(
    is_chosen: bool,
    is_validated: bool,
    audits: list[AuditDate],
    today: date,
    states: list[StepState],
) -> None:
    state = progress(is_chosen=is_chosen, is_validated=is_validated, audits=audits, today=today)
    assert [step for step, _ in state.steps] == list(Step)
    assert [value for _, value in state.steps] == states


def test_next_audit_is_the_first_to_come() -> None:
    both = [CERTIFICATION, INTERNAL]
    asked = {"is_chosen": True, "is_validated": True, "audits": both}
    assert progress(**asked, today=date(2022, 7, 13)).next_audit == INTERNAL
    assert progress(**asked, today=TODAY).next_audit == CERTIFICATION
    assert progress(**asked, today=date(2022, 8, 1)).next_audit is None


@pytest.mark.parametrize(
    ("is_chosen", "is_validated", "audits", "sentence"),
    [
        (False, False, [], "Le préfet choisit les modules, en plus du module obligatoire."),
        (True, False, [], "Le ministère de l’Intérieur valide le périmètre choisi par le préfet."),
        (True, True, [], "La préfecture fixe les dates de l’audit interne et de l’audit de"),
        (True, True, [INTERNAL], "L’audit de labellisation reste à programmer."),
        (True, True, [CERTIFICATION], "La préfecture prépare le prochain audit."),
    ],
)
def test_next_step(
    is_chosen: bool, is_validated: bool, audits: list[AuditDate], sentence: str
) -> None:
    state = progress(is_chosen=is_chosen, is_validated=is_validated, audits=audits, today=TODAY)
    told = sentence_of_next_step(state, is_audit_planned=bool(audits))
    assert told.startswith(sentence)


def test_after_the_audits_the_decision() -> None:
    late = date(2022, 9, 1)
    state = progress(is_chosen=True, is_validated=True, audits=[CERTIFICATION], today=late)
    assert state.current is Step.DECIDE
    assert "Enregistrez la décision" in sentence_of_next_step(state, is_audit_planned=True)


def test_label_shows_that_audits_were_held() -> None:
    state = progress(is_chosen=True, is_validated=True, audits=[], today=TODAY, is_labelled=True)
    assert [value for _, value in state.steps] == [DONE, DONE, DONE, DONE]


def test_closed_demarche_has_no_current_step() -> None:
    state = progress(is_chosen=True, is_validated=False, audits=[], today=TODAY, is_closed=True)
    assert [value for _, value in state.steps] == [DONE, TODO, TODO, TODO]
    assert state.current is None
