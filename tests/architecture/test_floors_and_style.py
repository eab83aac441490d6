"""Do the habits of the house hold where no other tool looks?"""

import ast
import re
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FILES = sorted((REPOSITORY / "api").rglob("*.py"))
LONGEST_FILE = 250
LONGEST_FUNCTION = 30
CIRCLE = REPOSITORY / "api/schema/campaigns"  # modules whose types refer to each other


def functions(tree: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(REPOSITORY)))
def test_a_file_opens_with_a_sentence_and_stays_short(file: Path) -> None:
    text = file.read_text()
    tree = ast.parse(text)
    assert ast.get_docstring(tree), "its first line says what question it answers"
    assert len(text.splitlines()) <= LONGEST_FILE
    for function in functions(tree):
        assert (function.end_lineno or 0) - function.lineno < LONGEST_FUNCTION, function.name
        imports = [node for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert not imports, f"{function.name} imports inside"


@pytest.mark.parametrize("file", sorted(CIRCLE.glob("*_types.py")), ids=lambda file: file.stem)
def test_modules_that_import_each_other_do_so_whole_so_that_any_can_be_loaded_first(file: Path) -> None:
    nodes = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)]
    assert [
        node.module for node in nodes if re.fullmatch(r"api\.schema\.campaigns\.\w+_types", node.module or "")
    ] == []


@pytest.mark.parametrize("file", [f for f in FILES if {"schema", "resolvers"} & set(f.parts)], ids=lambda f: f.stem)
def test_resolvers_ask_info_for_the_context_alone(file: Path) -> None:
    """It is all that compiled execution gives them (docs/execution.md)."""
    assert set(re.findall(r"\binfo\.(\w+)", file.read_text())) <= {"context"}


def test_the_page_about_the_architecture_shows_the_floors_there_are() -> None:
    contract = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
    page = (REPOSITORY / "docs" / "architecture.md").read_text()
    table = page.partition("|---|---|\n")[2].partition("\n\n")[0]
    shown = [set(re.findall(r"`(\w+)/?`", row.split("|")[1])) for row in table.splitlines()]
    assert shown == [set(floor.split(" | ")) for floor in contract["layers"]]


def test_every_decision_fits_on_a_card() -> None:
    for decision in (REPOSITORY / "docs" / "adr").glob("*.md"):
        assert len(decision.read_text().splitlines()) <= 15, decision.name


@pytest.mark.parametrize("page", [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")], ids=str)
def test_pages_link_to_what_exists(page: Path) -> None:
    for link in page.read_text().split("](")[1:]:
        target, _, place = link.split(")")[0].partition("#")
        if not target.startswith("http"):
            there = page.parent / target if target else page
            assert there.exists(), target
            assert not place or place in places(there), f"{target}#{place}"


def places(page: Path) -> set[str]:
    """The anchors of a page's headings, as they are made of their words."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_front_page_leads_to_every_page() -> None:
    front = REPOSITORY / "docs" / "README.md"
    linked = {link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", front.read_text())}
    assert {page.name for page in front.parent.glob("*.md")} - {front.name} - linked == set()
