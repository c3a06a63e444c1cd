"""A sliding window of requests, as both systems count them."""

from collections import deque


class Window:
    """At most `limit` requests in any `seconds`; refused ones are not counted."""

    def __init__(self, limit: int, seconds: float) -> None:
        self.limit = limit
        self.seconds = seconds
        self._taken: deque[float] = deque()

    def take(self, now: float) -> float:
        """Zero when the request may pass, else the seconds until one may."""
        while self._taken and self._taken[0] <= now - self.seconds:
            self._taken.popleft()
        if len(self._taken) < self.limit:
            self._taken.append(now)
            return 0.0
        if not self._taken:
            return self.seconds
        return self._taken[0] + self.seconds - now
