"""The documents of the démarche. Imported when the server starts."""

from modules import document_kinds  # noqa: F401 - its kinds declare themselves
