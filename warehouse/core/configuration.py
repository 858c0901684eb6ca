"""The shape of `rapport.yml`: where each landed table comes from and what the night does with it."""

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
    """How a contract column is made from a source column: renamed, scaled, recoded, parsed."""

    source: str = Field(alias="from")
    multiply_by: float | None = None
    values: dict[Scalar, Scalar] | None = None
    format: str | None = Field(None, description="strptime format of dates that are text")


class Join(_Model):
    """Another file of the same source, joined from the left on columns of one name."""

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
        None, description="source column that grows: rows below as_of and above the watermark land"
    )
    lookback_days: int = Field(0, ge=0, description="how far behind the watermark late rows are looked for")
    distinct: bool = Field(False, description="land one row per key of the contract: the first by cursor")
    defaults: dict[str, Scalar] = {}
    records: str | None = Field(None, description="rest: path of the list in the answer, such as data.items")
    params: dict[str, Scalar] = Field({}, description="rest: query parameters; {since} and {until} are filled in")


class Paginator(_Model):
    """rest: how pages are asked for."""

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
    """What expected maximum profit assumes of a campaign; the defaults are those published (Verbraken et al. 2013).

    Of the leavers contacted, a share that follows Beta(`alpha`, `beta`) accepts the offer.
    """

    alpha: float = Field(6, gt=0)
    beta: float = Field(14, gt=0)
    value_cents: float = Field(20_000, gt=0, description="what a customer who stays is worth")
    offer_cents: float = Field(1_000, ge=0, description="what an accepted offer costs")
    contact_cents: float = Field(100, ge=0)


class ChurnConfig(_Model):
    """What churn means here.

    contract: an active subscription is cancelled within the horizon. lapse: a customer who ever bought does not buy
    within the horizon. attribute: the label is a column the company brings (`label_attribute` = `label_value`).
    """

    definition: Literal["contract", "lapse", "attribute"] = "contract"
    horizon_days: int = Field(90, gt=0)
    embargo_days: int = Field(0, ge=0, description="days between the end of a training label and the night")
    snapshots: int = Field(12, gt=0, description="past nights to learn from")
    snapshot_every_days: int = Field(30, gt=0)
    label_attribute: str | None = None
    label_value: str | None = None
    acknowledged_features: list[str] = Field(
        [], description="features that may decide alone: looked at, and known before the customer leaves"
    )
    campaign: CampaignConfig = CampaignConfig()


class SatisfactionConfig(_Model):
    """Which score the drivers explain, over how many days of responses."""

    outcome: Literal["csat", "nps", "ces"] = "csat"
    window_days: int = Field(365, gt=0)
    memory_half_life_days: int = Field(60, gt=0, description="what happened counts half after so many days")
    prior_answers: int = Field(10, ge=1, description="made-up average answers that few are mixed with")


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
    """Over what time customers are valued, and what later money is worth today."""

    horizon_months: int = Field(12, gt=0, description="months of future margin that count")
    discount_share: float = Field(0.1, ge=0, lt=1, description="by how much money is worth less a year later")
    movement_days: int = Field(30, gt=0, description="how long ago the value is that tonight's is compared with")
    holdout_days: int = Field(90, gt=0, description="last days that a model must foretell before it goes live")


class RetentionConfig(_Model):
    """What the retention list is worth and how long it may be."""

    contact_cost_cents: int = Field(500, ge=0)
    margin_share: float = Field(0.4, gt=0, le=1)
    save_share: float = Field(0.2, gt=0, le=1, description="share of leavers that contacting is expected to keep")
    value_months: int = Field(12, gt=0, description="months of margin that are lost when a customer leaves")
    monthly_value_attribute: str | None = Field(
        None,
        description="the company's own column of a customer's monthly revenue, for customers without contract or order",
    )
    list_length: int = Field(200, gt=0)
    holdout_share: float = Field(
        0.1, ge=0, lt=1, description="share of those for the list who are left alone, to know what contacting changes"
    )
    holdout_salt: str = Field("retention", pattern=r"^[\w-]+$", description="another word draws the holdout anew")
    due_days: int = Field(2, ge=0)


def _known_tables(sources: dict[str, SourceConfig]) -> dict[str, SourceConfig]:
    for source, config in sources.items():
        for table in config.tables:
            if f"{source}.{table}" not in contracts():
                known = ", ".join(sorted(contracts()))
                raise ValueError(f"sources.{source}.tables.{table} is not a table Rapport knows; known are {known}")
    return sources


class QualityConfig(_Model):
    """When data is bad enough to be warned about, or to stop the night."""

    quarantine_warn_share: float = Field(0.05, ge=0, le=1, description="share of a table's new rows in quarantine")
    quarantine_fail_share: float = Field(0.5, ge=0, le=1)
    fail_from_rows: int = Field(100, ge=1, description="fewer new rows than this never stop the night by their share")
    earliest_event: date = Field(date(1990, 1, 1), description="events before it are taken for bad dates")
    earliest_by_table: dict[str, date] = {"crm.subscriptions": date(1900, 1, 1)}
    shrink_warn_share: float = Field(0.05, ge=0, le=1, description="share of rows a table may lose in a night")
    shrink_fail_share: float = Field(0.5, ge=0, le=1)


class Config(_Model):
    """`rapport.yml`, whole."""

    company: str = "demo"
    as_of: date | None = Field(None, description="the night that is run when no date is given; empty: today")
    currency: str = "EUR"
    sources: Annotated[dict[str, SourceConfig], AfterValidator(_known_tables)]
    churn: ChurnConfig = ChurnConfig()
    satisfaction: SatisfactionConfig = SatisfactionConfig()
    value: ValueConfig = ValueConfig()
    retention: RetentionConfig = RetentionConfig()
    quality: QualityConfig = QualityConfig()
    training: TrainingConfig = TrainingConfig()
    seeds: str | None = Field(
        None,
        description="folder, relative to this file, with own lines of seeds (see warehouse.building.seeds)",
    )
    releases_kept: int = Field(7, gt=1, description="at least two: a reader may just be opening the one before")

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
