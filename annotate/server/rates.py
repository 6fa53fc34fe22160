"""How many requests a client may send in a minute; a client is an address of the network."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from annotate.server.options import Limits

_SCORED = ("/", "/score")  # where people and programs send texts of any kind


class Rates:
    """Counts by client."""

    def __init__(self, limits: Limits) -> None:
        self._window = FixedWindowRateLimiter(MemoryStorage())
        self._requests = RateLimitItemPerMinute(limits.requests)
        self._scorings = RateLimitItemPerMinute(limits.scorings)
        self._logins = RateLimitItemPerMinute(limits.logins)

    def may_ask(self, client: str, method: str, path: str) -> bool:
        """Count a request, and tell whether it is one of those that may be sent."""
        may = self._window.hit(self._requests, "requests", client)
        if method == "POST" and path in _SCORED:
            may = self._window.hit(self._scorings, "scorings", client) and may
        return may

    def may_log_in(self, client: str) -> bool:
        """Tell whether a client may try a token, after those that it got wrong."""
        return self._window.test(self._logins, "logins", client)

    def fail_login(self, client: str) -> None:
        """Count a wrong token."""
        self._window.hit(self._logins, "logins", client)
