"""One source on its way into the lake: its tables are read, checked, written, then committed as one load."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from warehouse.connectors import files, rest, sql
from warehouse.connectors.reading import ORIGIN, POSITION, ROW, MissingTable, Reading, TableRequest
from warehouse.contracts import Contract, contracts
from warehouse.core.configuration import TableMapping
from warehouse.core.errors import ContractError, RapportError
from warehouse.core.reports import StageReport, TableCount
from warehouse.core.settings import Settings
from warehouse.landing.arrivals import Arrival, Arrivals
from warehouse.landing.bounds import Bounds
from warehouse.landing.casts import SourceColumn
from warehouse.landing.manifests import Loads, Manifest, Pending, TableLoad
from warehouse.landing.mapping import plan
from warehouse.landing.schema_check import check_cells, check_columns, check_types, column_changes
from warehouse.landing.staging import stage

CONNECTORS: dict[str, Callable[[TableRequest], Reading]] = {"sql": sql.read, "files": files.read, "rest": rest.read}


class SourceLanding:
    """One run over one source; `report` and `errors` tell how it went."""

    def __init__(self, settings: Settings, source: str, as_of: date, work: Path) -> None:
        self.errors: list[RapportError] = []
        self._settings, self._source, self._as_of, self._work = settings, source, as_of, work
        self._config = settings.config.sources[source]
        self._loads = Loads(settings.landing)
        self._load_id = self._loads.next_load_id(source, as_of)
        self._landed = {table: self._loads.landed(source, table) for table in self._config.tables}
        self._arrivals = Arrivals(work)
        self._counts: list[TableCount] = []
        self._notes: list[str] = []
        self._tables: dict[str, TableLoad] = {}
        self._moves: dict[str, str] = {}

    @property
    def report(self) -> StageReport:
        return StageReport("land", tables=tuple(self._counts), notes=tuple(self._notes))

    def run(self) -> None:
        """Read, check, write and commit what is new; a table that fails leaves a line in `errors`."""
        readings = self._readings()
        staged, failed = stage(readings, self._work / "read", self._settings.logs)
        for table, reading in readings.items():
            try:
                if table in failed:
                    raise self._named(table, failed[table])
                self._table(table, reading, staged.get(table, []))
            except MissingTable as error:
                self._missing(table, error)
            except RapportError as error:
                self._fail(table, error)
        if self._tables:
            manifest = Manifest(load_id=self._load_id, source=self._source, as_of=self._as_of, tables=self._tables)
            self._loads.commit(Pending(manifest=manifest, moves=self._moves))

    def _readings(self) -> dict[str, Reading]:
        readings = {}
        for table, mapping in self._config.tables.items():
            last = self._landed[table].last_night
            if last and last > self._as_of:
                self._notes.append(f"the later night {last} has landed already: nothing is added to the past")
                self._counts.append(TableCount(f"{self._source}.{table}", 0, 0))
                continue
            try:
                readings[table] = self._reading(table, mapping)
            except MissingTable as error:
                self._missing(table, error)
            except RapportError as error:
                self._fail(table, error)
        return readings

    def _reading(self, table: str, mapping: TableMapping) -> Reading:
        landed, contract = self._landed[table], self._contract(table)
        request = TableRequest(
            settings=self._settings,
            source=self._source,
            table=table,
            config=self._config,
            mapping=mapping,
            since=self._bounds(table, mapping).since,
            until=self._as_of,
            seen=landed.files if not landed.held_back else {},
            stamps=landed.stamps if not landed.held_back else {},
            work=self._work / "files" / table,
        )
        reading = CONNECTORS[self._config.connector](request)
        for place, columns in reading.columns.items():
            check_columns(contract, mapping, columns, place)
        return reading

    def _table(self, table: str, reading: Reading, staged: list[Path]) -> None:
        if not staged:
            return self._nothing(table, reading)
        contract, mapping = self._contract(table), self._config.tables[table]
        columns = self._arrivals.columns(staged)
        own = [column for column in columns if column.name not in (ORIGIN, POSITION, ROW)]
        check_columns(contract, mapping, [column.name for column in own], reading.place)
        check_types(contract, mapping, own, reading.place)
        select = plan(contract, mapping, columns, self._generated_key(reading))
        relative = f"{self._source}/{table}/as_of={self._as_of}/{self._load_id}.parquet"
        recent = f"_loads/{self._source}/recent/{self._load_id}.{table}.parquet"
        file, hashes = self._work / "write" / relative, self._work / "write" / recent
        arrival = self._arrivals.land(contract, select, self._bounds(table, mapping), self._load_id, file, hashes)
        check_cells(contract, arrival.filled, arrival.rejected, reading.place, arrival.example)
        self._moves |= {str(path): place for path, place in ((file, relative), (hashes, recent)) if path.exists()}
        self._note(table, reading, own, arrival, (relative, recent if hashes.exists() else None))

    def _note(
        self,
        table: str,
        reading: Reading,
        own: list[SourceColumn],
        arrival: Arrival,
        written: tuple[str, str | None],
    ) -> None:
        name, landed = f"{self._source}.{table}", self._landed[table]
        columns = [column.name for column in own]
        if arrival.rejected:
            cells = ", ".join(f"{column} {count}" for column, count in arrival.rejected.items())
            self._notes.append(f"{name}: cells that do not fit, kept in rejected_cells: {cells}")
        self._notes += column_changes(name, landed.columns, columns)
        self._counts.append(TableCount(name, arrival.rows_read, arrival.rows))
        if arrival.rows or reading.files or arrival.held_back != landed.held_back:
            self._tables[table] = TableLoad(
                rows_read=arrival.rows_read,
                rows=arrival.rows,
                file=written[0] if arrival.rows else None,
                recent=written[1],
                files=reading.files,
                stamps=reading.stamps,
                watermark_before=landed.watermark,
                watermark_after=landed.watermark if arrival.watermark is None else arrival.watermark,
                held_back=arrival.held_back,
                columns=columns,
            )

    def _nothing(self, table: str, reading: Reading) -> None:
        self._counts.append(TableCount(f"{self._source}.{table}", 0, 0))
        if reading.files:
            mark = self._landed[table].watermark
            self._tables[table] = TableLoad(
                rows_read=0, rows=0, file=None, recent=None, files=reading.files, stamps=reading.stamps,
                watermark_before=mark, watermark_after=mark, held_back=0, columns=[],
            )  # fmt: skip

    def _bounds(self, table: str, mapping: TableMapping) -> Bounds:
        landed, root = self._landed[table], self._settings.landing
        earlier = sorted((root / self._source / table).glob("as_of=*/*.parquet")) if mapping.distinct else []
        return Bounds(
            as_of=self._as_of,
            last_night=landed.last_night,
            is_dated="{date}" in mapping.source,
            watermark=landed.watermark,
            lookback_days=mapping.lookback_days,
            has_cursor=mapping.cursor is not None,
            distinct=mapping.distinct,
            recent=tuple(root / file for file in landed.recent),
            landed=tuple(earlier),
        )

    def _generated_key(self, reading: Reading) -> str:
        """Keys the source lacks: the place in the file, or for sources without fixed places that in the load."""
        if not reading.keeps_position:
            return f"'{self._load_id}:' || {ROW}"
        return f"{ORIGIN} || ':' || {POSITION}" if reading.several else f"cast({POSITION} as varchar)"

    def _missing(self, table: str, error: MissingTable) -> None:
        if self._contract(table).required:
            self._fail(table, ContractError(f"{error} (the night cannot go without it)"))
            return
        self._notes.append(f"{error}; what needs it is off")
        self._counts.append(TableCount(f"{self._source}.{table}", 0, 0, status="off"))

    def _fail(self, table: str, error: RapportError) -> None:
        self.errors.append(error)
        self._counts.append(TableCount(f"{self._source}.{table}", 0, 0, status="failed"))

    def _named(self, table: str, error: Exception) -> RapportError:
        name = f"{self._source}.{table}"
        kind = type(error) if isinstance(error, RapportError) else RapportError
        return kind(str(error) if str(error).startswith(name) else f"{name}: {error}")

    def _contract(self, table: str) -> Contract:
        return contracts()[f"{self._source}.{table}"]
