"""Refusals of the demo, told in French."""


class DemoError(Exception):
    """The demo cannot be loaded or rebuilt here; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
