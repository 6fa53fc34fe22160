"""Accounts on the embedded server, as its keeper makes them and as annotators use them."""

import re
import subprocess
from secrets import token_hex

import httpx
import pytest

from end_to_end.user_shell import Quickstarted, Shell


@pytest.fixture
def name() -> str:
    """A name that nobody has yet, for accounts outlast a test."""
    return f"Zoë van {token_hex(4)}"


def login(printed: str) -> tuple[str, str]:
    """Return the e-mail address and password that were printed."""
    told = re.search("log in as (.+) with password (.+)", printed)
    assert told, printed
    return told[1], told[2]


def can_log_in(url: str, email: str, password: str) -> bool:
    with httpx.Client(base_url=url, headers={"Referer": url}, timeout=60) as browser:
        browser.get("/user/login/")
        form = {"email": email, "password": password, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        return browser.post("/user/login/", data=form).is_redirect


def test_an_account_is_made_once_and_its_password_works(demo: Quickstarted, name: str) -> None:
    printed = demo.done("annotators", "add", name)
    email, password = login(printed)
    assert email == name.lower().replace("ë", "e").replace(" ", ".") + "@localhost"
    assert printed.startswith(f"label at {demo.url}/projects/")
    assert can_log_in(demo.url, email, password)
    again = demo.done("annotators", "add", email)
    assert again == f"{email} has an account already; --reset gives it another password\n"
    (row,) = (line.split() for line in demo.done("annotators", "list").splitlines() if email in line)
    assert re.fullmatch(r"user:\d+", row[0])
    assert row[1:] == [email, *name.split()]


def test_another_password_takes_the_place_of_the_old(demo: Quickstarted, name: str) -> None:
    email, old = login(demo.done("annotators", "add", name))
    reset, new = login(demo.done("annotators", "add", name, "--reset"))
    assert (reset, new != old) == (email, True)
    assert [can_log_in(demo.url, email, password) for password in (old, new)] == [False, True]


def line(refused: "subprocess.CompletedProcess[str]") -> str:
    """Return the one line by which a command is refused."""
    assert refused.returncode == 1
    return refused.stderr.splitlines()[-1]


def test_what_cannot_be_made_or_reset_is_one_line(demo: Quickstarted, name: str) -> None:
    assert "is it an e-mail address?" in line(demo.annot("annotators", "add", "nobody@"))
    assert "has no account; leave --reset out" in line(demo.annot("annotators", "add", name, "--reset"))
    own = demo.local.credentials().username
    assert "is the workspace's own account" in line(demo.annot("annotators", "add", own, "--reset"))


def test_accounts_of_another_server_are_made_there(shell: Shell) -> None:
    assert "accounts of that server are made there" in line(shell.annot("annotators", "add", "Ann"))
