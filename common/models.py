"""Two small manners of keeping people's work safe, shared by every app."""

from typing import Any

from django.db import models
from django.utils import timezone


class Removable(models.Model):
    """A row that leaves the pages but can come back: « Annuler » after the act, no question before."""

    removed_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        abstract = True

    def mark_removed(self) -> None:
        """Take the row off the pages (the caller saves nothing more)."""
        self.removed_at = timezone.now()
        self.save(update_fields=["removed_at"])

    def mark_restored(self) -> None:
        """Put the row back."""
        self.removed_at = None
        self.save(update_fields=["removed_at"])


class Revised(models.Model):
    """A row that counts its changes, so that nobody overwrites somebody else's in silence."""

    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; each change of an existing row raises its revision by one."""
        if not self._state.adding:
            self.revision += 1
            if kwargs.get("update_fields") is not None:
                kwargs["update_fields"] = {*kwargs["update_fields"], "revision"}
        super().save(*args, **kwargs)
