"""Mail into a folder of .eml files: for the demo, for a dry run, for a pick-up directory."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from sync.outbox import Delivery, Receipt


class FolderTransport:
    """Writes each message as one file and counts it as accepted."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        try:
            self._write(body)
        except OSError as error:
            reason = f"{error.strerror or error}: {error.filename or self.folder}"
            return {to: Receipt(Delivery.PENDING, reason) for to in recipients}
        return {to: Receipt(Delivery.ACCEPTED, str(self.folder)) for to in recipients}

    def knock(self) -> Receipt:
        """Whether a file could be written there; what the doctor tries."""
        place = next(p for p in (self.folder, *self.folder.absolute().parents) if p.exists())
        if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
            return Receipt(Delivery.ACCEPTED, str(self.folder))
        return Receipt(Delivery.PENDING, f"this account may not write to {self.folder}")

    def _write(self, body: bytes) -> None:
        """Name the file by its content: a message sent again is the same file."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self.folder / f"{hashlib.sha256(body).hexdigest()[:20]}.eml"
        part = path.with_suffix(".part")
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
