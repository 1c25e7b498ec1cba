"""Checks this machine, and says what is missing and how to fix it; exit code 1 if anything is."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import partial

from part_perception.cli import checks, checks_ros
from part_perception.cli.checks import ERROR, OK, WARN, Finding
from part_perception.cli.reports import print_json
from part_perception.cli.usage import add_json

CHECKS = (
    checks.python, checks.packages, checks_ros.ros, checks.gpu, checks.runtimes, checks.models, checks.text_model,
    checks.memory, checks.cache, checks.answering,
)  # fmt: skip
COLOURS = {OK: "\x1b[32m", WARN: "\x1b[33m", ERROR: "\x1b[31m"}


EXAMPLES = """examples:
  part-perception doctor
  part-perception doctor --json
  part-perception doctor --node             check the running node; exit code 1 unless it is active"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--node",
        nargs="?",
        const="part_perception",
        metavar="NAME",
        help="look at a running node instead of this machine; default: part_perception",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    findings: list[Finding] = []
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")  # see no-color.org
    for check in CHECKS if args.node is None else (partial(checks_ros.node, args.node),):
        for finding in outcome(check):
            findings.append(finding)
            if not args.json:
                print(line(finding, coloured), flush=True)
    if args.json:
        print_json([asdict(finding) for finding in findings])
    return 1 if any(finding.state == ERROR for finding in findings) else 0


def outcome(check: Callable[[], Finding | list[Finding]]) -> list[Finding]:
    """What a check finds; a check that fails is a finding too."""
    try:
        result = check()
    except Exception as error:
        sentence = " ".join(f"{type(error).__name__}: {error}".split())
        name = getattr(check, "__name__", "node")
        return [Finding(name, ERROR, sentence, "see the lines above, or report this")]
    return [result] if isinstance(result, Finding) else result


def line(finding: Finding, coloured: bool) -> str:
    state = f"{finding.state:<5}"
    if coloured:
        state = f"{COLOURS[finding.state]}{state}\x1b[0m"
    advice = f"\n{'':<22}→ {finding.advice}" if finding.advice else ""
    return f"{state}  {finding.topic:<13}  {finding.found}{advice}"
