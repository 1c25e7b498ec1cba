"""The documentation site: the pages of this folder, README, card, changelog, and references that the code writes.

`make docs` builds it into build/docs. It needs no internet, and a warning is an error.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tools" / "docs")]

from references import commands_page, interfaces_page  # noqa: E402

from part_perception import __version__  # noqa: E402

project, author, release = "part_perception", "part_perception maintainers", __version__
copyright = "part_perception maintainers, Apache-2.0"
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["README.md"]  # the index of the folder on a code host; index.md is that of the site
html_theme, html_title = "furo", "part_perception"
html_static_path: list[str] = []
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_mock_imports = ["rclpy", "torch"]
suppress_warnings = ["misc.highlighting_failure"]

WRITTEN = ROOT / "docs" / "written"  # pages that are made of other files at every build; git ignores them
OUTSIDE = {  # files outside of this folder that are pages of the site
    "README.md": "readme.md",
    "models/MODEL_CARD.md": "model_card.md",
    "CONTRIBUTING.md": "contributing.md",
}


def write_pages() -> None:
    """Bring what lies outside of this folder, and what the code says of itself, into it as pages."""
    WRITTEN.mkdir(exist_ok=True)
    pages = {
        page: moved_links((ROOT / file).read_text(), Path(file).parent) for file, page in OUTSIDE.items()
    }
    pages |= {"commands.md": commands_page(), "interfaces.md": interfaces_page(ROOT)}
    pages["changelog.rst"] = (ROOT / "CHANGELOG.rst").read_text()
    for name, text in pages.items():
        page = WRITTEN / name
        if not page.exists() or page.read_text() != text:
            page.write_text(text)


def moved_links(text: str, folder: Path) -> str:
    """The text with its links as they lead from docs/written: to pages of the site, or plain text for other files."""

    def moved(match: re.Match) -> str:
        label, target = match.groups()
        if "://" in target or target.startswith("#"):
            return match.group()
        path, _, anchor = target.partition("#")
        known = (ROOT / folder / path).resolve().relative_to(ROOT).as_posix()
        anchor = f"#{anchor}" if anchor else ""
        if known == "docs/README.md":
            known = "docs/index.md"
        if known in OUTSIDE:
            return f"[{label}]({OUTSIDE[known]}{anchor})"
        if known.startswith("docs/"):
            return f"[{label}](../{known.removeprefix('docs/')}{anchor})"
        return f"`{known}`"

    return re.sub(r"\[([^\]\[]*)\]\(([^)\s]+)\)", moved, text)


def links_to_pages(app, name: str, source: list[str]) -> None:
    """Links of this folder's pages to files outside of it lead to those as pages of the site."""
    for file, page in OUTSIDE.items() if not name.startswith("written/") else ():
        source[0] = source[0].replace(f"(../{file}", f"(written/{page}")


def setup(app) -> None:
    write_pages()
    app.connect("source-read", links_to_pages)
