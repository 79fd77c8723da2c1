"""Configurations of the layers that take values of any shape, or rows."""

from __future__ import annotations

from hypothesis import strategies as st

from engine.activations import ACTIVATIONS
from tests.tools.configured import configured, shapes, sizes

EACH = {"kind": "prelu", "per_channel": True}
activations = st.sampled_from([k.kind for k in ACTIVATIONS if not k.surrogate] + [EACH])
rows = st.builds(lambda length: (length,), st.integers(1, 7))
rates = st.sampled_from([0, 0.1, 0.5, 0.9])
any_function = st.one_of(
    st.sampled_from(ACTIVATIONS.kinds()),
    st.builds(lambda leak: {"kind": "leaky_relu", "leak": leak}, st.sampled_from([0.0, 0.2, 0.9])),
    st.just(EACH),
    st.builds(
        lambda alpha, beta: {"kind": "hard_sigmoid", "alpha": alpha, "beta": beta},
        st.sampled_from([0.2, 1.0, -0.4]),
        st.sampled_from([0.5, 0.3]),
    ),
    st.builds(lambda alpha: {"kind": "elu", "alpha": alpha}, st.sampled_from([0.5, 1.0, 2.0])),
)


@st.composite
def _activation(draw):
    return configured(draw, "activation", draw(shapes), function=draw(any_function))


@st.composite
def _dense(draw):
    steps = draw(st.one_of(st.just(()), rows))
    settings = {"units": draw(st.integers(1, 7)), "bias": draw(st.booleans())}
    arriving = (*steps, *draw(rows))
    return configured(draw, "dense", arriving, activation=draw(activations), **settings)


@st.composite
def _neuron(draw):
    arriving = tuple(draw(st.lists(rows, min_size=1, max_size=4)))
    settings = {"activation": draw(activations), "bias": draw(st.booleans())}
    return configured(draw, "neuron", {"in": arriving}, **settings)


@st.composite
def _anything(draw, kind, **settings):
    given_ = {name: draw(strategy) for name, strategy in settings.items()}
    return configured(draw, kind, draw(shapes), **given_)


@st.composite
def _channels(draw, kind, **settings):
    given_ = {name: draw(strategy) for name, strategy in settings.items()}
    return configured(draw, kind, (draw(sizes), *draw(shapes)), **given_)


@st.composite
def _reshape(draw):
    shape = draw(shapes)
    order = draw(st.permutations(shape))
    free = draw(st.integers(-1, len(order) - 1))
    wanted = [-1 if place == free else length for place, length in enumerate(order)]
    return configured(draw, "reshape", shape, shape=wanted)


@st.composite
def _merged(draw, kind):
    arriving = (draw(shapes),) * draw(st.integers(1, 4))
    return configured(draw, kind, {"in": arriving})


@st.composite
def _subtract(draw):
    shape = draw(shapes)
    return configured(draw, "subtract", {"in": (shape,), "minus": (shape,)})


@st.composite
def _concat(draw):
    shape = draw(shapes)
    axis = draw(st.integers(0, len(shape) - 1))
    lengths = draw(st.lists(sizes, min_size=1, max_size=4))
    arriving = tuple((*shape[:axis], length, *shape[axis + 1 :]) for length in lengths)
    return configured(draw, "concat", {"in": arriving}, axis=axis)


@st.composite
def _dot(draw):
    shape = draw(rows)
    return configured(draw, "dot", {"a": (shape,), "b": (shape,)})


@st.composite
def _matmul(draw):
    high, inner, wide = draw(sizes), draw(sizes), draw(sizes)
    return configured(draw, "matmul", {"a": ((high, inner),), "b": ((inner, wide),)})


@st.composite
def _slice(draw):
    shape = draw(shapes)
    axis = draw(st.integers(0, len(shape) - 1))
    start = draw(st.integers(-shape[axis], shape[axis] - 1))
    length = draw(st.integers(0, shape[axis] - start % shape[axis]))
    return configured(draw, "slice", shape, axis=axis, start=start, length=length)


@st.composite
def _split(draw):
    shape = [length + 1 for length in draw(shapes)]
    axis = draw(st.integers(0, len(shape) - 1))
    return configured(draw, "split", shape, axis=axis, size=draw(st.integers(1, shape[axis] - 1)))


@st.composite
def _start(draw):
    shape, settings = draw(shapes), {"runs": draw(st.sampled_from(["sequence", "settle"]))}
    ports = {"in": (shape,), "start": (shape,)} if draw(st.booleans()) else {"in": (shape,)}
    return configured(draw, "start", ports, **settings)


@st.composite
def _transpose(draw):
    shape = draw(shapes)
    axes = st.integers(0, len(shape) - 1)
    return configured(draw, "transpose", shape, first=draw(axes), second=draw(axes))


@st.composite
def _permute(draw):
    shape = draw(shapes)
    return configured(draw, "permute", shape, order=draw(st.permutations(range(len(shape)))))


epsilons = st.sampled_from([0.1, 0.5])  # beside a small one two values alone lose all digits


@st.composite
def _batch_norm(draw):
    settings = {"epsilon": draw(epsilons), "affine": draw(st.booleans())}
    return configured(draw, "batch_norm", draw(shapes), batch=draw(st.integers(3, 6)), **settings)


@st.composite
def _group_norm(draw):
    groups, channels, rest = draw(sizes), draw(sizes), draw(shapes)
    settings = {"epsilon": draw(epsilons), "affine": draw(st.booleans()), "groups": groups}
    return configured(draw, "group_norm", (groups * channels, *rest), **settings)


ROWS = {
    "activation": _activation(),
    "dense": _dense(),
    "neuron": _neuron(),
    "dropout": _anything("dropout", rate=rates),
    "spatial_dropout": _channels("spatial_dropout", rate=rates),
    "gaussian_noise": _anything("gaussian_noise", deviation=st.sampled_from([0, 0.1, 2.0])),
    "flatten": _anything("flatten"),
    "reroute": _anything("reroute"),
    "squeeze": _anything("squeeze"),
    "reshape": _reshape(),
    **{kind: _merged(kind) for kind in ("add", "multiply", "average", "maximum")},
    "subtract": _subtract(),
    "concat": _concat(),
    "dot": _dot(),
    "matmul": _matmul(),
    "slice": _slice(),
    "split": _split(),
    "start": _start(),
    "transpose": _transpose(),
    "permute": _permute(),
    "batch_norm": _batch_norm(),
    "layer_norm": _anything(
        "layer_norm",
        epsilon=epsilons,
        affine=st.booleans(),
        over=st.sampled_from(["all", "last", "last_two", "first"]),
    ),
    "group_norm": _group_norm(),
    "instance_norm": _channels("instance_norm", epsilon=epsilons, affine=st.booleans()),
}
