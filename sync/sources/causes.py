"""Why a list could not be believed: every cause code, its state and its one-line meaning."""

from datetime import datetime
from enum import StrEnum
from typing import Self

from sync.core.pulls import State

DOWN, CLOSED, PARTIAL = State.UNREACHABLE, State.FORBIDDEN, State.PARTIAL
STALE, SUSPECT = State.STALE, State.SUSPECT


class Cause(StrEnum):
    """A stable code; it is stored, printed through `sync.words` and compared by tests."""

    state: State
    meaning: str

    def __new__(cls, code: str, state: State, meaning: str) -> Self:
        member = str.__new__(cls, code)
        member._value_ = code
        member.state = state
        member.meaning = meaning
        return member

    @classmethod
    def named(cls, code: str) -> "Cause":
        return next(cause for cause in cls if cause.value == code)

    DNS = "dns", DOWN, "the host name could not be resolved"
    REFUSED = "refused", DOWN, "nothing accepts connections at that address"
    NETWORK = "network", DOWN, "the connection broke or no route leads there"
    PROXY = "proxy", DOWN, "the configured proxy does not answer or refuses"
    TIMEOUT = "timeout", DOWN, "the answer did not come, or not completely, in time"
    TRUNCATED = "truncated", DOWN, "the answer broke off before its end, every time"
    TLS = "tls", DOWN, "the server's certificate or its TLS version is not acceptable"
    REDIRECT = "redirect", DOWN, "the server sends us to another address; not followed"
    SERVER_ERROR = "server-error", DOWN, "the server answers with its own fault (5xx)"
    QUOTA = "quota", DOWN, "the request quota is spent and did not free in time"
    UNAUTHORIZED = "unauthorized", DOWN, "the secret, key or token is not accepted (401)"
    CLOCK_SKEW = "clock-skew", DOWN, "this host's clock is too far from the server's"
    INVALID_CLIENT = "invalid-client", DOWN, "Halo does not know this client id and secret"
    INVALID_SCOPE = "invalid-scope", DOWN, "Halo's application lacks a requested scope"
    WRONG_TENANT = "wrong-tenant", DOWN, "the token address failed: most likely the tenant"
    TOKEN_ADDRESS = "token-address", DOWN, "no usable token service at the auth address"
    AUTH_HOST = "auth-host", DOWN, "Halo names a foreign host for the secret; not sent"
    NOT_RECORDED = "not-recorded", DOWN, "the recording holds no answer to this request"
    FORBIDDEN = "forbidden", CLOSED, "the login may not read this list (403)"
    SCOPE_MISSING = "scope-missing", CLOSED, "the token was not granted the needed scope"
    FILE_FORBIDDEN = "file-forbidden", CLOSED, "the file may not be read by this account"
    FILE_UNSAFE = "file-unsafe", CLOSED, "not a regular file of ours, or anyone may change it"
    BAD_REQUEST = "bad-request", PARTIAL, "the server refuses the request itself (400, 406, 422)"
    NO_ENDPOINT = "no-endpoint", PARTIAL, "the server has no such list (404): wrong base address?"
    ODD_STATUS = "odd-status", PARTIAL, "the server answered with a status nobody documents"
    PAGE_BROKEN = "page-broken", PARTIAL, "an answer is not well-formed JSON"
    PAGE_ENCODING = "page-encoding", PARTIAL, "an answer is not UTF-8"
    PAGE_SHAPE = "page-shape", PARTIAL, "an answer holds no list where one was asked for"
    PAGE_TOO_BIG = "page-too-big", PARTIAL, "an answer is larger than any real page"
    PAGES_TOO_MANY = "pages-too-many", PARTIAL, "the list goes on beyond any plausible length"
    PAGING_IGNORED = "paging-ignored", PARTIAL, "every page is the first page again"
    TOTAL_BAD = "total-bad", PARTIAL, "the declared total is missing or is no number"
    CHANGED_WHILE_READING = (
        "changed-while-reading",
        PARTIAL,
        "the declared total moved during both pulls; everything else agreed",
    )
    ROWS_REPEATED = "rows-repeated", PARTIAL, "rows came twice, so others may have been missed"
    ROWS_MISSING = "rows-missing", PARTIAL, "fewer or more rows came than the server declared"
    PULLS_DIFFER = "pulls-differ", PARTIAL, "two pulls in a row did not give the same records"
    ROWS_REJECTED = "rows-rejected", PARTIAL, "more than one row in a hundred was unusable"
    ASSET_TYPE_UNKNOWN = "asset-type-unknown", PARTIAL, "a configured asset type does not exist"
    EMPTY_CONTRADICTED = (
        "empty-contradicted",
        SUSPECT,
        "the list is empty while the same system counts active agents",
    )
    AGENTS_HIDDEN = "agents-hidden", SUSPECT, "the login sees no agent, or only itself"
    FILE_ABSENT = "file-absent", STALE, "the file is not there"
    FILE_OLD = "file-old", STALE, "the file is older than allowed"
    FILE_GROWING = "file-growing", PARTIAL, "the file is still being written"
    FILE_CUT = "file-cut", PARTIAL, "the last line of the file has no end: it may be cut off"
    FILE_ENCODING = "file-encoding", PARTIAL, "the file is not in the expected encoding"
    FILE_HEADERS = "file-headers", PARTIAL, "the file's headers are not the expected ones"
    FILE_WIDTH = "file-width", PARTIAL, "a row is wider or narrower than the header"
    FILE_BROKEN = "file-broken", PARTIAL, "the file is not a readable CSV or XLSX file"
    FILE_TOO_BIG = "file-too-big", PARTIAL, "the file is larger than any real export"


class Trouble(Exception):  # noqa: N818 - becomes a manifest, never reaches the operator as is
    """One pull cannot go on. Inside `sync.sources` only."""

    def __init__(self, cause: Cause, detail: str = "", at: datetime | None = None) -> None:
        super().__init__(f"{cause.value}: {detail}")
        self.cause = cause
        self.detail = detail
        self.at = at
        """When it happened, where an exchange or a file was tried."""
