"""What can go wrong with a document, in words for the person who asked for it."""

from django.http import Http404


class SubjectNotFound(Http404):
    """What the document describes does not exist for this scope (a view answers 404)."""


class DocumentError(Exception):
    """A production that fails for a known reason.

    ``code`` is stable and short (logs, tests); ``message`` is French, says what happened and what to
    do, and is shown as it is. Kinds may raise it from ``collect``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class CannotRetry(Exception):
    """The document is not in a state from which it can be started again (French message)."""


class LostClaim(Exception):
    """This process no longer owns the document: somebody else was given it. Nothing is stored."""
