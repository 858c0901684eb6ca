"""The `rapport` command: parses arguments and calls the rooms."""

from __future__ import annotations

import traceback
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from warehouse.core.errors import RapportError
from warehouse.core.settings import Settings, settings_from_environment

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, help=__doc__)
quarantine_app = typer.Typer(
    no_args_is_help=True, help="Rows that broke a row rule and were left out of the warehouse, with their reason."
)
app.add_typer(quarantine_app, name="quarantine")

Config = Annotated[Path | None, typer.Option("--config", help="Configuration; default RAPPORT_CONFIG or rapport.yml")]
Night = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], help="Date of the night (as_of): only what happened before it counts"),
]


def _night(settings: Settings, chosen: datetime | None) -> date:
    return chosen.date() if chosen else settings.config.as_of or datetime.now(UTC).date()


@app.command()
def nightly(
    day: Night = None,
    config: Config = None,
    airflow: Annotated[
        bool, typer.Option("--airflow", help="Run the DAG in Airflow instead of in this process")
    ] = False,
) -> None:
    """Land, check, build, score, decide, audit and publish one night."""
    from pipeline.runner import run_dag, run_stages
    from pipeline.stages import NIGHTLY
    from pipeline.terminal import Terminal

    settings = settings_from_environment(config)
    as_of = _night(settings, day)
    terminal = Terminal()
    run = run_dag if airflow else run_stages
    run(terminal, settings, as_of, NIGHTLY, "nightly")
    terminal.results(settings, as_of)


@app.command()
def train(
    day: Night = None,
    config: Config = None,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Only if there is no champion yet")] = False,
) -> None:
    """Land, check and build, then train, evaluate and register every model; models that pass their gate go live."""
    from ml.registry import has_champion
    from pipeline.runner import run_stages
    from pipeline.stages import TRAINING
    from pipeline.terminal import Terminal

    settings = settings_from_environment(config)
    terminal = Terminal()
    if if_missing:
        with terminal.quiet(settings.logs / "train.log"):
            known = has_champion(settings)
        if known:
            return
    run_stages(terminal, settings, _night(settings, day), TRAINING, "train")


@app.command()
def prepare(day: Night = None, config: Config = None) -> None:
    """Prepare what a first night would wait for: the parsed dbt project and Airflow's metadata database."""
    from pipeline.runner import prepare_airflow
    from warehouse.building.dbt_process import read_project
    from warehouse.building.transform import variables

    settings = settings_from_environment(config)
    as_of = _night(settings, day)
    read_project(settings, variables(settings, as_of, [as_of]))
    prepare_airflow(settings)


@app.command()
def demo(
    customers: Annotated[int, typer.Option(min=1)] = 5000,
    days: Annotated[int, typer.Option(min=1)] = 730,
    seed: int = 42,
    language: Annotated[str, typer.Option(help="en, zh or mixed")] = "mixed",
    append_day: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Add this day to the existing company")
    ] = None,
    defects: Annotated[float, typer.Option(min=0, max=0.5, help="Share of rows with a planted defect")] = 0.01,
    database: Annotated[str | None, typer.Option(help="Connection for the CRM; default SQLite under the home")] = None,
    if_missing: Annotated[bool, typer.Option("--if-missing", help="Only if there is no demo company yet")] = False,
) -> None:
    """Write the source systems of a made-up company."""
    from demo import generate, has_company
    from pipeline.terminal import Terminal

    settings = settings_from_environment()
    if if_missing and has_company(settings):
        return
    terminal = Terminal()
    url = settings.connection(database) if database else None
    terminal.run(
        settings,
        "demo",
        lambda: generate(
            settings,
            customers=customers,
            days=days,
            seed=seed,
            language=language,
            append_day=append_day.date() if append_day else None,
            defect_rate=defects,
            database_url=url,
        ),
    )


@app.command()
def up(airflow_port: int = 8080, mlflow_port: int = 5000, config: Config = None) -> None:
    """Start Airflow and the MLflow UI on this machine; stop with Ctrl-C."""
    from pipeline.services import serve
    from pipeline.terminal import Terminal

    serve(Terminal(), settings_from_environment(config), airflow_port, mlflow_port)


@app.command()
def doctor(config: Config = None) -> None:
    """Check what is installed, configured and reachable, and say how to repair the rest."""
    from pipeline.doctor import examine
    from pipeline.terminal import Terminal

    findings = examine(settings_from_environment(config))
    Terminal().findings(findings)
    if any(finding.is_ok is False for finding in findings):
        raise typer.Exit(1)


@app.command()
def releases(config: Config = None) -> None:
    """List the releases that are kept, newest first."""
    from pipeline.terminal import Terminal
    from warehouse.publishing.releases import list_releases

    Terminal().releases(list_releases(settings_from_environment(config)))


@app.command()
def rollback(
    release_id: Annotated[str | None, typer.Argument(help="Default: the one before the current")] = None,
    config: Config = None,
) -> None:
    """Switch readers to an earlier release."""
    from warehouse.publishing import releases as kept

    release = kept.rollback(settings_from_environment(config), release_id)
    typer.echo(f"readers now see {release.release_id} (as of {release.as_of})")


@quarantine_app.command("list")
def quarantine_list(day: Night = None, config: Config = None) -> None:
    """Count quarantined rows by table and rule."""
    from pipeline.terminal import Terminal
    from warehouse.quarantine import list_quarantine

    settings = settings_from_environment(config)
    Terminal().records(list_quarantine(settings, day.date() if day else None), "no row is in quarantine")


@quarantine_app.command("show")
def quarantine_show(
    table: Annotated[str, typer.Argument(help="Such as crm.orders")],
    rule: Annotated[str | None, typer.Option()] = None,
    limit: Annotated[int, typer.Option(min=1)] = 20,
    personal_data: Annotated[bool, typer.Option("--personal-data", help="Show personal data unmasked")] = False,
    config: Config = None,
) -> None:
    """Show quarantined rows with their reason."""
    from pipeline.terminal import Terminal
    from warehouse.quarantine import show

    settings = settings_from_environment(config)
    rows = show(settings, table, rule=rule, limit=limit, unmasked=personal_data)
    Terminal().records(rows, f"no row of {table} is in quarantine")


@quarantine_app.command("replay")
def quarantine_replay(
    table: Annotated[str | None, typer.Argument(help="Such as crm.orders; default all")] = None,
    day: Night = None,
    config: Config = None,
) -> None:
    """Check quarantined rows again; rows that pass now are used from this night on."""
    from expectations.landed.replay import replay
    from pipeline.terminal import Terminal
    from warehouse.core.home import claim

    settings = settings_from_environment(config)
    with claim(settings):
        Terminal().run(settings, "replay", lambda: replay(settings, _night(settings, day), table))


def main() -> None:
    """Run the command. A failure is one line on standard error; details are in the log file."""
    settings = settings_from_environment()
    log_file = settings.logs / "rapport.log"
    try:
        app(standalone_mode=True)
    except RapportError as error:
        _fail(str(error), log_file)
    except Exception as error:
        _fail(f"unexpected {type(error).__name__}; please report it with the log", log_file)


def _fail(message: str, log_file: Path) -> None:
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("a", encoding="utf-8") as log:
        log.write(f"{datetime.now(UTC).isoformat()}\n{traceback.format_exc()}\n")
    typer.echo(f"error: {message}\n  details: {log_file}", err=True)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
