"""The live driver model, together with the responses of a night."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ml.drivers.model import NAME, DriverModel
from ml.drivers.names import Driver, DriverNames, read_driver_names
from ml.drivers.responses import Responses, read_responses
from ml.registry import Registry, Version
from warehouse.core.errors import ModelError
from warehouse.core.settings import Settings


@dataclass(frozen=True)
class Champion:
    """The live driver model and the responses of the night that it explains."""

    version: Version
    model: DriverModel
    responses: Responses
    names: DriverNames

    @property
    def drivers(self) -> list[Driver]:
        """The drivers of the model."""
        return self.names.drivers_of(self.model.features)

    @property
    def stamp(self) -> dict[str, str]:
        """The columns that identify the model in a row."""
        return {"model_version": self.version.number, "run_id": self.version.run_id}


def champion_of(settings: Settings, registry: Registry, as_of: date) -> Champion | str:
    """The champion with the responses of the night, or the reason in words why there is none.

    Missing features of the night are such a reason too.
    """
    champion = registry.champion(NAME)
    if champion is None:
        return "there is no champion, so no drivers are published; run `rapport train`"
    outcome = settings.config.satisfaction.outcome
    if registry.tags(champion).get("outcome") != outcome:
        return f"the champion explains another score than {outcome}; run `rapport train`"
    try:
        model = DriverModel.load(registry.folder(champion), NAME)
        read = read_responses(settings, as_of, model.features)
    except ModelError as error:
        return str(error)
    if read is None:
        return f"there are no responses with {outcome} in the window"
    return Champion(champion, model, read[0], read_driver_names(settings))
