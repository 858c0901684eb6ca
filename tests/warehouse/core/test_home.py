"""One home, one company, one run at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from warehouse.core.errors import ConfigurationError
from warehouse.core.home import claim
from warehouse.core.settings import PROJECT, Settings


def _settings(home: Path, company: str) -> Settings:
    config = home.parent / f"{company}.yml"
    config.write_text(f"company: {company}\nsources: {{}}\n", encoding="utf-8")
    return Settings(home, config, home)


def test_home_of_one_company_refuses_another_and_names_both(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with claim(_settings(home, "acme")):
        pass
    message = r"holds the data of 'acme'.*is for 'other'.*RAPPORT_HOME"
    with pytest.raises(ConfigurationError, match=message), claim(_settings(home, "other")):
        pass


def test_a_second_process_is_refused_while_the_first_holds_the_home(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "home", "acme")
    code = (
        "import sys; from pathlib import Path\n"
        "from warehouse.core.home import claim; from warehouse.core.settings import Settings\n"
        "with claim(Settings(Path(sys.argv[1]), Path(sys.argv[2]), Path())): pass"
    )
    command = [sys.executable, "-c", code, str(settings.home), str(settings.config_path)]
    with claim(settings), claim(settings):
        refused = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert "another run is writing here; wait until it ends" in refused.stderr
    subprocess.run(command, cwd=PROJECT, check=True)


def test_home_with_a_company_file_left_empty_by_a_kill_can_be_used_again(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "home", "acme")
    settings.home.mkdir()
    (settings.home / "company").touch()
    with claim(settings):
        pass
    assert (settings.home / "company").read_text(encoding="utf-8") == "acme\n"
