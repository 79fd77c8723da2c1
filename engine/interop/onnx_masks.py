"""Masks: the operators that tell which steps of a sequence only fill it up, and those that heed it.

A layer heeds the mask of what arrives by itself, where a file spells out each step of the way. So
every value that is made of a mask gets a meaning, and the operator that ends such a way becomes
the layer, if the mask is the one that arrives there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from engine.interop.onnx_building import Building, Meaning, UnsupportedError, Value
from engine.interop.onnx_file import Operator
from engine.layers.recurrent import Recurrent

VALUE = "x"
"""Stands for any value of the network among the words of `MEANINGS`."""

MEANINGS: Mapping[tuple[str, ...], str] = {
    # Padding is where a token, or every feature of a step, equals a number.
    ("Cast", "same"): "same",
    ("ReduceMin 2 away", "same"): "padding",
    ("Cast", "padding"): "padding",
    ("Not", "padding"): "mask",
    ("Sub", "one", "padding"): "mask",
    ("Cast", "mask"): "mask",
    ("CastLike", "mask"): "mask",
    ("Mul", "mask", "mask"): "mask",
    ("Unsqueeze 2", "mask"): "column",
    ("Greater", "column", "half"): "column",
    # The real steps in front: sorted by T m_t - t.
    ("Mul", "mask", "steps"): "weighed",
    ("Sub", "weighed", "times"): "rank",
    ("TopK 1", "rank", "steps"): "order",
    ("Unsqueeze 2", "order"): "order",
    ("Expand", "order"): "order",
    # How many there are.
    ("ReduceSum 1", "mask"): "number",
    ("ReduceSum 1", "column"): "number",
    ("Squeeze 1", "number"): "lengths",
    ("Cast", "lengths"): "lengths",
    ("Min", "number", "one"): "any",
    ("ReduceMax 1 away", "column"): "any",
    ("Greater", "any", "half"): "any",
    ("Sub", "one", "any"): "none",
    # A state is the first where there are none.
    ("Mul", VALUE, "any"): "last where any",
    ("Mul", VALUE, "none"): "first where none",
    # The mean and the largest of them.
    ("Max", "number", "one"): "count",
    ("Div", "column", "count"): "shares",
    ("Mul", VALUE, "shares"): "shared out",
    ("Where", "column", VALUE, "never"): "shown",
    ("ReduceMax 1 away", "shown"): "most",
    # What is added to the scores of attention.
    ("Unsqueeze 1 2", "mask"): "of heads",
    ("Where", "of heads", "zero", "never"): "hidden",
}
"""An operator and what it reads, to what that means."""

NUMBERS = {"zero": 0.0, "half": 0.5, "one": 1.0, "never": -math.inf}
JOINED = ("Mul", "mask", "mask")
HAVE_AN_AXIS = {"TopK", "GatherElements", "ScatterElements"}
HAVE_AXES = {"Unsqueeze", "Squeeze", "ReduceSum", "ReduceMax", "ReduceMin"}
COMMUTES = {"Mul", "Add", "Max", "Min"}
READS_ONE = HAVE_AXES | {"CastLike", "Expand"}
"""Operators whose second input says only how the result is laid out."""
NOTHING: frozenset[str] = frozenset()


def masked(building: Building, operator: Operator) -> bool:
    """Whether an operator has to do with masks, and is done with.

    Raises UnsupportedError where it heeds another mask than its layer would.
    """
    if operator.kind == "Equal":
        return _compared(building, operator)
    if not building.meanings:
        return False
    names = operator.inputs[:1] if operator.kind in READS_ONE else operator.inputs
    swapped = operator.kind in COMMUTES and len(names) == 2
    orders = [names, names[::-1]] if swapped else [names]
    for order in orders:
        given = [building.meanings[name] for name in order if name in building.meanings]
        if not given:
            return False
        words = (_called(building, operator), *(_word(building, name, given) for name in order))
        if _understood(building, operator, words, order, given):
            return True
    return False


def meaning(building: Building, name: str) -> Meaning | None:
    """What a value means, if it does, also of one that comes later in the file."""
    maker = building.maker(name)
    if name not in building.meanings and maker is not None and maker.kind in _AHEAD:
        for each in maker.inputs:
            meaning(building, each)
        if masked(building, maker):
            building.swallow(maker)
    return building.meanings.get(name)


_AHEAD = {"Cast", "Unsqueeze", "Where"}


def _compared(building: Building, operator: Operator) -> bool:
    """A comparison with a number, of tokens (T,) or of the features of each step (T, D)."""
    number = building.constant(operator.inputs[1])
    value = building.value(operator.inputs[0])
    if number is None or number.size != 1 or len(value.known) not in (1, 2):
        return False
    origin = operator.outputs[0]
    building.sources[origin] = value, float(number.flat[0])
    what = "padding" if len(value.known) == 1 else "same"
    building.meanings[origin] = Meaning(what, frozenset({origin}))
    return True


def padding_token(building: Building, tokens: Value) -> tuple[int, str] | None:
    """The token that the file takes for padding, and the comparison that tells; None if none."""
    found = [
        (int(number), origin)
        for origin, (value, number) in building.sources.items()
        if (value.node, value.port) == (tokens.node, tokens.port) and number.is_integer()
    ]
    return found[0] if len(found) == 1 else None


def _called(building: Building, operator: Operator) -> str:
    """The kind of an operator, with the axes that it runs along and whether they go."""
    kind, given = operator.kind, operator.attributes
    if kind in HAVE_AN_AXIS:
        smallest = "" if given.get("largest", 1) else " smallest"
        return f"{kind} {given.get('axis', 0)}{smallest}"
    if kind not in HAVE_AXES:
        return kind
    words = [kind, *map(str, building.whole(operator, "axes", 1) or ())]
    goes = kind.startswith("Reduce") and not given.get("keepdims", 1)
    return " ".join([*words, "away"] if goes else words)


def _word(building: Building, name: str, given: Sequence[Meaning]) -> str:
    """What a value that is read is called in `MEANINGS`."""
    if name in building.meanings:
        return building.meanings[name].what
    array = building.constant(name)
    if array is None:
        return VALUE
    what, (value, _) = given[0].what, building.sources[min(given[0].origins)]
    steps = value.known[0]
    if what == "weighed":
        return "times" if np.array_equal(array.reshape(-1), np.arange(steps)) else ""
    if array.size != 1:
        return ""
    number = float(array.flat[0])
    if what in {"mask", "rank"}:
        return "steps" if number == steps else ""
    return next((word for word, known in NUMBERS.items() if known == number), "")


def _understood(
    building: Building,
    operator: Operator,
    words: tuple[str, ...],
    names: Sequence[str],
    given: Sequence[Meaning],
) -> bool:
    origins = frozenset().union(*(each.origins for each in given))
    if words != JOINED and any(each.origins != origins for each in given):
        return False
    if words in ENDS:
        ENDS[words](building, operator, names, origins)
        return True
    if words not in MEANINGS:
        return False
    value = next((each.value for each in given if each.value is not None), None)
    if VALUE in words:
        value = building.value(names[words.index(VALUE) - 1])
    place = 1 if operator.kind == "TopK" else 0
    building.meanings[operator.outputs[place]] = Meaning(MEANINGS[words], origins, value)
    return True


def check_padding(building: Building, value: Value, origins: frozenset[str] = NOTHING) -> None:
    """Raises UnsupportedError where a layer would heed another mask than the file does."""
    if building.padding.get(value.node, NOTHING) != origins:
        raise UnsupportedError("it does not leave out the padding that its layer would")


def _in_front(
    building: Building, operator: Operator, names: Sequence[str], origins: frozenset[str]
) -> None:
    value = building.value(names[0])
    check_padding(building, value, origins)
    building.give(operator, replace(value, layout="npf"))


def _moved_back(
    building: Building, operator: Operator, names: Sequence[str], origins: frozenset[str]
) -> None:
    value = building.value(names[0], ("npf",))
    if names[2] != names[0]:
        raise UnsupportedError("it puts steps into another sequence")
    check_padding(building, value, origins)
    building.give(operator, replace(value, layout=""))


def _silenced(
    building: Building, operator: Operator, names: Sequence[str], origins: frozenset[str]
) -> None:
    """A sequence with zeros for its padding: what Mask gives, and a recurrent layer anyway."""
    value = building.value(names[0])
    compared, number = building.sources[min(origins)]
    if len(origins) == 1 and (compared.node, compared.port) == (value.node, value.port):
        value = building.layer("mask", [value], value=number)
        building.padding[value.node] = origins
    elif isinstance(building.graph.node(value.node).layer, Recurrent):
        check_padding(building, value, origins)
    else:
        raise UnsupportedError("it takes steps for padding that another value tells")
    building.give(operator, value)


def _pooled(kind: str) -> Callable[..., None]:
    def pool(
        building: Building, operator: Operator, names: Sequence[str], origins: frozenset[str]
    ) -> None:
        value = next(v for n in names if (v := _value_of(building, n)) is not None)
        check_padding(building, value, origins)
        building.give(operator, building.layer(kind, [value], over="steps"))

    return pool


def _state(
    building: Building, operator: Operator, names: Sequence[str], origins: frozenset[str]
) -> None:
    """The last state, or the first where no step is real: what a recurrent layer gives."""
    last, first = (_value_of(building, name) for name in names)
    assert last is not None
    assert first is not None
    check_padding(building, last, NOTHING)
    start = building.graph.incoming(last.node, "hidden")
    while start and start[0].source != first.node:
        start = building.graph.incoming(start[0].source)
    if not start:
        raise UnsupportedError("it chooses between values that are no states of one layer")
    building.give(operator, last)


def _value_of(building: Building, name: str) -> Value | None:
    found = building.meanings.get(name)
    return None if found is None else found.value


ENDS: Mapping[tuple[str, ...], Callable[..., None]] = {
    ("GatherElements 1", VALUE, "order"): _in_front,
    ("ScatterElements 1", VALUE, "order", VALUE): _moved_back,
    ("Mul", VALUE, "column"): _silenced,
    ("ReduceSum 1 away", "shared out"): _pooled("global_average_pool"),
    ("Where", "any", "most", "zero"): _pooled("global_max_pool"),
    ("Add", "last where any", "first where none"): _state,
}
"""Operators behind which there is a value of the network again."""
