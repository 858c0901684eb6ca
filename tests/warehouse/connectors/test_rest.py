"""Connector `rest` against a real server: paging, secrets, refusals."""

from __future__ import annotations

from typing import Any

import pytest

from tests.warehouse.connectors.api import RECORDS, SECRET, Api
from tests.warehouse.landing.company import CUSTOMERS, SmallCompany
from warehouse.connectors import rest
from warehouse.core.errors import SourceError

BEARER = {"kind": "bearer", "connection": "desk_secret"}
COLUMNS = {"ticket_id": "id", "opened_at": "opened", "customer_id": "by.id"}


def _land(company: SmallCompany, api: Api, path: str, night: str = "2024-01-02", **options: Any) -> None:
    source = {name: options.pop(name) for name in ("paginator", "auth") if name in options}
    table = {"from": path, "columns": COLUMNS, "cursor": "opened", **options}
    company.configure(
        crm={"connector": "files", "path": "{datasets}", "tables": CUSTOMERS},
        ticket={"connector": "rest", "connection": "desk", "auth": BEARER, **source, "tables": {"tickets": table}},
    )
    company.land(night, desk=api.address, desk_secret=SECRET)


def _tickets(company: SmallCompany) -> list[tuple[Any, ...]]:
    return company.landed("ticket.tickets", "ticket_id, opened_at::varchar, customer_id, attributes")


EXPECTED = [
    (str(n), f"2024-01-01 0{n}:00:00", "10", '{"by.mail":null,"tags":"[\\"a\\"]"}') for n in range(len(RECORDS))
]


@pytest.mark.parametrize(
    ("path", "paginator", "records"),
    [
        ("pages", {"kind": "page"}, None),
        ("cursors", {"kind": "cursor", "cursor_path": "meta.next", "cursor_param": "after"}, "data.items"),
        ("links", {"kind": "link"}, None),
        ("all", {"kind": "none"}, None),
    ],
)
def test_all_pages_land(company: SmallCompany, api: Api, path: str, paginator: Any, records: str | None) -> None:
    _land(company, api, path, paginator=paginator, records=records)
    assert _tickets(company) == EXPECTED


@pytest.mark.parametrize("auth", [{"kind": "api_key"}, {"kind": "basic", "user": "someone"}])
def test_secret_of_a_connection_authorises(company: SmallCompany, api: Api, auth: dict[str, str]) -> None:
    _land(company, api, "all", auth={**auth, "connection": "desk_secret"})
    assert _tickets(company) == EXPECTED


def test_requests_have_the_bounds_of_the_night(company: SmallCompany, api: Api) -> None:
    params = {"since": "{since}", "until": "{until}", "size": 2}
    _land(company, api, "all", params=params)
    _land(company, api, "all", night="2024-01-03", params=params)
    assert [query for _, query, _ in api.requests] == [
        {"since": "1970-01-01T00:00:00Z", "until": "2024-01-02T00:00:00Z", "size": "2"},
        {"since": "2024-01-01T04:00:00Z", "until": "2024-01-03T00:00:00Z", "size": "2"},
    ]
    assert _tickets(company) == EXPECTED


def test_a_request_answered_429_is_sent_again(company: SmallCompany, api: Api) -> None:
    api.busy = 2
    _land(company, api, "pages", paginator={"kind": "page"})
    assert [status for _, _, status in api.requests] == [429, 429, 200, 200, 200, 200]
    assert _tickets(company) == EXPECTED


def test_an_interface_that_keeps_failing_gives_one_clear_line(
    company: SmallCompany, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rest, "ATTEMPTS", 2)
    api.broken = True
    with pytest.raises(SourceError, match=r"ticket\.tickets: path all answered 500") as raised:
        _land(company, api, "all")
    assert len(api.requests) == 2
    assert "\n" not in str(raised.value)


def test_the_message_about_a_wrong_secret_does_not_contain_it(company: SmallCompany, api: Api) -> None:
    auth = {"kind": "api_key", "connection": "desk_secret", "header": "X-Other"}
    with pytest.raises(SourceError, match=r"path all refused access \(401\)") as raised:
        _land(company, api, "all", auth=auth)
    assert SECRET not in str(raised.value)


def test_optional_path_that_is_not_there_is_switched_off(company: SmallCompany, api: Api) -> None:
    _land(company, api, "nowhere")
    assert company.landed("ticket.tickets", "1") == []
