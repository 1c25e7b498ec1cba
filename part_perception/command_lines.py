"""Command lines: a parser that reports errors in one line and suggests what was meant."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Collection, Sequence
from difflib import get_close_matches
from typing import NoReturn

_MAX_LENGTH = 300
_READ_BY = "read by"  # a name that no option has
_NEGATIVE = re.compile(r"-(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$", re.IGNORECASE)


class HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """Wide enough for every command's help to fit a screen."""

    def __init__(self, prog: str):
        super().__init__(prog, max_help_position=28, width=100)


class Parser(argparse.ArgumentParser):
    """Reports errors in one line, without the whole usage, and suggests the nearest known name."""

    def __init__(self, *args, **more):
        super().__init__(*args, **more)
        self._negative_number_matcher = _NEGATIVE  # argparse takes -1.2e-05, as JSON has it, for an option

    def error(self, message: str) -> NoReturn:
        message = " ".join(message.split())
        message = message if len(message) <= _MAX_LENGTH else message[: _MAX_LENGTH - 3] + "..."
        print(f"{self.prog}: {message} (try {self.prog} --help)", file=sys.stderr)
        sys.exit(2)

    def parse_known_args(self, args=None, namespace=None):
        known, rest = super().parse_known_args(args, namespace)
        known.__dict__.setdefault(_READ_BY, self)  # the command's own parser comes first
        return known, rest

    def parse_args(self, args=None, namespace=None):
        known, rest = self.parse_known_args(args, namespace)
        read_by = known.__dict__.pop(_READ_BY)
        if rest:
            asked = bool(getattr(known, "query", None))
            read_by.error(f"unrecognized arguments: {' '.join(rest)}{read_by.advice(rest, asked)}")
        return known

    def advice(self, rest: Sequence[str], asked: bool) -> str:
        """What somebody who wrote these words probably meant; `asked`: there are queries among those before."""
        option = next((word for word in rest if word.startswith("--")), rest[0]).partition("=")[0]
        if asked and not option.startswith("-"):
            return "; give each query a -q of its own"
        return meant(option, [name for action in self._actions for name in action.option_strings])

    def _check_value(self, action: argparse.Action, value) -> None:
        if action.choices is not None and value not in action.choices:
            known = [str(choice) for choice in action.choices]
            near = meant(str(value), known)
            text = f"invalid choice: {str(value)[:60]!r}" + (near or f" (choose from {', '.join(known)})")
            raise argparse.ArgumentError(action, text)


def meant(word: str, known: Collection[str]) -> str:
    """'; did you mean ...?', or nothing if no known word is near."""
    bare = {each.lstrip("-"): each for each in known}
    near = get_close_matches(word.lstrip("-"), bare, 1)
    return f"; did you mean {bare[near[0]]!r}?" if near else ""
