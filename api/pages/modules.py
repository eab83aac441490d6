"""Pages that are made of modules: which of them a page needs at first, and its HTML with these loaded ahead or within it."""

import posixpath
import re

from api.pages.assets import Assets

IMPORT = re.compile(r'^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"|^import "(\.[^"]+)"', re.MULTILINE)
IMPORTS = re.compile(r'^import [^;]*? from "\.[^"]+";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?=const |let |class |(?:async )?function )", re.MULTILINE)


def html_of(assets: Assets, folder: str) -> str:
    """The index.html of a folder, with the modules that its main.js needs at first loaded ahead."""
    modules = sorted(needed_modules(assets, f"{folder}/main.js"))
    preloads = "\n".join(f'    <link rel="modulepreload" href="{assets.prefix}/{name}">' for name in modules)
    html = assets.text(f"{folder}/index.html")
    html = html.replace("{{modules}}", preloads.lstrip())
    return html.replace("{{assets}}", assets.prefix).replace("{{root}}", assets.root_path)


def needed_modules(assets: Assets, first: str) -> dict[str, None]:
    """A module with all that it and they import at once, from whichever folder, each after what it imports.

    What is imported when it is wanted is not among them.
    """
    found: dict[str, None] = {}

    def find(module: str, above: tuple[str, ...]) -> None:
        for target in _targets(assets, module):
            if target not in found and target not in above:
                find(target, (*above, target))
        found[module] = None

    find(first, (first,))
    return found


def in_one_file(assets: Assets, first: str) -> str:
    """A module and all that it needs as one script. What they name at the top has to differ."""
    modules = (assets.text(name) for name in needed_modules(assets, first))
    return "\n".join(EXPORT.sub("", IMPORTS.sub("", module)) for module in modules)


def _targets(assets: Assets, module: str) -> list[str]:
    targets = (one or other for one, other in IMPORT.findall(assets.text(module)))
    return [posixpath.normpath(posixpath.join(posixpath.dirname(module), target)) for target in targets]
