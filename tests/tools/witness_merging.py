"""Merging and turning of axes in PyTorch, on tensors that have examples as the last axis."""

from __future__ import annotations


def layers(torch, layer, inputs):
    """By kind, a function that gives the output, or a tuple of outputs."""
    x = inputs[0]

    def product():
        found = x
        for other in inputs[1:]:
            found = found * other
        return found

    def sliced():
        length = x.shape[layer.axis]
        start = layer.start % length
        return x.narrow(layer.axis, start, layer.length or length - start)

    def split():
        rest = x.shape[layer.axis] - layer.size
        return torch.split(x, [layer.size, rest], dim=layer.axis)

    return {
        "subtract": lambda: x - inputs[1],
        "multiply": product,
        "average": lambda: torch.stack(inputs).mean(0),
        "maximum": lambda: torch.stack(inputs).amax(0),
        "dot": lambda: torch.einsum("dn,dn->n", *inputs)[None],
        "matmul": lambda: torch.einsum("ikn,kjn->ijn", *inputs),
        "slice": sliced,
        "split": split,
        "transpose": lambda: x.transpose(layer.first, layer.second),
        "permute": lambda: x.permute(*layer.order, x.ndim - 1),
        "squeeze": lambda: x.reshape(*([n for n in x.shape[:-1] if n != 1] or [1]), x.shape[-1]),
    }
