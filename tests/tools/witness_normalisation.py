"""Normalisations in PyTorch: tensors here have examples as the last axis, torch's as the first."""

from __future__ import annotations


def layers(torch, layer, inputs, parameters):
    """By kind, a function that gives the output."""
    f = torch.nn.functional
    scale, shift = parameters.get("scale"), parameters.get("shift")

    def batch_first(function):
        def run():
            return function(inputs[0].movedim(-1, 0)).movedim(0, -1)

        return run

    def layer_norm(x):
        if layer.over == "first":
            x = x.movedim(1, -1)
        axes = {"all": x.ndim - 1, "last_two": min(2, x.ndim - 1)}.get(layer.over, 1)
        shape = x.shape[-axes:]
        y = f.layer_norm(x, shape, scale, shift, layer.epsilon)
        return y.movedim(-1, 1) if layer.over == "first" else y

    return {
        "batch_norm": batch_first(
            lambda x: f.batch_norm(x, None, None, scale, shift, training=True, eps=layer.epsilon)
        ),
        "layer_norm": batch_first(layer_norm),
        "group_norm": batch_first(
            lambda x: f.group_norm(x, layer.groups, scale, shift, layer.epsilon)
        ),
        # Of one channel alone f.instance_norm misreads a gradient that is a view (torch 2.13).
        "instance_norm": batch_first(
            lambda x: f.group_norm(x, x.shape[1], scale, shift, layer.epsilon)
        ),
    }
