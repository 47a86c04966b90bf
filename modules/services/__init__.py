"""Every write of the app: keyword-only, atomic; what is refused raises with a French message."""

from modules.services.corrections import correct_commitment, correct_heading, correct_module
from modules.services.cycles import (
    create_cycle,
    plan_audit,
    prepare_modules,
    record_choice,
    refuse_validation_before_choice,
    remove_audit,
    restore_audit,
    update_audit,
    update_cycle,
    validate_perimeter,
)
from modules.services.referential_import import import_referential


__all__ = [
    "correct_commitment",
    "correct_heading",
    "correct_module",
    "create_cycle",
    "import_referential",
    "plan_audit",
    "prepare_modules",
    "record_choice",
    "refuse_validation_before_choice",
    "remove_audit",
    "restore_audit",
    "update_audit",
    "update_cycle",
    "validate_perimeter",
]
