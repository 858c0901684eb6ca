"""One table of one load: its contract and mapping, and what earlier loads left of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from warehouse.contracts import Contract
from warehouse.core.configuration import SourceConfig, TableMapping
from warehouse.core.settings import Settings
from warehouse.landing.manifests import Landed, Watermark


@dataclass(frozen=True)
class LandingTable:
    """What every step of landing needs to know about its table; `work` is a private folder of the load."""

    settings: Settings
    contract: Contract
    config: SourceConfig
    mapping: TableMapping
    earlier: Landed
    as_of: date
    load_id: str
    work: Path

    @property
    def name(self) -> str:
        return self.contract.name

    @property
    def since(self) -> Watermark | None:
        """Rows at or above this may be new: the watermark of the earlier loads, less the lookback."""
        return self.less_lookback(self.earlier.watermark)

    def less_lookback(self, watermark: Watermark | None) -> Watermark | None:
        if isinstance(watermark, datetime):
            return watermark - timedelta(days=self.mapping.lookback_days)
        return watermark

    @property
    def landed_name(self) -> str:
        """The file of landed rows, below `lake/landing`."""
        return f"{self.contract.source}/{self.contract.table}/as_of={self.as_of}/{self.load_id}.parquet"

    @property
    def hashes_name(self) -> str:
        """The file of hashes of rows that a later load may read again, below `lake/landing`."""
        return f"_loads/{self.contract.source}/recent/{self.load_id}.{self.contract.table}.parquet"

    def draft(self, name: str) -> Path:
        """Where a file is written before it is committed."""
        return self.work / "write" / name

    @property
    def earlier_hashes(self) -> list[Path]:
        return [self.settings.landing / file for file in self.earlier.hash_files]

    @property
    def earlier_files(self) -> list[Path]:
        """All landed files of the table."""
        folder = self.settings.landing / self.contract.source / self.contract.table
        return sorted(folder.glob("as_of=*/*.parquet"))
