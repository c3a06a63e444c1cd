"""A self-made certificate for tests of TLS, made when it is needed and never shipped."""

import shutil
import subprocess
from pathlib import Path


def make(folder: Path, host: str = "127.0.0.1") -> Path | None:
    """A PEM file with key and certificate for this host; None where openssl is not installed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        return None
    pem, key = folder / "sandbox.pem", folder / "sandbox.key"
    kind = "IP" if host.replace(".", "").isdigit() else "DNS"
    subprocess.run(  # noqa: S603 - a fixed command line, no shell
        [
            openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-nodes", "-days", "2", "-subj", f"/CN={host}",
            "-addext", f"subjectAltName={kind}:{host}",
            "-keyout", str(key), "-out", str(pem),
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    pem.write_text(key.read_text() + pem.read_text())
    pem.chmod(0o600)
    key.unlink()
    return pem
