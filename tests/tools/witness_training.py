"""Losses and optimisers in PyTorch, written by hand, as an independent witness."""

from __future__ import annotations

IGNORED = -100
"""A class for torch that counts nowhere."""


def loss(torch, kind, p, t):
    """The loss in torch; p and t (*shape, N), probabilities where ours takes them."""
    if p.ndim == 3 and kind.positions(p.shape[:-1]) != p.shape[:-1]:
        p, t = (x.movedim(1, 0).reshape(x.shape[1], -1) for x in (p, t))  # (K, T N)
    f = torch.nn.functional
    by_kind = {
        "squared_error": lambda: f.mse_loss(p, t),
        "absolute_error": lambda: f.l1_loss(p, t),
        "huber": lambda: f.huber_loss(p, t, delta=kind.bend),
        "exponential": lambda: (
            kind.scale * torch.exp(((p - t) ** 2).reshape(-1, p.shape[-1]).sum(0) / kind.scale)
        ).mean(),
        "cosine": lambda: (
            1 - f.cosine_similarity(p.reshape(-1, p.shape[-1]), t.reshape(-1, p.shape[-1]), 0)
        ).mean(),
        "hinge": lambda: torch.relu(1 - (2 * t - 1) * p).mean(),
        "squared_hinge": lambda: (torch.relu(1 - (2 * t - 1) * p) ** 2).mean(),
        "kullback_leibler": lambda: f.kl_div(p.log().T, t.T, reduction="batchmean"),
        "hellinger": lambda: ((p.sqrt() - t.sqrt()) ** 2).sum(0).mean() / 2,
        "generalised_kullback_leibler": lambda: (
            torch.xlogy(t, t) - torch.xlogy(t, p) - t + p
        ).mean(),
        "itakura_saito": lambda: (t / p - (t / p).log() - 1).mean(),
        "poisson": lambda: f.poisson_nll_loss(p, t, log_input=False),
        "value": lambda: p.mean(),
        "multiclass_hinge": lambda: _multiclass_hinge(torch, kind, p, t),
        "binary_cross_entropy": lambda: _binary(torch, kind, p, t),
        "categorical_cross_entropy": lambda: _of_logarithms(torch, kind, p.log(), t),
    }
    return by_kind[kind.kind]()


def _multiclass_hinge(torch, kind, p, t):
    if kind.others == "all":
        return torch.nn.functional.multi_margin_loss(p.T, t.argmax(0), margin=kind.margin)
    others = torch.where(t > 0, -torch.inf, p).max(0).values
    return torch.relu(kind.margin + others - (p * t).sum(0)).mean()


def unreduced(torch, kind, p, t):
    """The loss of every position on its own, (*positions, N), written out."""
    positions = (*kind.positions(p.shape[:-1]), p.shape[-1])
    if positions == tuple(p.shape):  # each value by itself
        each = [loss(torch, kind, *pair) for pair in zip(p.reshape(-1), t.reshape(-1), strict=True)]
        return torch.stack(each).reshape(positions)
    columns = [x.movedim(1, 0) if x.ndim == 3 else x for x in (p, t)]
    p, t = (x.reshape(-1, torch.tensor(positions).prod()) for x in columns)
    each = []
    for n in range(p.shape[1]):
        if getattr(kind, "class_weights", ()):  # torch has a mean of these only
            weights = torch.tensor(kind.class_weights, dtype=t.dtype)
            wished = (1 - kind.smoothing) * t[:, n] + kind.smoothing / len(t)
            # Of a class of weight 0 even the smoothing part is to be ignored.
            wished *= weights @ t[:, n] > 0
            each.append(-(weights * wished * p[:, n].log()).sum())
        else:
            each.append(loss(torch, kind, p[:, [n]], t[:, [n]]))
    return torch.stack(each).reshape(positions)


def _binary(torch, kind, p, t):
    t = t * (1 - kind.smoothing) + kind.smoothing / 2
    weight = torch.ones_like(t)
    if kind.positive_weight != 1:
        return -(kind.positive_weight * t * p.log() + (1 - t) * (1 - p).log()).mean()
    return torch.nn.functional.binary_cross_entropy(p, t, weight)


def _of_logarithms(torch, kind, logarithms, t):
    weights = torch.tensor(kind.class_weights or [1.0] * len(t), dtype=t.dtype)
    plain = torch.nn.functional.nll_loss(logarithms.T, t.argmax(0), weights)
    counts = weights @ t
    spread = -(weights @ logarithms)[counts > 0].sum() / counts.sum() / len(t)
    return (1 - kind.smoothing) * plain + kind.smoothing * spread


def _categorical(torch, kind, z, t):
    weights = torch.tensor(kind.class_weights, dtype=z.dtype) if kind.class_weights else None
    classes = t.argmax(0)
    if weights is not None:
        classes[weights[classes] == 0] = IGNORED
    return torch.nn.functional.cross_entropy(
        z.T, classes, weights, ignore_index=IGNORED, label_smoothing=kind.smoothing
    )


def loss_of_logits(torch, kind, z, t):
    """The loss in torch from the sums before the sigmoid or softmax."""
    f = torch.nn.functional
    if z.ndim == 3 and kind.target == "classes":
        z, t = (x.movedim(1, 0).reshape(x.shape[1], -1) for x in (z, t))  # (K, T N)
    if kind.kind == "binary_cross_entropy":
        t = t * (1 - kind.smoothing) + kind.smoothing / 2
        more = torch.tensor(kind.positive_weight, dtype=z.dtype)
        return f.binary_cross_entropy_with_logits(z, t, pos_weight=more)
    if kind.kind == "kullback_leibler":
        return f.kl_div(torch.log_softmax(z, 0).T, t.T, reduction="batchmean")
    return _categorical(torch, kind, z, t)


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
