"""The files and commands that the README names for a new user exist."""

from __future__ import annotations

import re

import yaml
from typer.core import TyperGroup
from typer.main import get_command
from typer.testing import CliRunner

from rapport import app
from warehouse.core.configuration import Config
from warehouse.core.settings import PROJECT

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_configuration_in_the_readme_is_valid() -> None:
    block = re.search(r"```yaml\n(.*?)```", README, re.DOTALL)
    assert block
    config = Config.model_validate(yaml.safe_load(block[1]))
    customers = config.mapping("crm.customers")
    assert customers is not None
    assert customers.columns["customer_id"] == "account_no"
    assert len(block[1].splitlines()) <= 12


def test_every_make_target_and_command_in_the_readme_exists() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"`?make ([a-z-]+)", README)) <= targets
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    commands |= {group.name for group in app.registered_groups}
    named = set(re.findall(r"(?:bin/|`)rapport ([a-z]+)", README))
    assert {"nightly", "train", "doctor", "quarantine", "releases", "rollback"} <= named <= commands


def test_every_command_of_the_makefile_exists_with_its_options() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8").replace("$(NIGHT)", "--date 2026-11-01")
    commands = get_command(app)
    assert isinstance(commands, TyperGroup)
    found = re.findall(r"\$\(BIN\)/rapport ([a-z]+)((?: --?[a-z-]+| [0-9-]+)*)", makefile)
    assert {name for name, _ in found} == {"prepare", "demo", "train", "nightly", "up"}
    for name, options in found:
        known = {option for parameter in commands.commands[name].params for option in parameter.opts}
        assert {word for word in options.split() if word.startswith("--")} <= known


def test_every_command_explains_itself() -> None:
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        result = CliRunner().invoke(app, [name, "--help"])
        assert result.exit_code == 0
        assert result.output.strip()


def test_the_rooms_in_the_readme_are_there() -> None:
    tree = re.search(r"```\n(rapport\.py.*?)```", README, re.DOTALL)
    assert tree
    for line in tree[1].splitlines():
        assert (PROJECT / line.split()[0]).exists(), line
