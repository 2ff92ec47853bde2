"""python3 -m pipeline <command>, from the folder `models`. See README.md there."""
import argparse
import sys

from . import parallel  # first: it sets one thread a process before NumPy loads  # noqa: F401
from . import commands
from .errors import PipelineError, missing_module


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python3 -m pipeline", description=__doc__)
    sub = parser.add_subparsers(dest="command", required=True)
    sub.add_parser("all", help="train, export and evaluate version 1 of both families, then make the samples")
    for name, helped in (("clips", "a fresh set of labelled keyword clips"), ("windows", "the same of vibration windows")):
        fresh = sub.add_parser(name, help=helped)
        fresh.add_argument("--out", required=True, help="folder to write to")
        _add_counts(fresh)
    _add_counts(sub.add_parser("check", help="a fresh set against expected.json"))
    steps = {"train": "train a recipe's networks", "export": "write ONNX files", "evaluate": "measure, write the manifest",
             "classifier": "make and measure the classifier of evaluated variants"}
    for name, helped in steps.items():
        step = sub.add_parser(name, help=helped)
        step.add_argument("recipe", help="keyword-v1, vibration-v1, or a YAML file")
        if name == "train":
            step.add_argument("networks", nargs="*", help="only these networks")
    embed = sub.add_parser("embed", help="fetch and build the sentence encoder; says what it takes first")
    embed.add_argument("--yes", action="store_true", help="fetch without asking")
    embed.add_argument("--out", default=None, help="the repository folder to write embed/1 to (default: this one)")
    sub.add_parser("samples", help="make the committed example clips and requests again")
    return parser


def _add_counts(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--easy", type=int, default=300)
    parser.add_argument("--hard", type=int, default=300)


def main() -> int:
    values = vars(_parser().parse_args())
    command = values.pop("command")
    actions = {
        "all": commands.everything, "clips": commands.clips, "windows": commands.windows, "check": commands.check,
        "train": lambda recipe, networks: commands.train(recipe, networks),
        "export": lambda recipe: commands.export(recipe),
        "evaluate": lambda recipe: commands.evaluate(recipe),
        "classifier": lambda recipe: commands.classifier(recipe),
        "samples": commands.samples, "embed": commands.embed,
    }
    try:
        actions[command](**values)
        return 0
    except ModuleNotFoundError as error:
        print(f"error: {missing_module(error)}", file=sys.stderr)
    except PipelineError as error:
        print(f"error: {error}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
