"""What nobody sets is what PyTorch takes, or one of the few numbers that are chosen otherwise."""

from __future__ import annotations

import inspect

import pytest

from engine.activations import ACTIVATIONS
from engine.layers import LAYERS
from engine.losses import LOSSES
from engine.optimizers import OPTIMIZERS
from engine.schedules import SCHEDULES

ADAM = {"rate": "lr", "beta1": "betas", "beta2": "betas", "epsilon": "eps", "amsgrad": "amsgrad"}
DECAY = {"weight_decay": "weight_decay"}
NORMAL = {"epsilon": "eps", "affine": "affine"}

WITNESSED = {
    ("optimizer", "sgd"): (
        "optim.SGD",
        {"momentum": "momentum", "nesterov": "nesterov", **DECAY},
    ),
    ("optimizer", "averaged_sgd"): (
        "optim.ASGD",
        {"rate": "lr", "shrink": "lambd", "power": "alpha", **DECAY},
    ),
    ("optimizer", "rmsprop"): (
        "optim.RMSprop",
        {
            "rate": "lr",
            "keep": "alpha",
            "epsilon": "eps",
            "momentum": "momentum",
            "centered": "centered",
            **DECAY,
        },
    ),
    ("optimizer", "adagrad"): (
        "optim.Adagrad",
        {
            "rate": "lr",
            "slowing": "lr_decay",
            "epsilon": "eps",
            "initial": "initial_accumulator_value",
            **DECAY,
        },
    ),
    ("optimizer", "adadelta"): (
        "optim.Adadelta",
        {"rate": "lr", "keep": "rho", "epsilon": "eps", **DECAY},
    ),
    ("optimizer", "adam"): ("optim.Adam", {**ADAM, **DECAY}),
    ("optimizer", "adamw"): ("optim.AdamW", {**ADAM, **DECAY}),
    ("optimizer", "nadam"): (
        "optim.NAdam",
        {
            "rate": "lr",
            "beta1": "betas",
            "beta2": "betas",
            "epsilon": "eps",
            "decline": "momentum_decay",
            **DECAY,
        },
    ),
    ("loss", "categorical_cross_entropy"): (
        "nn.CrossEntropyLoss",
        {"smoothing": "label_smoothing"},
    ),
    ("loss", "huber"): ("nn.HuberLoss", {"bend": "delta"}),
    ("loss", "multiclass_hinge"): ("nn.MultiMarginLoss", {"margin": "margin"}),
    ("activation", "leaky_relu"): ("nn.LeakyReLU", {"leak": "negative_slope"}),
    ("activation", "prelu"): ("nn.PReLU", {"start": "init"}),
    ("activation", "elu"): ("nn.ELU", {"alpha": "alpha"}),
    ("schedule", "polynomial"): ("optim.lr_scheduler.PolynomialLR", {"power": "power"}),
    ("schedule", "one_cycle"): (
        "optim.lr_scheduler.OneCycleLR",
        {"peak": "pct_start", "start_divisor": "div_factor", "final_divisor": "final_div_factor"},
    ),
    ("schedule", "plateau"): (
        "optim.lr_scheduler.ReduceLROnPlateau",
        {"drop": "factor", "patience": "patience", "threshold": "threshold"},
    ),
    ("layer", "batch_norm"): ("nn.BatchNorm2d", {**NORMAL, "momentum": "momentum"}),
    ("layer", "layer_norm"): (
        "nn.LayerNorm",
        {"epsilon": "eps", "affine": "elementwise_affine"},
    ),
    ("layer", "group_norm"): ("nn.GroupNorm", NORMAL),
    ("layer", "instance_norm"): ("nn.InstanceNorm2d", {"epsilon": "eps"}),
    ("layer", "dropout"): ("nn.Dropout", {"rate": "p"}),
    ("layer", "multi_head_attention"): ("nn.MultiheadAttention", {"bias": "bias"}),
}
"""By kind: what it is in torch, and by setting the name that torch has for it."""

OWN = {
    ("optimizer", "sgd"): {"rate": 0.01},  # of Keras; PyTorch takes 0.001
    ("optimizer", "averaged_sgd"): {"start": 100},  # PyTorch begins after a million updates
    ("optimizer", "implicit_sgd"): {"rate": 0.1, "weight_decay": 0.0},
    ("optimizer", "lion"): {"rate": 1e-4, "beta1": 0.9, "beta2": 0.99, "weight_decay": 0.0},
    ("loss", "categorical_cross_entropy"): {"class_weights": ()},
    ("loss", "binary_cross_entropy"): {"smoothing": 0.0, "positive_weight": 1.0},
    ("loss", "exponential"): {"scale": 1.0},
    ("loss", "multiclass_hinge"): {"others": "largest"},
    ("activation", "step"): {"sharpness": 1.0},
    ("activation", "prelu"): {"per_channel": False},
    ("activation", "hard_sigmoid"): {"alpha": 1 / 6, "beta": 0.5},
    ("schedule", "step"): {"every": 10, "drop": 0.5},
    ("schedule", "cosine"): {"final": 0.0},
    ("schedule", "exponential"): {"keep": 0.95},
    ("schedule", "cosine_restarts"): {"first": 10, "longer": 2, "final": 0.0},
    ("schedule", "warm_up"): {"length": 5.0, "start": 0.1},
    ("layer", "layer_norm"): {"over": "all"},
    ("layer", "group_norm"): {"groups": 8},
    ("layer", "instance_norm"): {"affine": True},  # PyTorch learns nothing there unless asked
}
"""Settings that PyTorch does not have, has no default for, or where ours is another."""

REGISTRIES = {
    "optimizer": OPTIMIZERS,
    "loss": LOSSES,
    "activation": ACTIVATIONS,
    "schedule": SCHEDULES,
}
NESTED = {"schedule", "then"}
"""Settings that have settings of their own, which are checked as theirs."""


def kind_of(key):
    registry, kind = key
    return {**REGISTRIES, "layer": LAYERS}[registry].get(kind)


def defaults(kind):
    return {field.name: field.default for field in kind.fields() if field.name not in NESTED}


def test_every_default_is_witnessed_or_chosen():
    for registry, kinds in REGISTRIES.items():
        for kind in kinds:
            key = registry, kind.kind
            _, settings = WITNESSED.get(key, ("", {}))

            assert {*settings, *OWN.get(key, {})} == set(defaults(kind)), key


@pytest.mark.witness
@pytest.mark.parametrize("key", WITNESSED, ids=" ".join)
def test_defaults_are_those_of_pytorch(key, torch):
    path, settings = WITNESSED[key]
    theirs = torch
    for name in path.split("."):
        theirs = getattr(theirs, name)
    signature = inspect.signature(theirs).parameters
    found = defaults(kind_of(key))
    for ours, name in settings.items():
        expected = signature[name].default
        if name == "betas":
            expected = expected[int(ours[-1]) - 1]

        assert found[ours] == expected, ours


@pytest.mark.parametrize("key", OWN, ids=" ".join)
def test_defaults_of_our_own_stay(key):
    found = defaults(kind_of(key))

    assert OWN[key].items() <= found.items()
