"""Models as PyTorch's exporter writes them."""

from __future__ import annotations

import warnings

import pytest

from engine.interop.onnx_import import import_onnx
from tests.tools.onnx_models import assert_the_same

pytestmark = pytest.mark.witness


def cases():
    """Name to (a function that makes the model from torch.nn, the shape of one example)."""

    def convolutional(nn):
        return nn.Sequential(
            nn.Conv2d(2, 4, 3, stride=2, padding=1),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(3, 2, padding=1),
            nn.Conv2d(4, 4, 3, padding=2, dilation=2, groups=4, bias=False),
            nn.SiLU(),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(4, 3),
            nn.LogSoftmax(1),
        )

    def dense(nn):
        functions = (nn.GELU(), nn.Mish(), nn.Hardswish(), nn.PReLU(), nn.ELU(), nn.SELU())
        more = (nn.LeakyReLU(0.2), nn.Softplus(), nn.Softsign(), nn.Tanh(), nn.Sigmoid())
        layers = [part for f in (*functions, *more) for part in (nn.Linear(5, 5), f)]
        return nn.Sequential(*layers, nn.Dropout(0.3), nn.BatchNorm1d(5), nn.Softmax(1))

    def in_sequence(nn):
        return nn.Sequential(nn.Linear(4, 6), nn.ReLU(), nn.LayerNorm(6), nn.Linear(6, 2))

    def decoder(nn):
        return nn.Sequential(
            nn.ConvTranspose2d(8, 4, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.GroupNorm(2, 4),
            nn.Upsample(scale_factor=2, mode="nearest"),
            nn.InstanceNorm2d(4, affine=True),
            nn.ConvTranspose2d(4, 1, 3, stride=2, padding=1, output_padding=1),
            nn.AvgPool2d(2),
            nn.ZeroPad2d((1, 0, 2, 1)),
        )

    def with_slopes(nn):
        return nn.Sequential(
            nn.Conv2d(2, 3, 3),
            nn.PReLU(3, init=0.1),
            nn.AvgPool2d(3, 2, padding=1, ceil_mode=True),
            nn.Hardsigmoid(),
            nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False),
            nn.Flatten(),
            nn.Linear(12, 4),
            nn.PReLU(4),
            nn.PReLU(),
        )

    return {
        "convolutional": (convolutional, (2, 12, 12)),
        "dense": (dense, (5,)),
        "in_sequence": (in_sequence, (3, 4)),
        "decoder": (decoder, (8, 2, 2)),
        "with_slopes": (with_slopes, (2, 8, 8)),
    }


def recurrent(torch, kind, *, both_ways, last):
    class Reader(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            cell = getattr(torch.nn, kind)
            self.core = cell(3, 4, batch_first=True, bidirectional=both_ways)
            self.head = torch.nn.Linear(8 if both_ways else 4, 2)

        def forward(self, x):
            every, _ = self.core(x)
            return self.head(every[:, -1] if last else every)

    return Reader()


def residual(torch):
    class Block(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.first = torch.nn.Conv2d(3, 3, 3, padding=1)
            self.second = torch.nn.Conv2d(3, 3, 1)
            self.third = torch.nn.Linear(48, 12)

        def forward(self, x):
            inside = torch.relu(self.first(x))
            joined = torch.cat([torch.relu(x + self.second(inside)), inside], dim=1)
            image = self.third(x.view(x.size(0), -1)).view(-1, 3, 2, 2)
            return joined.mean(dim=(2, 3)) * 2.0, joined.view(x.size(0), -1), image

    return Block()


def exported(torch, model, shape, path):
    torch.manual_seed(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the exporter that needs nothing else is an old one
        torch.onnx.export(
            model.eval(),
            torch.zeros(2, *shape),
            str(path),
            dynamo=False,
            opset_version=17,
            input_names=["x"],
            dynamic_axes={"x": {0: "batch"}},
        )
    return path


def assert_comes_back(path):
    assert_the_same(path, import_onnx(path))


@pytest.mark.parametrize("name", sorted(cases()))
def test_a_chain_of_layers_computes_the_same(name, tmp_path):
    import torch

    torch.manual_seed(1)
    make, shape = cases()[name]

    assert_comes_back(exported(torch, make(torch.nn), shape, tmp_path / "m.onnx"))


@pytest.mark.parametrize("kind", ["LSTM", "GRU", "RNN"])
@pytest.mark.parametrize("both_ways", [False, True])
@pytest.mark.parametrize("last", [False, True])
def test_a_recurrent_network_computes_the_same(kind, both_ways, last, tmp_path):
    import torch

    torch.manual_seed(1)
    model = recurrent(torch, kind, both_ways=both_ways, last=last)

    assert_comes_back(exported(torch, model, (5, 3), tmp_path / "m.onnx"))


def test_a_network_with_branches_and_several_outputs_computes_the_same(tmp_path):
    import torch

    torch.manual_seed(1)
    path = exported(torch, residual(torch), (3, 4, 4), tmp_path / "m.onnx")

    assert_comes_back(path)
    assert len([n for n in import_onnx(path).graph.nodes if n.layer.kind == "output"]) == 3
