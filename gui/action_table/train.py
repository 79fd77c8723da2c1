"""The Train menu: start, pause, pace."""

from __future__ import annotations

from gui.action_spec import ActionSpec, translate

TRAIN: tuple[ActionSpec, ...] = (
    ActionSpec(
        "train.train",
        translate("Actions", "&Train"),
        translate("Actions", "Start to train, go on, or pause."),
        ("F5", "Ctrl+Return"),
        "play-fill",
    ),
    ActionSpec(
        "train.step",
        translate("Actions", "&Step"),
        translate("Actions", "Train on one batch."),
        ("F10",),
        "skip-forward-fill",
    ),
    ActionSpec(
        "train.reset",
        translate("Actions", "&Reset"),
        translate("Actions", "Forget what was learnt and start from fresh weights."),
        ("Ctrl+Shift+R",),
        "arrow-counter-clockwise-bold",
    ),
    ActionSpec(
        "train.find_rate",
        translate("Actions", "Find a learnin&g rate…"),
        translate("Actions", "Try many rates in one short run, and take the best."),
        ("Ctrl+Alt+R",),
        "chart-line",
    ),
    ActionSpec(
        "train.slow",
        translate("Actions", "S&low"),
        translate("Actions", "About 10 batches a second: follow every step."),
        ("F6",),
        checkable=True,
    ),
    ActionSpec(
        "train.watch",
        translate("Actions", "&Watch"),
        translate("Actions", "At most 300 batches a second: watch it learn."),
        ("F7",),
        checkable=True,
    ),
    ActionSpec(
        "train.full",
        translate("Actions", "&Full"),
        translate("Actions", "Train as fast as this machine can; the results are the same."),
        ("F8",),
        checkable=True,
    ),
)
