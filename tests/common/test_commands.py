"""A command asked for JSON answers in JSON, refusals included, and fails all the same."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.cast import Cast


pytestmark = pytest.mark.django_db


def test_a_refusal_is_json_too(cast: Cast, tmp_path: Path) -> None:
    refused = {
        "pilote_export": ("--prefecture", "99"),
        "minutes": ("absent", "--output", str(tmp_path / "cr.pdf")),
    }
    for name, arguments in refused.items():
        out = StringIO()
        with pytest.raises(CommandError) as caught:
            call_command(name, *arguments, "--json", stdout=out)
        assert json.loads(out.getvalue()) == {"errors": [str(caught.value)]}, name


def test_without_json_a_refusal_stays_out_of_the_answer(cast: Cast) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="Codes possibles : 37, 41"):
        call_command("pilote_export", "--prefecture", "99", stdout=out)
    assert out.getvalue() == ""
