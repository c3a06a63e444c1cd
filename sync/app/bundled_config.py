"""The configuration as a bundle may show it, and one with which its recording can be replayed."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sync.config import Config, Loaded, effective
from sync.doctor.disguised_recording import address

Rename = Callable[[str], str]
PLAIN = frozenset({
    "halo.asset_name_fields", "halo.exclude_internal", "linking.exact", "schedule.cron",
    "schedule.timezone", "report.policy", "report.language", "mail.transport", "mail.tls",
    "users.encoding", "flags.encoding",
})  # fmt: skip
"""Texts that are choices among ours, no names."""


def texts_of(loaded: Loaded) -> Iterator[str]:
    """Every text of the configuration that is not a choice among ours."""
    for key, value, origin in effective(loaded):
        if key not in PLAIN:
            yield from _texts(value)
            yield _place(origin).rpartition("/")[0]


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _texts(item)


def kept_settings(loaded: Loaded, rename: Rename) -> list[Mapping[str, Any]]:
    """Every setting in force; numbers and choices as they are, other texts disguised."""
    return [
        {
            "key": key,
            "value": value if key in PLAIN else _disguised(value, rename),
            "origin": _place(origin).rpartition("/")[2],
        }
        for key, value, origin in effective(loaded)
    ]


def _place(origin: str) -> str:
    """Where it was written; a secret file's path is no news."""
    return origin.partition(" -> ")[0].replace("\\", "/")


def _disguised(value: Any, rename: Rename) -> Any:
    if isinstance(value, str):
        return rename(value)
    if isinstance(value, list | tuple):
        return [_disguised(item, rename) for item in value]
    return value


def replay_config(config: Config, rename: Rename) -> str:
    """What decides how a recording is judged; addresses and secrets are stand-ins."""
    halo, autoelevate = config.halo, config.autoelevate
    settings: dict[str, Any] = {
        "halo": {
            "base_url": address(halo.base_url, rename),
            "tenant": rename(halo.tenant),
            "client_id": "replay",
            "client_secret": "replay-only",
            "asset_name_fields": [_field(name, rename) for name in halo.asset_name_fields],
            "asset_types": _disguised(halo.asset_types, rename),
            "exclude_internal": halo.exclude_internal,
        },
        "autoelevate": {"base_url": "https://autoelevate.example", "key": "aeb_replay-only"},
        "linking": {
            "exact": config.linking.exact,
            "allow_many_to_one": _disguised(config.linking.allow_many_to_one, rename),
        },
        "brake": config.brake.model_dump(),
        "state_dir": "./state",
        "schedule": {"timezone": config.schedule.timezone},
        "report": {"policy": config.report.policy, "language": config.report.language},
        "allow_readable_secrets": True,
        "allow_root": True,
    }
    if halo.auth_url:
        settings["halo"]["auth_url"] = address(halo.auth_url, rename)
    if autoelevate.hmac_key is not None:
        settings["autoelevate"] |= {"key": "aeh_replay-only", "hmac_key": "replay-only"}
    if config.users is not None:
        settings["users"] = _users(config, rename)
    return json.dumps(settings, indent=1, ensure_ascii=False) + "\n"


def _field(name: str, rename: Rename) -> str:
    """A field's own name is disguised in the recording, and so here."""
    prefix, colon, own = name.partition(":")
    return f"{prefix}{colon}{rename(own)}" if colon else name


def _users(config: Config, rename: Rename) -> dict[str, Any]:
    users = config.users
    assert users is not None
    found: dict[str, Any] = {
        "max_age_days": users.max_age_days,
        "own_domains": _disguised(users.own_domains, rename),
    }
    if users.list is not None:
        found["list"] = [
            {"name": rename(p.name), "email": rename(p.email), "role": rename(p.role)}
            for p in users.list
        ]
    else:
        found["file"] = "users.csv"
        columns = users.columns.model_dump(mode="json")
        found["columns"] = {key: headers[:1] for key, headers in columns.items()}
    return found
