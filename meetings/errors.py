"""Refusals of the services, told in French: what, why, and how to mend."""

from collections.abc import Sequence
from typing import Any


class MeetingError(Exception):
    """An act that the state of the committee or of its meeting refuses. Nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class LockedError(MeetingError):
    """The minutes are submitted or final: facts, agenda, attendance and texts are closed."""


class ConflictError(MeetingError):
    """Somebody else changed the same thing since it was read."""


class RefusedError(MeetingError):
    """What is asked makes no sense here: a loop in the agenda, the same person twice…"""


class TextConflictError(ConflictError):
    """Two people changed the same text of the minutes. ``base`` is what the second one had read."""

    def __init__(self, block: Any, base: str) -> None:
        super().__init__("Quelqu’un d’autre a modifié ce texte pendant que vous l’écriviez.")
        self.block = block
        self.base = base


class BlockedError(MeetingError):
    """Blocking findings stand in the way; ``findings`` are those of ``meetings.rules``."""

    def __init__(self, message: str, findings: Sequence[Any]) -> None:
        super().__init__(message)
        self.findings = findings
