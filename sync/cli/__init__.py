"""The words the operator types. Every error ends here as a sentence, a hint and an exit code."""

from sync.cli.entry import main

__all__ = ["main"]
