"""Accounts of annotators on the embedded Label Studio, made through its own forms: its API has none for it."""

import re
import secrets
import unicodedata
from dataclasses import dataclass, field

import httpx

from annotate.errors import StudioError
from annotate.studio.client import Studio
from annotate.studio.entities import Person
from annotate.studio.local import Credentials


@dataclass(frozen=True)
class Login:
    """What somebody logs in with; ``password`` is ``None`` where it was given before, for it is not kept."""

    email: str
    password: str | None = field(repr=False)


def add_person(studio: Studio, name: str) -> Login:
    """Make an account for a name or an e-mail address, unless there is one.

    Raises:
        StudioError: The name cannot be made into an address, or the server does not take it.
    """
    email = email_of(name)
    if find_person(studio, email):
        return Login(email, None)
    password = _new_password()
    with _browser(studio) as browser:
        made = _submit(browser, studio.invitation(), email=email, password=password)
    person = find_person(studio, email)
    if not made or person is None:
        raise StudioError(f"{studio.url}: no account was made for '{email}'; is it an e-mail address?")
    if "@" not in name:
        first, _, last = name.strip().partition(" ")
        studio.name_person(person, first, last.strip())
    return Login(email, password)


def reset_password(studio: Studio, owner: Credentials, name: str) -> Login:
    """Give somebody another password; ``owner`` is the workspace's own account.

    Raises:
        StudioError: They have no account, or theirs is the workspace's own.
    """
    email, password = email_of(name), _new_password()
    person = find_person(studio, email)
    if person is None:
        raise StudioError(f"{studio.url}: {email} has no account; leave --reset out to make one")
    if email == owner.username:
        raise StudioError(f"{email} is the workspace's own account; `annot studio status` prints its password")
    form = f"{studio.url}/admin/users/user/{person.id}/password/"
    with _browser(studio) as browser:
        _submit(browser, f"{studio.url}/user/login/", email=owner.username, password=owner.password)
        if not _submit(browser, form, password1=password, password2=password):
            raise StudioError(f"{studio.url}: the password of {email} was not changed")
    return Login(email, password)


def find_person(studio: Studio, email: str) -> Person | None:
    """Return who has the account of that address."""
    return next((person for person in studio.people() if person.email.lower() == email), None)


def email_of(name: str) -> str:
    """Return the address that a name logs in with: its own, or one made of its letters and digits."""
    if "@" in name:
        return name.strip().lower()
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", plain)
    if not words:
        raise StudioError(f"'{name}' has no letters that a login can be made of; give an e-mail address instead")
    return f"{'.'.join(words)}@localhost"


def _new_password() -> str:
    return secrets.token_urlsafe(12)


def _browser(studio: Studio) -> httpx.Client:
    # No proxy reaches this machine's own loopback.
    return httpx.Client(trust_env=False, timeout=60, headers={"Referer": studio.url})


def _submit(browser: httpx.Client, form: str, **fields: str) -> bool:
    """Fill in a form, and return whether it was taken, for then it leads elsewhere."""
    try:
        browser.get(form).raise_for_status()
        token = browser.cookies.get("csrftoken", "")
        return browser.post(form, data={**fields, "csrfmiddlewaretoken": token}).is_redirect
    except httpx.HTTPError as error:
        raise StudioError(f"Label Studio's form cannot be filled in ({type(error).__name__})") from error
