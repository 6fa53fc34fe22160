"""Label Studio's API."""

from typing import Any
from urllib.parse import urljoin

from annotate.studio.entities import Person
from annotate.studio.project_requests import ProjectRequests
from annotate.studio.task_requests import TaskRequests
from annotate.studio.transport import ONCE


class Studio(ProjectRequests, TaskRequests):
    """A Label Studio server, to be closed after use; methods raise ``StudioError`` when it is lost or refuses."""

    def account(self) -> Person:
        """Return whose token it is."""
        with self._telling():
            return _person(self._sdk.users.whoami())

    def people(self) -> list[Person]:
        """Return everybody who has an account, by id."""
        with self._telling():
            return sorted((_person(user) for user in self._sdk.users.list()), key=lambda person: person.id)

    def name_person(self, person: Person, first: str, last: str) -> None:
        """Say what somebody is called."""
        with self._telling():
            self._sdk.users.update(id=person.id, first_name=first, last_name=last, request_options=ONCE)

    def invitation(self) -> str:
        """Return the address at which somebody can make an account."""
        with self._telling():
            return urljoin(self.url, str(self._sdk.organizations.invites.get_invite_link().invite_url))


def _person(user: Any) -> Person:  # noqa: ANN401 - the SDK's types differ between requests
    return Person(int(user.id), str(user.email), f"{user.first_name or ''} {user.last_name or ''}".strip())
