"""The front page of the Data Docs: per night and boundary the broken expectations, with links to the details."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import Any

from warehouse.core.atomic import write_text

_STYLE = (
    "body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0 2rem}"
    "th,td{text-align:left;padding:.35rem .8rem;border-bottom:1px solid #ddd;vertical-align:top}"
    "th{background:#f5f5f5}.fail{color:#b00020;font-weight:600}.warn{color:#9a6700}.quarantine{color:#0b5cad}"
)


def write_overview(docs: Path, results: Path) -> None:
    """Write `docs/index.html` from the findings in `results/<boundary>/<night>.json`."""
    pages = sorted(docs.glob("*/*/index.html"), key=lambda page: (page.parent.name, page.parent.parent.name))
    sections = [_section(docs, page, results) for page in reversed(pages)]
    write_text(
        docs / "index.html",
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rapport: data quality</title>'
        f"<style>{_STYLE}</style></head><body><h1>Data quality, night by night</h1>{''.join(sections)}</body></html>\n",
    )


def _section(docs: Path, page: Path, results: Path) -> str:
    boundary, night = page.parent.parent.name, page.parent.name
    file = results / boundary / f"{night}.json"
    findings: list[dict[str, Any]] = json.loads(file.read_text("utf-8")) if file.exists() else []
    open_findings = [finding for finding in findings if not finding["success"]]
    rows = "".join(_row(finding) for finding in open_findings)
    head = "<tr><th>table</th><th>expectation</th><th>kind</th><th>found</th></tr>"
    summary = f"{len(findings) - len(open_findings)} of {len(findings)} expectations hold"
    details = f'<a href="{escape(page.relative_to(docs).as_posix())}">details</a>'
    return f"<h2>{night}: {boundary}</h2><p>{summary}; {details}</p>" + (f"<table>{head}{rows}</table>" if rows else "")


def _row(finding: dict[str, Any]) -> str:
    kind = escape(finding["severity"])
    cells = (escape(finding["table"]), escape(finding["name"].replace("_", " ")))
    return (
        f'<tr><td>{cells[0]}</td><td>{cells[1]}</td><td class="{kind}">{kind}</td>'
        f"<td>{escape(str(finding['found'] or ''))}</td></tr>"
    )
