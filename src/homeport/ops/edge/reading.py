"""Reads a declaration from `edge.toml` and the environment, and tells every fault of it at once."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from homeport.errors import SettingsError
from homeport.ops.edge.declaration import (
    CacheDeclaration,
    Declaration,
    ForwardedHost,
    OutsideView,
    ProxyAccess,
    SiteDeclaration,
)
from homeport.ops.edge.keys import FILE_VARIABLE, HOST_KEYS, KEYS, Key

TABLES = tuple(dict.fromkeys(key.table for key in KEYS))
PASSWORD_LENGTHS = range(8, 65)


def read_declaration(environ: Mapping[str, str]) -> Declaration:
    """Return what the environment and the file it names declare; the environment wins.

    Raises SettingsError with every fault at once.
    """
    faults: list[str] = []
    document = _read_file(environ.get(FILE_VARIABLE, "").strip(), faults)
    values = {key.path: _value(key, document, environ, faults) for key in KEYS}
    hosts = [_host(number, table, faults) for number, table in enumerate(_host_tables(document, faults), 1)]
    faults.extend(_unknown(document))
    if not faults:
        declaration = _declaration(values, hosts)
        faults.extend(_contradictions(declaration))
    if faults:
        raise SettingsError(faults)
    return declaration


def _read_file(path: str, faults: list[str]) -> Mapping[str, Any]:
    if not path:
        return {}
    try:
        return tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        faults.append(f"{FILE_VARIABLE}: cannot read {path} ({error}); correct the path or unset {FILE_VARIABLE}.")
    except tomllib.TOMLDecodeError as error:
        faults.append(f"{path}: not valid TOML ({error}).")
    return {}


def _value(key: Key, document: Mapping[str, Any], environ: Mapping[str, str], faults: list[str]) -> Any:
    table = document.get(key.table, {})
    written = table.get(key.name) if isinstance(table, dict) else None
    outside = environ.get(key.variable, "").strip()
    given: Any = outside or (key.default if written is None else written)
    label = key.variable if outside else key.path
    if given == "" and key.is_needed:
        faults.append(f"{key.path} is not set; set {key.variable} or `{key.name}` in [{key.table}]{_such_as(key)}.")
        return None
    return _parse(key, label, given, faults)


def _parse(key: Key, label: str, given: Any, faults: list[str]) -> Any:
    if given == "" and not key.default and key.is_needed:
        faults.append(f"{label} is not set{_such_as(key)}.")
        return None
    try:
        return key.parse(given)
    except ValueError as error:
        faults.append(f"{label}: {error}")
        return None


def _such_as(key: Key) -> str:
    return f", for example to {key.example}" if key.example else ""


def _host_tables(document: Mapping[str, Any], faults: list[str]) -> Sequence[Mapping[str, Any]]:
    tables = document.get("host", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        faults.append("host: each further host is a table of its own; begin it with [[host]].")
        return []
    return tables


def _host(number: int, table: Mapping[str, Any], faults: list[str]) -> ForwardedHost:
    values = {
        key.name: _parse(key, f"host {number}: {key.name}", table.get(key.name, key.default), faults)
        for key in HOST_KEYS
    }
    known = {key.name for key in HOST_KEYS}
    faults.extend(f"host {number}: {name} is not a key; remove it." for name in sorted(table.keys() - known))
    return ForwardedHost(values["name"], values["upstream"], values["websockets"], values["max_body_bytes"])


def _unknown(document: Mapping[str, Any]) -> Iterator[str]:
    for table, content in document.items():
        if table == "host":
            continue
        if table not in TABLES or not isinstance(content, dict):
            known_tables = ", ".join(f"[{one}]" for one in TABLES)
            yield f"[{table}] is not part of a declaration; there are {known_tables} and [[host]]."
            continue
        known = {key.name for key in KEYS if key.table == table}
        for name in sorted(content.keys() - known):
            yield f"{table}.{name} is not a key; [{table}] has {', '.join(sorted(known))}."


def _declaration(values: Mapping[str, Any], hosts: Sequence[ForwardedHost]) -> Declaration:
    name, has_tls = values["site.address"]
    return Declaration(
        site=SiteDeclaration(
            name, values["site.aliases"], has_tls, values["site.upstream"], values["site.max_body_bytes"]
        ),
        hosts=tuple(hosts),
        cache=CacheDeclaration(values["cache.enabled"], values["cache.stale_hours"], values["cache.max_megabytes"]),
        proxy=ProxyAccess(
            values["proxy.url"],
            values["tls.email"],
            values["proxy.password_file"],
            values["proxy.initial_password_file"],
            values["proxy.custom_dir"],
        ),
        outside=OutsideView(
            values["outside.address"],
            values["outside.http_port"],
            values["outside.https_port"],
            values["outside.authorities_file"],
        ),
        is_staging=values["tls.staging"],
    )


def _contradictions(declaration: Declaration) -> Iterator[str]:
    """Tell what no single value shows."""
    site = declaration.site
    names = [site.name, *site.aliases, *(host.name for host in declaration.hosts)]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"{name} is declared twice; a name leads to one place."
    if site.has_tls:
        for name in names:
            if "." not in name or name.replace(".", "").isdigit():
                yield f"{name}: no authority gives a certificate for it; use a public name, or http:// as the address."
    password = declaration.proxy.password_file.read_text(encoding="utf-8").strip()
    if len(password) not in PASSWORD_LENGTHS:
        yield "proxy.password_file: the password has to have 8 to 64 characters; write another into the file."
