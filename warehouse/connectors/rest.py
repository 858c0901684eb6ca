"""Connector `rest`: paged JSON interfaces, through the client of dlt, with retries that respect `Retry-After`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pyarrow as pa

from warehouse.connectors.reading import BATCH_ROWS, MissingTable, Reading, TableRequest
from warehouse.core.configuration import Auth, Paginator, SourceConfig
from warehouse.core.errors import ConfigurationError, SourceError
from warehouse.core.settings import Settings

#: Attempts where the answer is 429, 5xx or none; pauses double from the first one, unless `Retry-After` is given.
ATTEMPTS, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, TIMEOUT_SECONDS = 6, 1, 60, 60
PROBE_SECONDS = 5
_BEGINNING = date(1970, 1, 1)


def read(request: TableRequest) -> Reading:
    """How to read one list of an interface; `{since}` and `{until}` in its parameters are filled in.

    Raises:
        ConfigurationError: the source has no connection.
    """
    if request.config.connection is None:
        raise ConfigurationError(f"sources.{request.source}: a rest source needs a `connection`; add it in rapport.yml")
    address = request.settings.connection(request.config.connection)
    secret = request.settings.connection(request.config.auth.connection) if request.config.auth else ""
    return Reading(
        place=f"path {request.mapping.source}",
        batches=lambda: _batches(request, address, secret),
    )


def probe(settings: Settings, source: SourceConfig) -> str:
    """Ask the interface for its headers; the status it answered with. Any answer counts: the server is there."""
    address = settings.connection(source.connection or "")
    to_do = source.if_missing or "correct `connection` in rapport.yml"
    if not address.startswith(("http://", "https://")):
        raise SourceError(f"the address is not http(s); {to_do}")
    try:
        with urlopen(Request(address, method="HEAD"), timeout=PROBE_SECONDS) as answer:  # noqa: S310 - checked above
            return f"answers {answer.status}"
    except HTTPError as error:
        return f"answers {error.code}"
    except URLError as error:
        raise SourceError(f"the interface does not answer ({error.reason}); {to_do}") from error


def _batches(request: TableRequest, address: str, secret: str) -> Iterator[pa.Table]:
    waiting: list[dict[str, str | None]] = []
    for page in _pages(request, address, secret):
        waiting += [flat(record) for record in page]
        if len(waiting) >= BATCH_ROWS:
            yield _table(waiting)
            waiting = []
    if waiting:
        yield _table(waiting)


def _pages(request: TableRequest, address: str, secret: str) -> Iterator[Sequence[dict[str, Any]]]:
    from dlt.sources.helpers.requests import Client
    from dlt.sources.helpers.rest_client.client import RESTClient
    from requests import HTTPError as Refusal
    from requests import RequestException

    session = Client(
        request_timeout=TIMEOUT_SECONDS,
        request_max_attempts=ATTEMPTS,
        request_backoff_factor=FIRST_PAUSE_SECONDS,
        request_max_retry_delay=LONGEST_PAUSE_SECONDS,
        raise_for_status=False,
    ).session
    client = RESTClient(base_url=address, auth=_auth(request.config.auth, secret), session=session)
    path = request.mapping.source
    try:
        yield from client.paginate(
            path,
            params=_parameters(request),
            paginator=_paginator(request.config.paginator),
            data_selector=request.mapping.records or "$",
        )
    except Refusal as error:
        status = error.response.status_code if error.response is not None else 0
        raise _refused(request, status) from error
    except (RequestException, ValueError) as error:
        raise SourceError(
            f"{request.name}: path {path} cannot be read ({type(error).__name__}); check that the interface answers "
            "with JSON and that the connection is right (`rapport doctor`)"
        ) from error


def _refused(request: TableRequest, status: int) -> SourceError:
    where = f"{request.name}: path {request.mapping.source}"
    if status == 404:
        return MissingTable(f"{where} does not exist (404); correct `from` in rapport.yml, or remove the table there")
    if status in (401, 403):
        return SourceError(f"{where} refused access ({status}); correct the secret of `auth.connection` of the source")
    return SourceError(f"{where} answered {status} after up to {ATTEMPTS} attempts; try again later")


def _parameters(request: TableRequest) -> dict[str, Any]:
    since = request.since if request.since is not None else datetime.combine(_BEGINNING, time())
    bounds = {"{since}": _text(since), "{until}": _text(datetime.combine(request.until, time()))}
    filled = {}
    for name, value in request.mapping.params.items():
        text = value
        for sign, bound in bounds.items():
            text = text.replace(sign, bound) if isinstance(text, str) else text
        filled[name] = text
    return filled


def _text(bound: datetime | float) -> str:
    return f"{bound.isoformat()}Z" if isinstance(bound, datetime) else f"{bound:.0f}"


def _auth(auth: Auth | None, secret: str) -> Any:
    from dlt.sources.helpers.rest_client.auth import APIKeyAuth, BearerTokenAuth, HttpBasicAuth

    match auth.kind if auth else None:
        case "bearer":
            return BearerTokenAuth(token=secret)
        case "api_key" if auth:
            return APIKeyAuth(name=auth.header, api_key=secret, location="header")
        case "basic" if auth:
            return HttpBasicAuth(username=auth.user or "", password=secret)
        case _:
            return None


def _paginator(given: Paginator) -> Any:
    from dlt.sources.helpers.rest_client import paginators

    match given.kind:
        case "page":
            return paginators.PageNumberPaginator(
                base_page=given.base_page, page_param=given.page_param, total_path=None, stop_after_empty_page=True
            )
        case "cursor":
            return paginators.JSONResponseCursorPaginator(
                cursor_path=given.cursor_path, cursor_param=given.cursor_param
            )
        case "link":
            return _link_paginator(given.cursor_path)
        case _:
            return paginators.SinglePagePaginator()


def _link_paginator(path: str) -> Any:
    """Takes the next address from the `Link` header; without that header, from the body of the answer."""
    from dlt.sources.helpers.rest_client.paginators import JSONLinkPaginator

    class LinkPaginator(JSONLinkPaginator):
        def update_state(self, response: Any, data: list[Any] | None = None) -> None:
            if "Link" in response.headers:
                self._next_reference = response.links.get("next", {}).get("url")
            else:
                super().update_state(response, data)

    return LinkPaginator(next_url_path=path)


def flat(record: dict[str, Any], prefix: str = "") -> dict[str, str | None]:
    """A record as texts by name: nested fields get dotted names, lists become JSON."""
    cells: dict[str, str | None] = {}
    for name, value in record.items():
        if isinstance(value, dict):
            cells |= flat(value, f"{prefix}{name}.")
        else:
            cells[prefix + name] = _cell(value)
    return cells


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _table(records: Sequence[dict[str, str | None]]) -> pa.Table:
    names = list(dict.fromkeys(name for record in records for name in record))
    return pa.table({name: pa.array([record.get(name) for record in records], pa.string()) for name in names})
