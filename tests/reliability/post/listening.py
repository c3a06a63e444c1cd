"""A listener on a loopback port that talks to every caller in a thread of its own."""

import socket
import threading
from contextlib import suppress


class Listener:
    """What a server of our own is made of; says `_talk` what is said to a caller."""

    def listen(self, port: int = 0) -> int:
        """Open the port, 0 = any; gives it."""
        self.closing = threading.Event()
        self._talks: list[threading.Thread] = []
        self._listener = socket.create_server(("127.0.0.1", port))
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()
        return int(self._listener.getsockname()[1])

    def close(self) -> None:
        """Hang up, and wait until every talk has ended."""
        self.closing.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in (self._thread, *self._talks):
            thread.join()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                connection.settimeout(5)
                talk = threading.Thread(target=self._talk, args=(connection,), daemon=True)
                self._talks = [t for t in self._talks if t.is_alive()] + [talk]
                talk.start()

    def _talk(self, connection: socket.socket) -> None:
        raise NotImplementedError
