"""`train` and `evaluate`."""

from __future__ import annotations

import threading
from argparse import Namespace
from collections.abc import Sequence
from datetime import datetime
from time import perf_counter
from typing import Any

from engine.cli.drawn import judge_drawn
from engine.cli.output import Output, bar_of, metrics_line, minutes
from engine.cli.projects import problems_of
from engine.cli.tables import read_table
from engine.data.dataset import Dataset, prepare
from engine.errors import ProjectError
from engine.evaluation.evaluate import evaluate as measure
from engine.evaluation.labelled import labelled
from engine.metrics import Metric, Scoring
from engine.plan.parameters import Weights
from engine.project.file import open_project, save_project
from engine.project.project import Project
from engine.training.control import Control, StopReason
from engine.training.history import Run, fresh_run_id
from engine.training.settings import TrainingSettings, schedule_of, titles
from engine.training.telemetry import Progress
from engine.training.trainer import Trainer

PARTS = ("train", "validation", "test")

REFRESH = 0.1
"""Seconds between two looks at the progress."""


def opened(file: str, output: Output) -> Project:
    """A project, with its notes said."""
    project, notes = open_project(file)
    for note in notes:
        output.note(note)
    return project


def data_of(project: Project, output: Output) -> Dataset:
    """Raises DataError if the data cannot be read, ProjectError if none is chosen."""
    if project.data is None:
        raise ProjectError(
            "The project has no data set to learn from. Choose one in the window, or start from "
            "a template."
        )
    dataset = prepare(project.data)
    for note in dataset.notes:
        output.note(note)
    return dataset


def train(asked: Namespace, output: Output) -> int:
    project = opened(asked.file, output)
    for problem in problems_of(project):
        if problem.severity != "hint":
            output.note(f"{problem.severity.capitalize()}: {problem.message} {problem.remedy}")
    dataset = data_of(project, output)
    before = _run_to_resume(project) if asked.resume else None
    settings = _settings(project, before, asked)
    if before is not None:
        _say_what_changes(before, settings, output)
    trainer = Trainer(
        project.graph,
        dataset,
        settings,
        checkpoint=before.checkpoint.going_on(settings.patience) if before else None,
    )
    for line in schedule_of(settings.objectives):
        output.say(f"Objective {line}.")
    started = before.started if before else datetime.now().isoformat(timespec="seconds")
    begun = perf_counter()
    reason = _watched(trainer, output)
    seconds = perf_counter() - begun + (before.seconds if before else 0.0)
    checkpoint = trainer.checkpoint()
    metrics = _all_metrics(project, checkpoint.weights, dataset)
    run = Run(
        id=before.id if before else fresh_run_id({run.id for run in project.runs}),
        name=before.name if before else f"Run {len(project.runs) + 1}",
        settings=settings,
        graph=trainer.graph,
        checkpoint=checkpoint,
        metrics=metrics,
        started=started,
        seconds=seconds,
    )
    project.runs = [*(other for other in project.runs if other.id != run.id), run]
    project.weights = checkpoint.weights
    project.encoding = dataset.encoding
    path = asked.output or asked.file
    save_project(project, path)
    for part, values in metrics.items():
        output.say(metrics_line(part, values))
    for title in titles(settings.objectives):
        loss = trainer.telemetry.latest().get(f"loss/{title}/train", float("nan"))
        output.say(f"Objective {title}: loss {loss:.4g}.")
    output.say(f"{trainer.epoch} epochs in {seconds:.2f} s, saved in {path}.")
    output.finish(
        {
            "metrics": metrics,
            "epochs": trainer.epoch,
            "seconds": seconds,
            "seed": settings.seed,
            "parameters": trainer.parameters.size,
            "reason": reason.value,
            "run": run.id,
            "path": path,
        }
    )
    return _exit_code(reason, trainer, output)


def _exit_code(reason: StopReason, trainer: Trainer, output: Output) -> int:
    if trainer.divergence is not None:
        output.note(str(trainer.divergence))
        return 1
    if reason not in (StopReason.FINISHED, StopReason.EARLY):
        output.note("Stopped. Go on with --resume.")
        return 130
    return 0


def _run_to_resume(project: Project) -> Run:
    """The last run. Raises ProjectError if there is none or the network is another one now."""
    if not project.runs:
        raise ProjectError("The project has no run to go on with. Train it without --resume first.")
    run = project.runs[-1]
    if not run.graph.same_computation(project.graph):
        raise ProjectError(
            f"The network was changed since {run.name!r}, so that run cannot go on. "
            "Train it anew, without --resume."
        )
    return run


def _settings(project: Project, before: Run | None, asked: Namespace) -> TrainingSettings:
    """Raises FieldError for numbers out of bounds."""
    given: dict[str, Any] = {}
    if before is not None:
        if asked.seed is not None and asked.seed != before.settings.seed:
            raise ProjectError(
                f"{before.name!r} began with the seed {before.settings.seed}, so it cannot go on "
                f"with {asked.seed}. Leave --seed out, or train anew."
            )
        given["seed"] = before.settings.seed
        over = before.checkpoint.stopped_early(before.settings.patience)
        if not over and before.epochs < before.settings.epochs:
            given["epochs"] = max(before.settings.epochs, project.training.epochs)
    if asked.epochs is not None:
        given["epochs"] = asked.epochs
    if asked.seed is not None:
        given["seed"] = asked.seed
    return project.training.replaced(**given)


def _say_what_changes(before: Run, settings: TrainingSettings, output: Output) -> None:
    """Name the settings under which a run goes on that it did not have so far."""
    if before.epochs >= settings.epochs:
        output.note(
            f"{before.name} has trained all of its {before.epochs} epochs. Ask for more in all "
            "with --epochs, or train anew, without --resume."
        )
    changed = [
        field.label.lower()
        for field in settings.fields()
        if getattr(settings, field.name) != getattr(before.settings, field.name)
        and field.name != "epochs"
    ]
    if changed:
        output.say(f"{before.name} goes on with other settings: {', '.join(changed)}.")


def _watched(trainer: Trainer, output: Output) -> StopReason:
    """Run the trainer beside a progress bar; Ctrl+C pauses it."""
    control = Control()
    ended: list[StopReason | BaseException] = []

    def work() -> None:
        try:
            ended.append(trainer.run(control))
        except BaseException as error:
            ended.append(error)

    thread = threading.Thread(target=work, name="training")
    thread.start()
    try:
        while thread.is_alive():
            thread.join(REFRESH)
            output.bar(_bar(trainer.telemetry.progress))
    except KeyboardInterrupt:
        control.pause()
        thread.join()
    output.keep_bar()
    (end,) = ended
    if isinstance(end, BaseException):
        raise end
    return end


def _bar(progress: Progress) -> str:
    share = progress.step / max(progress.epochs * progress.steps_per_epoch, 1)
    left = "" if progress.seconds_left is None else f"  {minutes(progress.seconds_left)} left"
    return (
        f"epoch {progress.epoch}/{progress.epochs} {bar_of(share)} loss {progress.loss:.4f}  "
        f"{progress.examples_per_second:,.0f} examples/s{left}"
    )


def _all_metrics(
    project: Project,
    weights: Weights,
    dataset: Dataset,
    metrics: Sequence[Metric] | None = None,
) -> dict[str, dict[str, float]]:
    return {
        part: measure(project.graph, weights, dataset, part, metrics=metrics)
        for part in PARTS
        if len(dataset.part(part))
    }


def _metrics(asked: Namespace, dataset: Dataset) -> tuple[Metric, ...]:
    scoring = Scoring(asked.average or Scoring.average, asked.top or Scoring.top)
    return scoring.metrics(len(dataset.signature.classes))


def evaluate(asked: Namespace, output: Output) -> int:
    project = opened(asked.file, output)
    if not project.weights:
        raise ProjectError("The project is not trained yet. Train it before it is measured.")
    if asked.data:
        encoding = project.encoding or data_of(project, output).encoding
        source = project.data.source if project.data else None
        table = read_table(asked.data, encoding.image_shape, source)
        for note in table.notes:
            output.note(note)
        weights = project.data.weights if project.data else ""
        if weights and weights not in table:
            output.note(f"The data has no column {weights!r}, so that all rows count alike.")
            weights = ""
        dataset = labelled(table, encoding, weights)
        wanted = _metrics(asked, dataset)
        found = measure(project.graph, project.weights, dataset, "test", metrics=wanted)
        metrics = {"data": found}
    else:
        dataset = data_of(project, output)
        metrics = _all_metrics(project, project.weights, dataset, _metrics(asked, dataset))
    for part, values in metrics.items():
        output.say(metrics_line(part, values))
    drawn = judge_drawn(project, dataset, output)
    run = project.runs[-1] if project.runs else None
    output.finish(
        {
            "metrics": metrics,
            "epochs": run.epochs if run else None,
            "seconds": run.seconds if run else None,
            **({"drawn": drawn} if drawn else {}),
        }
    )
    return 0
