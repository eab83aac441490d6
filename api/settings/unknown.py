"""Which environment variables look like settings, but are none?"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches

from api.settings.setting import PREFIX, Setting


def unknown_variables(environment: Mapping[str, str], settings: Iterable[Setting]) -> Iterator[str]:
    """Name each variable that has the prefix but sets nothing, in a sentence, with the nearest one that does."""
    by_name = {setting.name: setting for setting in settings}
    known = {variable for setting in by_name.values() for variable in setting.variables}
    for variable in sorted(environment):
        if variable.startswith(PREFIX) and variable not in known:
            yield f"{variable} is not a setting; {_advice(variable.upper(), by_name)}"


def _advice(variable: str, by_name: Mapping[str, Setting]) -> str:
    name, is_file = variable.removeprefix(PREFIX).removesuffix("_FILE"), variable.endswith("_FILE")
    for near in get_close_matches(name, by_name, n=1):
        return f"did you mean {by_name[near].variables[-1 if is_file else 0]}?"
    return "docs/settings.md lists them."
