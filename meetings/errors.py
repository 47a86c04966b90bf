"""Refusals of the services, told in French: what, why, and how to mend."""


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
