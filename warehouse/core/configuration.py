"""The structure of `rapport.yml`: where each landed table comes from, and the numbers that a run uses."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from warehouse.contracts import contracts
from warehouse.core.errors import ConfigurationError

Scalar = str | int | float | bool


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class ColumnMapping(_Model):
    """How a contract column is computed from a source column: renamed, scaled, recoded, parsed."""

    source: str = Field(alias="from")
    multiply_by: float | None = None
    values: dict[Scalar, Scalar] | None = None
    format: str | None = Field(None, description="strptime format of dates that are text")


class Join(_Model):
    """Another file of the same source, joined with a left join on columns of equal name."""

    source: str = Field(alias="from")
    keys: list[str] = Field(min_length=1)


class TableMapping(_Model):
    """Where one contract table comes from.

    `from` is a table or view (sql), a file, folder or glob, with `{date}` for the date in its name (files), or a path
    (rest). Contract columns that are not mapped are taken from the source column of the same name, if there is one.
    """

    source: str = Field(alias="from")
    joins: list[Join] = []
    columns: dict[str, str | ColumnMapping] = {}
    attributes: list[str] = Field([], description="the company's own columns that are used as features")
    cursor: str | None = Field(
        None, description="increasing source column: rows before as_of and above the watermark are landed"
    )
    lookback_days: int = Field(
        0, ge=0, description="number of days before the watermark that are read again for late rows"
    )
    distinct: bool = Field(False, description="land one row per key of the contract: the first by cursor")
    defaults: dict[str, Scalar] = {}
    records: str | None = Field(None, description="rest: path of the list in the answer, such as data.items")
    params: dict[str, Scalar] = Field({}, description="rest: query parameters; {since} and {until} are filled in")


class Paginator(_Model):
    """rest: how pages are requested."""

    kind: Literal["none", "page", "cursor", "link"] = "none"
    page_param: str = "page"
    base_page: int = 1
    cursor_path: str = "next"
    cursor_param: str = "cursor"


class Auth(_Model):
    """rest: how requests are authorised; the secret comes from a connection, never from this file."""

    kind: Literal["bearer", "api_key", "basic"]
    connection: str
    header: str = "X-API-Key"
    user: str | None = None


class SourceConfig(_Model):
    """One source system."""

    connector: str = Field(description="a module of warehouse/connectors: sql, files or rest")
    connection: str | None = Field(
        None, description="sql, rest: Airflow connection id, environment variable, or an address without a password"
    )
    path: str | None = Field(None, description="files: folder; {home} and {datasets} are filled in")
    separator: str | None = Field(None, description="files: column separator, where it is not a comma")
    encoding: str | None = Field(None, description="files: utf-8 unless given")
    paginator: Paginator = Paginator()
    auth: Auth | None = None
    if_missing: str | None = Field(None, description="what to do when the source is not there; ends the error message")
    tables: dict[str, TableMapping]


class CampaignConfig(_Model):
    """Assumptions of the expected maximum profit about a campaign; defaults of Verbraken et al. (2013).

    The share of contacted leavers who accept the offer follows Beta(`alpha`, `beta`).
    """

    alpha: float = Field(6, gt=0)
    beta: float = Field(14, gt=0)
    value_cents: float = Field(20_000, gt=0, description="value of a customer who stays")
    offer_cents: float = Field(1_000, ge=0, description="cost of an accepted offer")
    contact_cents: float = Field(100, ge=0)


class ChurnConfig(_Model):
    """The definition of churn.

    contract: an active subscription is cancelled within the horizon. lapse: a customer who has bought before does not
    buy within the horizon. attribute: the label is a column of the company (`label_attribute` = `label_value`).
    """

    definition: Literal["contract", "lapse", "attribute"] = "contract"
    horizon_days: int = Field(90, gt=0)
    embargo_days: int = Field(0, ge=0, description="number of days between the end of a label window and as_of")
    snapshots: int = Field(12, gt=0, description="number of past nights to learn from")
    snapshot_every_days: int = Field(30, gt=0)
    label_attribute: str | None = None
    label_value: str | None = None
    acknowledged_features: list[str] = Field(
        [], description="features that may dominate the model: reviewed, and known before the customer leaves"
    )
    campaign: CampaignConfig = CampaignConfig()


class SatisfactionConfig(_Model):
    """Which score the drivers explain, and from how many days of responses."""

    outcome: Literal["csat", "nps", "ces"] = "csat"
    window_days: int = Field(365, gt=0)
    memory_half_life_days: int = Field(60, gt=0, description="number of days after which an event counts half")
    prior_answers: int = Field(10, ge=1, description="number of average answers added to the answers about a team")


class TrainingConfig(_Model):
    """Run-time budget of training: with smaller numbers it is faster, the models and their intervals are rougher."""

    search_trials: int = Field(
        12, ge=0, description="recipes that the search of a classifier tries, the house recipe first; 0: no search"
    )
    search_rows: int = Field(15_000, ge=500, description="most rows that a trial of the search learns from")
    search_check_rows: int = Field(6_000, ge=500, description="most rows that a trial of the search is checked on")
    trees_a_round: int = Field(
        8, ge=1, description="most trees that are averaged in one boosting round of a classifier"
    )
    stability_snapshots: int = Field(
        12, ge=0, description="last snapshots on which the recipe of a classifier is fitted and tested again; 0: none"
    )
    stability_rows: int = Field(6_000, ge=500, description="most rows that each of these models learns from")
    resamples: int = Field(200, ge=20, description="bootstrap resamples behind each interval of a classifier's figures")
    driver_refits: int = Field(
        16, ge=2, description="refits of the satisfaction model on resampled customers; they give its intervals"
    )


class ValueConfig(_Model):
    """The horizon of customer value, and the discount of later money."""

    horizon_months: int = Field(12, gt=0, description="number of months of future margin that count")
    discount_share: float = Field(0.1, ge=0, lt=1, description="yearly discount of later money")
    movement_days: int = Field(30, gt=0, description="number of days between the two values that a movement compares")
    holdout_days: int = Field(90, gt=0, description="number of last days that a new model must predict")


class RetentionConfig(_Model):
    """Costs, benefits and length of the retention list."""

    contact_cost_cents: int = Field(500, ge=0)
    margin_share: float = Field(0.4, gt=0, le=1)
    save_share: float = Field(0.2, gt=0, le=1, description="share of leavers that contacting is expected to keep")
    value_months: int = Field(12, gt=0, description="number of months of margin lost when a customer leaves")
    monthly_value_attribute: str | None = Field(
        None, description="column of the company with monthly revenue, for customers without contract or order"
    )
    list_length: int = Field(200, gt=0)
    holdout_share: float = Field(0.1, ge=0, lt=1, description="share of the candidates who are not contacted")
    holdout_salt: str = Field("retention", pattern=r"^[\w-]+$", description="changing it draws another holdout")
    due_days: int = Field(2, ge=0)


def _known_tables(sources: dict[str, SourceConfig]) -> dict[str, SourceConfig]:
    for source, config in sources.items():
        for table in config.tables:
            if f"{source}.{table}" not in contracts():
                known = ", ".join(sorted(contracts()))
                raise ValueError(f"sources.{source}.tables.{table} is not a table of Rapport; expected one of {known}")
    return sources


class QualityConfig(_Model):
    """Limits beyond which bad data causes a warning, or stops the night."""

    quarantine_warn_share: float = Field(0.05, ge=0, le=1, description="quarantined share of a table's new rows")
    quarantine_fail_share: float = Field(0.5, ge=0, le=1)
    fail_from_rows: int = Field(100, ge=1, description="with fewer new rows, shares never stop the night")
    earliest_event: date = Field(date(1990, 1, 1), description="dates before it are bad dates")
    earliest_by_table: dict[str, date] = {"crm.subscriptions": date(1900, 1, 1)}
    shrink_warn_share: float = Field(0.05, ge=0, le=1, description="share of rows that a table may lose in a night")
    shrink_fail_share: float = Field(0.5, ge=0, le=1)


class Config(_Model):
    """The contents of `rapport.yml`."""

    company: str = "demo"
    as_of: date | None = Field(None, description="the night to run when no date is given; empty: today")
    currency: str = "EUR"
    sources: Annotated[dict[str, SourceConfig], AfterValidator(_known_tables)]
    churn: ChurnConfig = ChurnConfig()
    satisfaction: SatisfactionConfig = SatisfactionConfig()
    value: ValueConfig = ValueConfig()
    retention: RetentionConfig = RetentionConfig()
    quality: QualityConfig = QualityConfig()
    training: TrainingConfig = TrainingConfig()
    seeds: str | None = Field(
        None, description="folder, relative to this file, with own lines of seeds; see warehouse.building.seeds"
    )
    releases_kept: int = Field(7, gt=1, description="at least two, because a reader may be opening the previous one")

    def mapping(self, name: str) -> TableMapping | None:
        """The mapping of a contract table (`crm.orders`), or None where the company has no such table."""
        source, table = name.split(".")
        config = self.sources.get(source)
        return config.tables.get(table) if config else None


def read_config(path: Path) -> Config:
    """Read and check `rapport.yml`.

    Raises:
        ConfigurationError: naming the file, the place in it, and what was expected.
    """
    if not path.exists():
        raise ConfigurationError(f"{path}: no such configuration; write one (see examples/) or set RAPPORT_CONFIG")
    try:
        content: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Config.model_validate(content)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}: not valid YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "top level"
        raise ConfigurationError(f"{path}: {place}: {first['msg']}; correct it there") from error
