"""Names as what people log in with."""

import pytest

from annotate.errors import StudioError
from annotate.studio.people import Login, email_of


@pytest.mark.parametrize(
    ("name", "email"),
    [
        ("Ann Smith", "ann.smith@localhost"),
        ("  ann-marie O'Neill ", "ann.marie.o.neill@localhost"),
        ("Zoë", "zoe@localhost"),
        ("Ann@Example.org", "ann@example.org"),
    ],
)
def test_a_name_becomes_an_address(name: str, email: str) -> None:
    assert email_of(name) == email


@pytest.mark.parametrize("name", ["张伟", "", "!"])
def test_a_name_without_latin_letters_needs_an_address(name: str) -> None:
    with pytest.raises(StudioError, match="give an e-mail address instead"):
        email_of(name)


def test_a_password_is_not_shown_by_accident() -> None:
    assert "s3cret" not in f"{Login('ann@localhost', 's3cret')!r}"
