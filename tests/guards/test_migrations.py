"""The tables are those of the models."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_missing_migration() -> None:
    call_command("makemigrations", check_changes=True, dry_run=True, verbosity=0)
