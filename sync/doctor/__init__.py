"""Looks whether everything is set up as the checklist asks, and whether tonight will work.

`examine(case)` yields one `Check` per line of the checklist. Checks are values: a code, a status
and facts; `sync.words.checks` makes the sentences. Nothing here changes anything anywhere.
"""

from sync.doctor.case import Case, Host
from sync.doctor.checks import Check, Part, Status, tonight
from sync.doctor.examine import examine

__all__ = ["Case", "Check", "Host", "Part", "Status", "examine", "tonight"]
