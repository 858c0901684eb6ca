"""SQL expressions that cast a cell of any source type to a contract type and never fail."""

from __future__ import annotations

from warehouse.contracts import LAKE_TYPE, ColumnType
from warehouse.core.quoting import identifier, literal
from warehouse.landing.columns import Family, SourceColumn, family

#: Contract types and the families of source columns that can become them; text is decided per cell.
FITTING: dict[ColumnType, tuple[Family, ...]] = {
    "string": ("text", "integer", "decimal", "float", "boolean", "date", "timestamp", "timestamptz", "nested"),
    "integer": ("text", "integer", "decimal", "float", "boolean"),
    "number": ("text", "integer", "decimal", "float", "boolean"),
    "boolean": ("text", "integer", "boolean"),
    "date": ("text", "date", "timestamp", "timestamptz"),
    "timestamp": ("text", "date", "timestamp", "timestamptz"),
}
_BLANK_CODES = "32, 9, 10, 13, 160, 12288"
_BLANKS = "' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(12288)"
_TRUE = "('true', 't', 'yes', 'y', '1', 'on')"
_FALSE = "('false', 'f', 'no', 'n', '0', 'off')"


def as_trimmed_text(column: SourceColumn) -> str:
    """As `as_text`, without surrounding blanks."""
    if family(column) != "text":
        return as_text(column)
    plain = _plain(column)
    # trimming takes ten times as long as checking whether there is something to trim
    is_blank = f"ord({plain}) in ({_BLANK_CODES}) or ord({plain}[-1]) in ({_BLANK_CODES})"
    return f"case when {is_blank} then {_trimmed(plain)} when {plain} <> '' then {plain} end"


def as_text(column: SourceColumn) -> str:
    """The cell as text: whole floats without decimals, blanks as NULL, zoned times in UTC."""
    sql = identifier(column.name)
    match family(column):
        case "text":
            plain = _plain(column)
            # only a text that begins with a blank can be all blanks
            rest = f"case when {_trimmed(plain)} is not null then {plain} end"
            return f"case when ord({plain}) in ({_BLANK_CODES}) then {rest} when {plain} <> '' then {plain} end"
        case "float" | "decimal":
            whole = f"isfinite(cast({sql} as double)) and {sql} = trunc({sql}) and abs({sql}) < 1e15"
            number = f"case when {whole} then cast(cast({sql} as bigint) as varchar) else cast({sql} as varchar) end"
            return f"case when not isnan(cast({sql} as double)) then {number} end"
        case "timestamptz":
            return f"cast(timezone('UTC', {sql}) as varchar)"
        case "nested":
            return f"cast(to_json({sql}) as varchar)"
        case _:
            return f"cast({sql} as varchar)"


def _plain(column: SourceColumn) -> str:
    name = identifier(column.name)
    return name if column.type.upper() == "VARCHAR" else f"cast({name} as varchar)"


def _trimmed(text: str) -> str:
    return f"nullif(trim({text}, {_BLANKS}), '')"


def typed(column: SourceColumn, target: ColumnType) -> str | None:
    """The cell cast directly, where its own type allows that; None where it must go through text."""
    sql = identifier(column.name)
    match target, family(column):
        case "timestamp" | "date", "timestamptz":
            return f"cast(timezone('UTC', {sql}) as {LAKE_TYPE[target]})"
        case ("timestamp", "timestamp" | "date") | ("date", "date" | "timestamp"):
            return f"cast({sql} as {LAKE_TYPE[target]})"
        case ("number", "integer" | "decimal" | "boolean") | ("integer", "integer" | "boolean"):
            return f"cast({sql} as {LAKE_TYPE[target]})"
        case "number", "float":
            return f"case when isfinite({sql}) then cast({sql} as double) end"
        case "boolean", "boolean":
            return sql
        case _:
            return None


def from_text(text: str, target: ColumnType, pattern: str | None = None) -> str:
    """Trimmed text as a contract type; NULL where it is not one. `pattern` is a strptime format for dates and times."""
    match target:
        case "string":
            return text
        case "number":
            number = f"try_cast({text} as double)"
            return f"case when isfinite({number}) then {number} end"
        case "integer":
            number = f"try_cast({text} as double)"
            return f"case when {number} = trunc({number}) then try_cast({text} as bigint) end"
        case "boolean":
            return f"case when lower({text}) in {_TRUE} then true when lower({text}) in {_FALSE} then false end"
        case _:
            moment = f"try_strptime({text}, {literal(pattern)})" if pattern else _moment(text)
            return f"try_cast(case when isfinite({moment}) then {moment} end as {LAKE_TYPE[target]})"


def _moment(text: str) -> str:
    """A time as UTC; zoned parsing takes eight times as long, so only cells with an offset are parsed that way."""
    has_offset = f"contains(substr({text}, 11), '+') or contains(substr({text}, 11), '-')"
    zoned = f"timezone('UTC', try_cast({text} as timestamptz))"
    return f"case when {has_offset} then {zoned} else try_cast({text} as timestamp) end"
