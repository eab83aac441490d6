"""Makes what is generated of the Python client: `generate.py FOLDER` writes into a copy of `pingxuan_client` there.

The operations' types come from ariadne-codegen and schema.graphql. What it makes is changed in three places: an enum takes a
value that it does not know, and an interface a type that it does not know, as the schema may get both; and the texts of
operations stand in one file, so that a synchronous client can be made of the asynchronous one, word by word.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import dedent

HERE = Path(__file__).parent
TOOLS = Path(sys.executable).parent
BY_HAND = ("sign_in", "sign_out", "cast_ballot", "ranking", "turnout")  # methods that client.py has
NOT_NEEDED = ("async_base_client.py", "exceptions.py", "client.py", "__init__.py")
SYNCHRONOUS = (
    (r"\basync (def|with|for)\b", r"\1"),
    (r"\bawait ", ""),
    (r"\bfrom asyncio import sleep\b", "from time import sleep"),
    (r"\bwebsockets\.asyncio\b", "websockets.sync"),
    (r"\b_async\b", "_sync"),
    (r"\basync_operations\b", "sync_operations"),
    (r"\bAsync(?=[A-Z])", ""),
    (r"\b__a(enter|exit)__\b", r"__\1__"),
    (r"\b__a(iter|next)__\b", r"__\1__"),
    (r"\bStopAsyncIteration\b", "StopIteration"),
    (r"\baclose\b", "close"),
    (
        r"\bThe asynchronous client\. .*\n?",
        'The synchronous client, made by `generate.py` of the asynchronous one."""\n',
    ),
)
OPEN_ENUM = '''
class OpenEnum(StrEnum):
    """An enum to which values may be added: one that is not known here is a member without a constant."""

    @classmethod
    def _missing_(cls, value: object) -> "OpenEnum":
        member = str.__new__(cls, value)
        member._name_ = member._value_ = str(value)
        return member
'''


def synchronous(text: str) -> str:
    for asynchronous, instead in SYNCHRONOUS:
        text = re.sub(asynchronous, instead, text)
    return text


def opened(text: str) -> str:
    """Models and enums that take what the schema gets later."""
    text = re.sub(r"typename__: Literal\[\s*\"\w+\",\s[^\]]*\]", "typename__: str", text)
    text = re.sub(
        r"Annotated\[\s*Union\[\s*(\"\w+\"),\s*((?:\"\w+\",?\s*)+)\],\s*Field\(discriminator=\"typename__\"\),?\s*\]",
        lambda union: (
            f'Annotated[Union[{union[2].strip().rstrip(",")}, {union[1]}], Field(union_mode="left_to_right")]'
        ),
        text,
    )
    if "(str, Enum)" in text:
        text = text.replace("(str, Enum)", "(OpenEnum)").replace("import Enum\n", f"import StrEnum\n\n{OPEN_ENUM}\n", 1)
    return text


def operations(client: str) -> tuple[str, str]:
    """The texts of operations, and the methods that ask them."""
    texts: dict[str, str] = {}
    methods = []
    for method in re.split(r"(?=^    async def )", client, flags=re.MULTILINE)[1:]:
        [(name, text)] = re.findall(r"async def (\w+)\(.*?gql\(\"\"\"(.*?)\"\"\"\)", method, re.DOTALL)
        texts[name] = dedent(text).strip()
        if name not in BY_HAND:
            methods.append(plainly(method, name))
    documents = "".join(f'\n{name.upper()} = """\n{text}\n"""\n' for name, text in texts.items())
    head = client.partition("\n\ndef gql")[0].replace("from .async_base_client import AsyncBaseClient\n", "")
    imports = "from . import documents\nfrom pingxuan_client._async.http import AsyncHttp\n"
    body = f'class AsyncOperations(AsyncHttp):\n    """One method for each query."""\n\n{"".join(methods)}'
    return '"""The texts of the operations."""\n' + documents, f"{head}\n{imports}\n\n{body}"


def plainly(method: str, name: str) -> str:
    """A method as ariadne-codegen has made it, which asks by the name of a text."""
    method = re.sub(r"\s*query = gql\(\"\"\".*?\"\"\"\)", "", method, flags=re.DOTALL)
    method = re.sub(r",?\s*\*\*kwargs: Any,?", "", method)
    return re.sub(
        r"response = await self\.execute\(.*?\)\n\s*data = self\.get_data\(response\)",
        f"data = await self.execute(documents.{name.upper()}, variables)",
        method,
        flags=re.DOTALL,
    )


def generate(package: Path) -> None:
    """Write into the package what is generated of it."""
    made = package / "operations"
    with TemporaryDirectory(dir=HERE) as name:
        settings = (HERE / "ariadne.toml").read_text("utf-8")
        folder = Path(name)
        (folder / "ariadne.toml").write_text(settings.replace('"../', f'"{HERE}/../'), "utf-8")
        (folder / "generated").mkdir()
        subprocess.run(
            [TOOLS / "ariadne-codegen", "--config", "ariadne.toml"], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(folder / "generated" / "operations", made)
    documents, asynchronous = operations((made / "client.py").read_text("utf-8"))
    for name in NOT_NEEDED:
        (made / name).unlink()
    for file in made.glob("*.py"):
        file.write_text(opened(file.read_text("utf-8")), "utf-8")
    (made / "__init__.py").write_text(
        '"""What operations give and take, made of schema.graphql by `generate.py`."""\n', "utf-8"
    )
    (made / "documents.py").write_text(documents, "utf-8")
    (made / "async_operations.py").write_text(asynchronous, "utf-8")
    (made / "sync_operations.py").write_text(synchronous(asynchronous), "utf-8")
    mirrored = package / "_sync"
    shutil.rmtree(mirrored, ignore_errors=True)
    mirrored.mkdir()
    for file in (package / "_async").glob("*.py"):
        (mirrored / file.name).write_text(synchronous(file.read_text("utf-8")), "utf-8")
    options = ["--quiet", "--isolated", "--target-version=py311", "--line-length=120", made, mirrored]
    subprocess.run([TOOLS / "ruff", "check", "--fix", "--select=I,F401,UP", *options], check=True)
    subprocess.run([TOOLS / "ruff", "format", *options], check=True)


generate(Path(sys.argv[1]) / "pingxuan_client")
