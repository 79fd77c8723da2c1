"""Losses and optimisers in PyTorch, written by hand, as an independent witness."""

from __future__ import annotations


def loss(torch, kind, prediction, target):
    """The loss in torch; prediction and target (*shape, N), probabilities where ours takes them."""
    f = torch.nn.functional
    by_kind = {
        "squared_error": lambda: f.mse_loss(prediction, target),
        "absolute_error": lambda: f.l1_loss(prediction, target),
        "huber": lambda: f.huber_loss(prediction, target, delta=kind.bend),
        "binary_cross_entropy": lambda: f.binary_cross_entropy(prediction, target),
        "categorical_cross_entropy": lambda: -(target * prediction.log()).sum(0).mean(),
    }
    return by_kind[kind.kind]()


def loss_of_logits(torch, kind, z, target):
    """The loss in torch from the sums before the sigmoid or softmax."""
    f = torch.nn.functional
    if kind.kind == "binary_cross_entropy":
        return f.binary_cross_entropy_with_logits(z, target)
    return f.cross_entropy(z.T, target.T)


def optimizer(torch, ours, parameters):
    """The torch optimiser with the settings of one of ours."""
    o = torch.optim
    decay = {"weight_decay": ours.weight_decay}
    by_kind = {
        "sgd": lambda: o.SGD(
            parameters, ours.rate, momentum=ours.momentum, nesterov=ours.nesterov, **decay
        ),
        "averaged_sgd": lambda: o.ASGD(
            parameters, ours.rate, ours.shrink, ours.power, ours.start, **decay
        ),
        "rmsprop": lambda: o.RMSprop(
            parameters,
            ours.rate,
            ours.keep,
            ours.epsilon,
            momentum=ours.momentum,
            centered=ours.centered,
            **decay,
        ),
        "adagrad": lambda: o.Adagrad(
            parameters,
            ours.rate,
            ours.slowing,
            initial_accumulator_value=ours.initial,
            eps=ours.epsilon,
            **decay,
        ),
        "adadelta": lambda: o.Adadelta(parameters, ours.rate, ours.keep, ours.epsilon, **decay),
        "adam": lambda: o.Adam(
            parameters,
            ours.rate,
            (ours.beta1, ours.beta2),
            ours.epsilon,
            amsgrad=ours.amsgrad,
            **decay,
        ),
        "adamw": lambda: o.AdamW(
            parameters,
            ours.rate,
            (ours.beta1, ours.beta2),
            ours.epsilon,
            amsgrad=ours.amsgrad,
            **decay,
        ),
        "nadam": lambda: o.NAdam(
            parameters,
            ours.rate,
            (ours.beta1, ours.beta2),
            ours.epsilon,
            momentum_decay=ours.decline,
            **decay,
        ),
    }
    return by_kind[ours.kind]()
