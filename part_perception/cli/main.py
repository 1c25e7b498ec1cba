# PYTHON_ARGCOMPLETE_OK
"""`part-perception COMMAND …`: finds the command, runs it, and turns every failure into one line.

Exit codes: 0 answered, 1 nothing found, 2 bad input or wrong usage, 3 a failure that other input would not prevent.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

from part_perception import __version__, heap
from part_perception.command_lines import HelpFormatter, Parser
from part_perception.errors import InputError
from part_perception.terminal import QUIET

COMMANDS = {
    "demo": "run a simulated robot's camera, the node and a client, over real ROS 2",
    "node": "run the ROS 2 node",
    "ask": "find parts in a cloud file: where is the handle?",
    "query": "ask a running node: where is the handle?",
    "decompose": "split an object into parts without words",
    "cosegment": "split several objects of one kind in the same way",
    "transfer": "transfer a grasp or contact place to another object of the same kind",
    "teach": "teach a new word with marked examples",
    "sample": "write sample files to try everything on",
    "view": "look at clouds, bags or a live node in a browser, and teach there",
    "bag": "ask a recording: bag in, bag with answers out",
    "label": "ask many recordings: tables and bags of answers",
    "find": "find the moments in which a part was seen, in the output of `label`",
    "eval": "measure how good the answers are on a folder of labelled shapes",
    "bench": "measure how fast it is on this machine",
    "train": "train a model, and preview its training data",
    "models": "list, fetch, import, export and measure models",
    "doctor": "check this machine, and say what to do",
}
PASSED_ON = ("node", "demo", "bag")  # these read their own arguments, ROS arguments among them
BAD_INPUT, FAILURE, INTERRUPTED = 2, 3, 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code is the answer."""
    if argv is None:
        heap.prepare()  # before any thread starts; the process is ours alone
    argv = list(sys.argv[1:] if argv is None else argv)
    if "_ARGCOMPLETE" in os.environ:
        complete()
    argv = without_loudness(argv)
    replace_what_cannot_be_printed()
    try:
        try:
            return _run(argv)
        finally:
            sys.stdout.flush()  # while a failure to write can still be told; Python's own comes too late
    except KeyboardInterrupt:
        print("part-perception: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has gone
        _write_to_nowhere()
        return 0
    except Exception as error:
        if os.environ.get("PART_PERCEPTION_DEBUG"):
            raise
        print(f"part-perception: {_sentence(error)}", file=sys.stderr)
        if isinstance(error, OSError):
            _write_to_nowhere()
        return BAD_INPUT if isinstance(error, InputError) else FAILURE


def _run(argv: list[str]) -> int:
    """Find the command and run it."""
    if argv and argv[0] in PASSED_ON:
        return _module(argv[0]).run_with(argv[1:])
    name = next((word for word in argv if not word.startswith("-")), None)
    arguments = _parser(name).parse_args(argv)
    return arguments.run(arguments)


def replace_what_cannot_be_printed() -> None:
    """Print ? for what the terminal's encoding lacks, such as the lines of tables, instead of failing."""
    if getattr(sys.stdout, "errors", "") == "strict" and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")


def _write_to_nowhere() -> None:
    """Drop what stdout still holds: at exit, Python would try to write it again."""
    with contextlib.suppress(OSError, ValueError):  # a stand-in for stdout has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def without_loudness(argv: list[str]) -> list[str]:
    """Take --quiet (no bars) and --verbose (what the library logs) out of a command line, wherever they stand."""
    if "--quiet" in argv:
        os.environ[QUIET] = "1"
    if "--verbose" in argv:
        import logging

        logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    return [word for word in argv if word not in ("--quiet", "--verbose")]


def complete() -> None:
    """Answer the shell's request for completions, and exit."""
    import argcomplete

    words = os.environ.get("COMP_LINE", "").split()[1:]
    argcomplete.autocomplete(_parser(next((word for word in words if word in COMMANDS), None)))


def _parser(chosen: str | None) -> argparse.ArgumentParser:
    """All commands by name and help; only the chosen one is loaded for its options."""
    parser = Parser(
        prog="part-perception",
        description="Named parts of objects in point clouds: where to grasp, and an honest 'not there'.",
        epilog="with every command: --quiet for no progress bars, --verbose for what the library logs\n"
        "exit codes: 0 answered, 1 nothing found, 2 bad input or wrong usage, 3 a failure",
        formatter_class=HelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"part-perception {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name, text in COMMANDS.items():
        module = _module(name) if name == chosen else None
        command = commands.add_parser(
            name,
            help=text,
            description=module.__doc__ if module else text,
            epilog=getattr(module, "EXAMPLES", None),
            formatter_class=HelpFormatter,
        )
        if module and name not in PASSED_ON:
            command.set_defaults(run=getattr(module, "run", None))  # without: every action sets its own
            module.add_arguments(command)
    return parser


def _module(name: str):
    return importlib.import_module(f"part_perception.cli.{name}")


def _sentence(error: Exception) -> str:
    """One line: what the caller can change, what the machine lacks, or that this is a defect of ours."""
    text = " ".join(str(error).split())
    text = text if len(text) <= 400 else text[:397] + "..."
    if isinstance(error, InputError):
        return text
    if isinstance(error, OSError):
        return f"the operating system refused: {text}"
    if isinstance(error, ModuleNotFoundError) and not f"{error.name}.".startswith("part_perception."):
        return f"the Python module {error.name!r}, which this needs, is not installed here (`part-perception doctor`)"
    return f"internal error, {type(error).__name__}: {text} (set PART_PERCEPTION_DEBUG=1 for a traceback to report)"


if __name__ == "__main__":
    sys.exit(main())
