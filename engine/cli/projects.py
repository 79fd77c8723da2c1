"""`templates`, `new` and `check`."""

from __future__ import annotations

from argparse import Namespace

from engine.cli.output import Output
from engine.data.dataset import DataSignature, prepare
from engine.data.settings import DataSettings
from engine.errors import DataError
from engine.fields import Plain
from engine.graph.check import Problem
from engine.graph.check import check as find_problems
from engine.graph.infer import infer
from engine.project.file import open_project, save_project
from engine.project.project import Project
from engine.project.templates import TEMPLATES, open_template
from engine.training.batch_sizes import smallest_batch
from engine.training.idle import idle_settings
from engine.training.settings import schedule_of


def templates(asked: Namespace, output: Output) -> int:
    width = max(len(template.id) for template in TEMPLATES)
    for template in TEMPLATES:
        output.say(f"{template.id:<{width}}  {template.summary}")
    output.finish(
        {
            "templates": [
                {"id": template.id, "title": template.title, "summary": template.summary}
                for template in TEMPLATES
            ]
        }
    )
    return 0


def new(asked: Namespace, output: Output) -> int:
    save_project(open_template(asked.template), asked.output)
    output.say(f"Wrote {asked.output}.")
    output.finish({"path": asked.output, "template": asked.template})
    return 0


def check(asked: Namespace, output: Output) -> int:
    """Exit code 1 if a problem keeps the network from running."""
    project, _ = open_project(asked.file)
    problems = problems_of(project)
    for line in schedule_of(project.training.objectives):
        output.say(f"objective {line}.")
    for problem in problems:
        where = f"{project.graph.node(problem.node).id}: " if problem.node else ""
        output.say(f"{problem.severity}: {where}{problem.message} {problem.remedy}")
    if not problems:
        output.say("No problems.")
    result: dict[str, Plain] = {
        "problems": [
            {
                "node": problem.node,
                "severity": problem.severity,
                "message": problem.message,
                "remedy": problem.remedy,
            }
            for problem in problems
        ]
    }
    if project.training.objectives:
        result["objectives"] = project.training.to_plain()["objectives"]
    output.finish(result)
    return 1 if any(problem.severity == "error" for problem in problems) else 0


def problems_of(project: Project) -> list[Problem]:
    """What is wrong with a project's data, graph and training settings."""
    trouble: list[Problem] = []
    signature: DataSignature | None = None
    if project.data is not None:
        signature = _signature(project.data, trouble)
    shapes = infer(project.graph)
    is_chosen = project.data is not None
    batch = smallest_batch(signature.counts[0], project.training) if signature else None
    training = project.training
    found = find_problems(
        project.graph,
        shapes,
        signature,
        is_chosen,
        batch,
        training.shuffle,
        training.objectives,
        training.update == "example",
    )
    return [*trouble, *found, *idle_settings(training)]


def _signature(data: DataSettings, trouble: list[Problem]) -> DataSignature | None:
    try:
        return prepare(data).signature
    except DataError as error:
        message, _, remedy = str(error).partition(". ")
        trouble.append(Problem(None, "error", message.rstrip(".") + ".", remedy))
        return None
