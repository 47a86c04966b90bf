"""The documents of the plan. Imported when the server starts."""

from action_plans import thread_document  # noqa: F401 - its kind declares itself
