"""Pages that are made of modules: which of them a page needs at first, and its HTML with these loaded ahead."""

import posixpath
import re

from api.pages.assets import Assets

IMPORT = re.compile(r'^(?:import|export)\b[^;]*?\bfrom "(\.[^"]+)"|^import "(\.[^"]+)"', re.MULTILINE)


def html_of(assets: Assets, folder: str) -> str:
    """The index.html of a folder, with the modules that its main.js needs at first loaded ahead."""
    modules = sorted(needed_modules(assets, f"{folder}/main.js"))
    preloads = "\n".join(f'    <link rel="modulepreload" href="{assets.prefix}/{name}">' for name in modules)
    html = assets.text(f"{folder}/index.html")
    return html.replace("{{modules}}", preloads.lstrip()).replace("{{assets}}", assets.prefix)


def needed_modules(assets: Assets, first: str) -> set[str]:
    """A module with all that it and they import at once, from whichever folder; not what is imported when it is wanted."""
    found, waiting = set[str](), [first]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            targets = (one or other for one, other in IMPORT.findall(assets.text(module)))
            waiting += [posixpath.normpath(posixpath.join(posixpath.dirname(module), target)) for target in targets]
    return found
