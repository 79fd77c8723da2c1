"""The command line: what can be asked, and who answers."""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import NoReturn

from engine.cli.output import Output
from engine.errors import GlassboxError


class Parser(argparse.ArgumentParser):
    """Says what is wrong with the arguments in one sentence."""

    def error(self, message: str) -> NoReturn:
        sentence = message[:1].upper() + message[1:].rstrip(".")
        self.exit(2, f"{sentence}. See `{self.prog} --help`.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0, 1 if it failed, 2 for wrong arguments."""
    try:
        asked = parser().parse_args(arguments)
    except SystemExit as error:  # argparse has said why
        return int(error.code or 0)
    output = Output(sys.stdout, sys.stderr, asked.json)
    # A command's module is imported when it is asked for: `templates` needs no NumPy.
    module, function = asked.run.split(":")
    try:
        code: int = getattr(importlib.import_module(module), function)(asked, output)
        return code
    except GlassboxError as error:
        output.note(str(error))
    except KeyboardInterrupt:
        output.note("Stopped.")
        return 130
    except BrokenPipeError:  # whoever read the output has seen enough
        return 1
    except Exception as error:
        output.note(
            f"Glassbox failed where it should not have ({type(error).__name__}: {error}). "
            "Repeat the command with --traceback and report what it prints."
        )
        if asked.traceback:
            traceback.print_exc()
    return 1


def parser() -> Parser:
    """All commands with their arguments."""
    root = Parser(
        prog="glassbox",
        description="Draw a neural network, train it, watch it learn, export it. "
        "`glassbox [FILE]` opens the window; these commands need none.",
    )
    root.add_argument("--version", action="version", version=f"glassbox {_version()}")
    commands = root.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)

    def command(name: str, run: str, help: str) -> Parser:
        added: Parser = commands.add_parser(name, help=help, description=help)
        added.set_defaults(run=f"engine.cli.{run}")
        added.add_argument(
            "--json", action="store_true", help="print one JSON object on the last line"
        )
        added.add_argument("--traceback", action="store_true", help=argparse.SUPPRESS)
        return added

    command("templates", "projects:templates", "List the built-in projects.")

    new = command("new", "projects:new", "Write a built-in project to a file.")
    new.add_argument("template", metavar="TEMPLATE", help="id of a built-in project")
    new.add_argument("-o", "--output", metavar="FILE", required=True)

    check = command("check", "projects:check", "Tell the problems of a project's graph.")
    check.add_argument("file", metavar="FILE")

    train = command("train", "train:train", "Train a project and save it with its weights.")
    train.add_argument("file", metavar="FILE")
    train.add_argument("-o", "--output", metavar="OUT", help="save here instead of in FILE")
    train.add_argument("--epochs", type=int, metavar="N", help="how many epochs in all")
    train.add_argument("--seed", type=int, metavar="S", help="where random numbers start")
    train.add_argument(
        "--resume", action="store_true", help="go on where the last run of the project stopped"
    )

    evaluate = command("evaluate", "train:evaluate", "Measure a trained project.")
    evaluate.add_argument("file", metavar="FILE")
    evaluate.add_argument(
        "--data", metavar="PATH", help="a CSV with targets, or a folder of images, to measure on"
    )

    evaluate.add_argument(
        "--average",
        choices=("macro", "micro", "weighted"),
        help="how precision, recall and F1 of the classes become one number (macro)",
    )
    evaluate.add_argument(
        "--top", type=_count, metavar="K", help="count a class as found among the K likeliest"
    )

    predict = command("predict", "predict:predict", "Predict with a project or an ONNX file.")
    predict.add_argument("model", metavar="MODEL", help="a .glassbox or .onnx file")
    predict.add_argument(
        "--input",
        metavar="FILE",
        help=".npz: one array for each input; .csv: raw columns; or a folder of images",
    )
    predict.add_argument(
        "--count", type=_count, metavar="N", help="instead of an input: make N new examples"
    )
    predict.add_argument(
        "--seed", type=int, default=0, metavar="S", help="where the noise of new examples starts"
    )
    predict.add_argument("--output", metavar="FILE", required=True, help=".npz or .csv")

    export = command("export", "export:export", "Write a trained network for other programs.")
    export.add_argument("file", metavar="FILE")
    export.add_argument(
        "--to", type=_format, required=True, metavar="onnx", help="the format; for now, only ONNX"
    )
    export.add_argument("-o", "--output", metavar="PATH", required=True)

    importing = command(
        "import", "import_model:import_model", "Make an editable project of an ONNX model."
    )
    importing.add_argument("model", metavar="MODEL", help="an .onnx file")
    importing.add_argument("-o", "--output", metavar="FILE", required=True)

    bench = command("bench", "bench:bench", "Measure the engine's speed on this machine.")
    bench.add_argument("names", metavar="NAME", nargs="*", help="only these measurements")
    return root


def _count(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"expected a whole number from 1, got {text!r}")
    return int(text)


def _format(text: str) -> str:
    """A format that `export` can write."""
    if text != "onnx":
        raise argparse.ArgumentTypeError(f"this version exports to onnx alone, got {text!r}")
    return text


def _version() -> str:
    try:
        return version("glassbox")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "of this folder"
