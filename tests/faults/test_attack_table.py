"""The attack table names tests that exist, each by its file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

FAULTS = Path(__file__).parent
PAGE = FAULTS.parents[1] / "docs" / "security.md"


def named() -> list[tuple[str, str]]:
    """The file and name of every test in the table; a name without a file belongs to the file before it."""
    found, file = [], ""
    for line in PAGE.read_text().splitlines():
        for given, test in re.findall(r"`(test_\w+\.py)?::(test_\w+)`", line):
            file = given or file
            found.append((file, test))
    return found


def test_the_table_is_read():
    assert len(named()) > 25


@pytest.mark.parametrize("file, test", named(), ids=lambda x: x)
def test_a_test_of_the_table_exists(file, test):
    tree = ast.parse((FAULTS / file).read_text())
    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
