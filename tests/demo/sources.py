"""Reads the source systems of a demo company, without the code that wrote them."""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from demo.tables import CRM, FILES
from warehouse.core.settings import PROJECT, Settings


def settings_of(home: Path) -> Settings:
    return Settings(home=home, config_path=PROJECT / "rapport.yml", datasets=home)


@dataclass(frozen=True)
class Sources:
    """The systems of one demo company."""

    home: Path

    @property
    def demo(self) -> Path:
        return self.home / "demo"

    def table(self, name: str) -> pd.DataFrame:
        """A table of any system; every cell is text or None, as written."""
        if name in CRM:
            with sqlite3.connect(self.demo / "crm.db") as crm:
                rows = crm.execute(f"select * from {name} order by rowid").fetchall()
            texts = [[None if cell is None else str(cell) for cell in row] for row in rows]
            return pd.DataFrame(texts, columns=list(CRM[name]), dtype=object)
        return pd.DataFrame(self._file_rows(name), columns=list(FILES[name]), dtype=object)

    def _file_rows(self, name: str) -> list[list[str | None]]:
        if name in ("tickets", "events", "mentions"):
            files = sorted(self.demo.glob(f"*/**/{name}_*.jsonl"))
            parsed = [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]
            return [[None if cell is None else str(cell) for cell in row.values()] for row in parsed]
        rows: list[list[str | None]] = []
        for path in sorted((self.demo / "surveys").glob(f"{name}_2*.csv")):
            with path.open(encoding="utf-8", newline="") as file:
                rows += [[cell or None for cell in row] for row in list(csv.reader(file))[1:]]
        return rows

    def truth(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.demo / "truth" / f"{name}.csv", dtype=str, keep_default_na=False)

    def planted(self) -> dict[str, Any]:
        """The content of `effects.json`."""
        content: dict[str, Any] = json.loads((self.demo / "truth" / "effects.json").read_text(encoding="utf-8"))
        return content

    def episode(self, kind: str) -> dict[str, str]:
        """The last episode of a kind."""
        episodes = self.truth("episodes")
        return dict(episodes[episodes["kind"] == kind].iloc[-1])

    def tickets(self) -> pd.DataFrame:
        """Last version of each ticket by its number, with times."""
        tickets = self.table("tickets").drop_duplicates("ticket_id", keep="last").set_index("ticket_id")
        times = [name for name in tickets.columns if name.endswith("_at")]
        tickets[times] = tickets[times].apply(pd.to_datetime, errors="coerce")
        return tickets

    def scores(self) -> pd.DataFrame:
        """Survey responses with numbers and the region and segment of who answered."""
        responses = self.table("responses")
        for score in ("nps", "csat", "ces"):
            responses[score] = pd.to_numeric(responses[score])
        accounts = self.table("accounts").drop_duplicates("e_mail", keep="last").set_index("e_mail")
        return responses.join(accounts[["account_no", "region", "segment"]], on=responses["email"].str.lower())

    def files(self) -> dict[str, bytes]:
        """Every exported and truth file by its path."""
        folders = ("surveys", "tickets", "social", "truth")
        found = [path for folder in folders for path in sorted((self.demo / folder).rglob("*")) if path.is_file()]
        return {str(path.relative_to(self.demo)): path.read_bytes() for path in found}
