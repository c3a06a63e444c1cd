"""The command line's own sandbox and home, borrowed."""

from tests.sync.cli.conftest import home as home  # noqa: PLC0414 - a fixture is found by its name
from tests.sync.cli.conftest import sandbox as sandbox  # noqa: PLC0414
from tests.sync.cli.conftest import world as world  # noqa: PLC0414
