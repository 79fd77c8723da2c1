"""Configurations of the layers that draw codes and change images."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.tools.configured import configured, shapes

lengths = st.integers(1, 6)


@st.composite
def _image(draw, kind, **settings):
    drawn = {name: draw(strategy) for name, strategy in settings.items()}
    shape = (draw(st.integers(1, 3)), draw(lengths), draw(lengths))
    return configured(draw, kind, shape, **drawn)


@st.composite
def _sampling(draw):
    shape = draw(shapes)
    return configured(draw, "sampling", {"mean": (shape,), "log_variance": (shape,)})


fills = st.sampled_from([0.0, -1.0, 0.5])
DRAWN = {
    "sampling": _sampling(),
    "random_flip": _image("random_flip", horizontal=st.booleans(), vertical=st.booleans()),
    "random_shift": _image("random_shift", pixels=st.integers(0, 7), fill=fills),
    "cut_out": _image("cut_out", size=st.integers(0, 7), fill=fills),
    "random_rotation": _image("random_rotation", degrees=st.sampled_from([0, 5, 30.0, 90, 180])),
}
