"""Words found by their first letter."""

import pytest

from common.byte_search import holds


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (b"", False),
        (b"hhid", False),
        (b'<row ht="3" hidden="0"/>', False),
        (b'<row ht="3" hidden="1"/>', True),
        (b"hidden=true", True),
    ],
)
def test_one_of_the_words_is_found_wherever_it_is(text: bytes, found: bool) -> None:
    assert holds(text, b'hidden="1"', b"hidden=true") is found
