"""Configurations of convolutions, pools and their relatives: kernels that fit, and that do not."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.tools.configured import configured, sizes

EACH = {"kind": "prelu", "per_channel": True}
activations = st.sampled_from(["linear", "tanh", "relu", "softmax", EACH])
pooled = st.sampled_from(["places", "steps"])
image_or_sequence = st.lists(st.integers(1, 5), min_size=1, max_size=2)


def per_axis(axes, most=7):
    """A number from 1 for each axis."""
    return st.lists(st.integers(1, most), min_size=axes, max_size=axes)


def paddings(axes, most=2):
    amounts = st.sampled_from([1, axes, 2 * axes]).flatmap(
        lambda count: st.lists(st.integers(0, most), min_size=count, max_size=count)
    )
    return st.one_of(
        st.sampled_from(["valid", "same"]),
        st.builds(lambda given: {"kind": "explicit", "amounts": given}, amounts),
    )


@st.composite
def _convolution(draw, kind, axes, **settings):
    groups, channels, filters = draw(st.integers(1, 3)), draw(sizes), draw(sizes)
    drawn = {name: draw(strategy) for name, strategy in settings.items()}
    return configured(
        draw,
        kind,
        (channels * groups, *draw(per_axis(axes, 11 if axes == 1 else 6))),
        filters=filters * groups,
        groups=groups,
        stride=draw(per_axis(axes, 4)),
        dilation=draw(per_axis(axes, 3)),
        activation=draw(activations),
        bias=draw(st.booleans()),
        **drawn,
    )


@st.composite
def _on_images(draw, kind, axes, **settings):
    drawn = {name: draw(strategy) for name, strategy in settings.items()}
    lengths = draw(per_axis(axes, 11 if axes == 1 else 7))
    return configured(draw, kind, (draw(sizes), *lengths), **drawn)


@st.composite
def _on_images_or_sequences(draw, kind, **settings):
    drawn = {name: draw(strategy) for name, strategy in settings.items()}
    return configured(draw, kind, (draw(sizes), *draw(image_or_sequence)), **drawn)


def _window(axes):
    return {
        "kernel": per_axis(axes, 6 - axes),
        "stride": per_axis(axes, 6 - axes),
        "padding": paddings(axes, most=4 if axes == 1 else 2),
        "ceil_mode": st.booleans(),
    }


def _pools(axes):
    return {
        f"max_pool{axes}d": _on_images(
            f"max_pool{axes}d", axes, dilation=per_axis(axes, 3), **_window(axes)
        ),
        f"average_pool{axes}d": _on_images(
            f"average_pool{axes}d", axes, count_padding=st.booleans(), **_window(axes)
        ),
    }


_amounts = st.lists(st.integers(0, 2), min_size=1, max_size=4)

IMAGES = {
    "conv2d": _convolution("conv2d", 2, kernel=per_axis(2, 3), padding=paddings(2)),
    "conv1d": _convolution("conv1d", 1, kernel=per_axis(1, 5), padding=paddings(1, most=4)),
    "depthwise_conv2d": _on_images(
        "depthwise_conv2d",
        2,
        multiplier=st.integers(1, 3),
        kernel=per_axis(2, 3),
        stride=per_axis(2, 3),
        dilation=per_axis(2, 2),
        padding=paddings(2),
        activation=activations,
        bias=st.booleans(),
    ),
    "conv_transpose2d": _convolution(
        "conv_transpose2d",
        2,
        kernel=per_axis(2, 4),
        padding=paddings(2),
        output_padding=st.lists(st.integers(0, 2), min_size=2, max_size=2),
    ),
    **_pools(1),
    **_pools(2),
    "global_average_pool": _on_images_or_sequences("global_average_pool", over=pooled),
    "global_max_pool": _on_images_or_sequences("global_max_pool", over=pooled),
    "up_sample": _on_images_or_sequences(
        "up_sample",
        factor=st.lists(st.integers(1, 4), min_size=1, max_size=2),
        mode=st.sampled_from(["nearest", "bilinear"]),
    ),
    "zero_pad": _on_images_or_sequences("zero_pad", amounts=_amounts),
    "crop": _on_images_or_sequences("crop", amounts=_amounts),
}
