"""One YAML file, the environment and secret files become one frozen, checked Config."""

from sync.config.loading import Loaded, candidates, find, load
from sync.config.mistakes import ConfigMistakes, Mistake
from sync.config.model import Config
from sync.config.report import effective, fingerprint, schema, secrets

__all__ = [
    "Config",
    "ConfigMistakes",
    "Loaded",
    "Mistake",
    "candidates",
    "effective",
    "find",
    "fingerprint",
    "load",
    "schema",
    "secrets",
]
