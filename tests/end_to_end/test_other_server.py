"""A Label Studio by its address: tokens of both kinds, kept and forgotten, and certificates."""

import os
import pty
import re
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import psutil
import pytest
import trustme

from end_to_end.tls_proxy import tls_in_front_of
from end_to_end.user_shell import Annotator, Quickstarted, Shell, choices

SENTENCE = "The council sold the harbour."


class Owner(NamedTuple):
    """Whose personal access token it is."""

    email: str
    token: str


@pytest.fixture
def article(shell: Shell) -> Path:
    path = shell.workspace / "article.txt"
    path.write_text(SENTENCE, "utf-8")
    return path


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def https(annotator: Annotator, authority: trustme.CA) -> Iterator[str]:
    with tls_in_front_of(urlsplit(annotator.url).port or 0, authority) as url:
        yield url


@pytest.fixture(scope="session")
def owner(demo: Quickstarted) -> Owner:
    """Somebody with a personal access token, made as the account page makes it: it is shown once."""
    made = re.search("log in as (.+) with password (.+)", demo.done("annotators", "add", f"Owner {token_hex(4)}"))
    assert made
    with httpx.Client(base_url=demo.url, headers={"Referer": demo.url}, timeout=60) as browser:
        browser.get("/user/login/")
        form = {"email": made[1], "password": made[2], "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
        assert browser.post("/user/login/", data=form).is_redirect
        token = browser.post("/api/token", headers={"X-CSRFToken": browser.cookies["csrftoken"]}).json()["token"]
    return Owner(made[1], token)


def configure(shell: Shell, **settings: str) -> None:
    """Change settings of the workspace; an empty one is taken away."""
    path = shell.workspace / "annot.toml"
    kept = [line for line in path.read_text("utf-8").splitlines() if line.split(" ", maxsplit=1)[0] not in settings]
    path.write_text("\n".join([*kept, *(f"{name} = {value}" for name, value in settings.items() if value)]), "utf-8")


def log_in(shell: Shell, url: str, token: str) -> "subprocess.CompletedProcess[str]":
    return shell.annot("login", url, given=token)


def tokens_file(shell: Shell) -> Path:
    return shell.home / ".config" / "annot" / "tokens.json"


def test_a_personal_access_token_that_is_kept_serves_until_it_is_forgotten(
    shell: Shell, annotator: Annotator, article: Path, owner: Owner
) -> None:
    configure(shell, api_key="")
    assert "run `annot login" in shell.annot("push", article).stderr
    done = log_in(shell, annotator.url, owner.token)
    assert done.stdout == f"logged in as {owner.email}; the token is kept in {tokens_file(shell)}\n", done.stderr
    assert stat.S_IMODE(tokens_file(shell).stat().st_mode) == 0o600
    assert shell.done("push", article).startswith("1 new")
    annotator.submit(annotator.task(SENTENCE), choices("Prediction"))
    assert shell.done("pull").startswith("1 annotation,")
    assert shell.done("logout", annotator.url) == "the token is forgotten\n"
    assert shell.done("logout", annotator.url) == "no token was kept\n"
    assert owner.token not in tokens_file(shell).read_text("utf-8")
    assert shell.annot("pull").returncode == 1


@pytest.mark.parametrize("token", ["deadbeef", "", "two words"])
def test_a_token_that_is_not_accepted_is_not_kept_and_not_repeated(
    shell: Shell, annotator: Annotator, token: str
) -> None:
    refused = log_in(shell, annotator.url, token)
    assert refused.returncode == 1
    assert refused.stderr.startswith("annot: ")
    assert refused.stderr.count("\n") == 1
    assert not token or token not in refused.stderr + refused.stdout
    assert not tokens_file(shell).exists() or "deadbeef" not in tokens_file(shell).read_text("utf-8")


def test_on_a_terminal_the_token_is_asked_for_and_not_shown(shell: Shell, annotator: Annotator) -> None:
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        shell.command("login", annotator.url),
        env=shell.environment,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as login:
        os.close(theirs)
        shown = b""
        while b"token of your account" not in shown:
            shown += os.read(ours, 1024)
        assert annotator.token not in " ".join(psutil.Process(login.pid).cmdline())
        os.write(ours, annotator.token.encode() + b"\n")
        while b"logged in as" not in shown:
            shown += os.read(ours, 1024)
    os.close(ours)
    assert annotator.token.encode() not in shown
    shell.done("logout", annotator.url)


def test_a_certificate_of_an_unknown_authority_is_refused(shell: Shell, https: str, article: Path) -> None:
    configure(shell, url=f'"{https}"')
    refused = shell.annot("push", article)
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        f"annot: {https}: the server's certificate is not trusted; name its authority's in setting 'ca_bundle'"
    )


@pytest.mark.parametrize("setting", ["ca_bundle", "verify_tls"])
def test_a_certificate_is_accepted_where_a_setting_says_so(
    shell: Shell, https: str, article: Path, authority: trustme.CA, setting: str
) -> None:
    authority.cert_pem.write_to_path(shell.workspace / "authority.pem")
    value = {"ca_bundle": '"authority.pem"', "verify_tls": "false"}[setting]
    configure(shell, url=f'"{https}"', **{setting: value})
    assert shell.done("push", article).startswith("1 new")
    assert shell.done("pull").startswith("0 annotations")


def test_a_personal_access_token_goes_through_tls(
    shell: Shell, https: str, article: Path, authority: trustme.CA, owner: Owner
) -> None:
    authority.cert_pem.write_to_path(shell.workspace / "authority.pem")
    configure(shell, url=f'"{https}"', ca_bundle='"authority.pem"', api_key=f'"{owner.token}"')
    assert shell.done("push", article).startswith("1 new")
