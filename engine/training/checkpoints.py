"""Checkpoints: everything a run needs to go on as if it had never stopped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import ProjectError
from engine.fields import Plain
from engine.plan.parameters import Parameters, Weights
from engine.plan.state import State
from engine.training.telemetry import Curve
from engine.workspace import Array

FORMAT = 1
DAMAGED = "The file is damaged: train again from the start."


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The complete state of a run between two steps.

    arrays: by names that safetensors can hold: `parameters/<node>/<name>`,
        `state/<node>/<name>`, `memory/<node>/<name>`, `slots/<slot>/<node>/<name>`,
        `curves/<curve>`.
    plain: counters and the states of random streams, as JSON.
    """

    arrays: dict[str, Array]
    plain: dict[str, Plain]

    @property
    def weights(self) -> Weights:
        """Parameters and state, by (node id, name)."""
        return weights_in(self.arrays, "parameters") | weights_in(self.arrays, "state")

    def number(self, name: str) -> int:
        """A counter. Raises ProjectError if it is missing."""
        return int(self._entry(name, int, "a whole number"))

    def real(self, name: str) -> float:
        """A number. Raises ProjectError if it is missing."""
        return float(self._entry(name, (float, int), "a number"))

    def text(self, name: str) -> str:
        """A word. Raises ProjectError if it is missing."""
        return str(self._entry(name, str, "a text"))

    def mapping(self, name: str) -> dict[str, Any]:
        """Further entries. Raises ProjectError if they are missing."""
        return dict(self._entry(name, dict, "named entries"))

    def _entry(self, name: str, kind: Any, expected: str) -> Any:
        value = self.plain.get(name)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ProjectError(
                f"The checkpoint needs {expected} under {name!r}, got {value!r}. {DAMAGED}"
            )
        return value

    def load_into(self, parameters: Parameters) -> None:
        """Put the weights back, and what each batch hands to the next.

        Memories for another size of batch stay empty. Raises ShapeError for weights of
        another network.
        """
        parameters.load(self.weights)
        given = weights_in(self.arrays, "memory")
        for key, memory in parameters.state.memories.items():
            if key in given and given[key].shape == memory.shape:
                np.copyto(memory, given[key])

    @contextmanager
    def damage_named(self) -> Iterator[None]:
        """Turn what goes wrong inside into a ProjectError."""
        try:
            yield
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            raise ProjectError(
                f"The checkpoint cannot be understood ({error!r}). {DAMAGED}"
            ) from None

    @property
    def waited(self) -> int:
        """Epochs without a lower validation loss, as patience counts them."""
        with self.damage_named():
            return int(self.mapping("watch")["stop"]["waited"])

    def stopped_early(self, patience: int) -> bool:
        """Whether a patience of so many epochs is at its end; one of 0 never is."""
        return 0 < patience <= self.waited

    def going_on(self, patience: int) -> Checkpoint:
        """Itself, or the same with a patience that counts anew where it is at its end already.

        patience: of the training that goes on.
        """
        if not self.stopped_early(patience):
            return self
        watch = self.mapping("watch")
        anew = {**watch, "stop": {**watch["stop"], "waited": 0}}
        return Checkpoint(self.arrays, {**self.plain, "watch": anew})

    @property
    def epoch(self) -> int:
        """Epochs that are complete."""
        return self.number("step") // max(self.number("steps_per_epoch"), 1)


def vector_arrays(parameters: Parameters, vector: Array, prefix: str) -> dict[str, Array]:
    """Copies of the parts of a vector as long as the parameters, by name."""
    return named_arrays(parameters.views(vector), prefix)


def named_arrays(weights: Weights, prefix: str) -> dict[str, Array]:
    """Copies of arrays of nodes, by name."""
    return {
        f"{prefix}/{node_id}/{name}": array.copy() for (node_id, name), array in weights.items()
    }


def state_arrays(state: State) -> dict[str, Array]:
    """Copies of all that runs along with training, by name."""
    return named_arrays(state.views(), "state") | named_arrays(state.memories, "memory")


def weights_in(arrays: Mapping[str, Array], prefix: str) -> Weights:
    """What `named_arrays` made, by (node id, name)."""
    found: Weights = {}
    for key, array in arrays.items():
        if key.startswith(f"{prefix}/"):
            node_id, name = key.removeprefix(f"{prefix}/").rsplit("/", 1)
            found[node_id, name] = array
    return found


def load_vector(
    parameters: Parameters, vector: Array, arrays: Mapping[str, Array], prefix: str
) -> None:
    """Fill a vector from what `vector_arrays` made; what is missing or of another shape stays."""
    given = weights_in(arrays, prefix)
    for key, view in parameters.views(vector).items():
        if key in given and given[key].shape == view.shape:
            view[...] = given[key]


def curves_to_checkpoint(
    curves: Mapping[str, Curve],
) -> tuple[dict[str, Array], dict[str, Plain]]:
    arrays = {f"curves/{name}": curve.to_array() for name, curve in curves.items()}
    return arrays, {name: curve.to_plain() for name, curve in curves.items()}


def curves_of(arrays: Mapping[str, Array], plain: Mapping[str, Any]) -> dict[str, Curve]:
    """The curves of which `curves_to_checkpoint` was taken."""
    curves = {}
    for name, state in plain.items():
        points = arrays.get(f"curves/{name}")
        if points is not None:
            curves[name] = Curve()
            curves[name].load(points, state)
    return curves
