"""Files in Pabulib's format for tests: of every shape that real ones have, and with every mistake, by a seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random

from api.formats.pabulib.vocabulary import RULES

SECTIONS = ("META", "PROJECTS", "VOTES")
NAMES = (
    "Plac zabaw",
    "Zielony skwer",
    "Ławki nad Łyną",
    "Kino letnie",
    "Ścieżka rowerowa",
    "Biblioteka",
    "公园",
    "Парк",
)
CATEGORIES = ("public space", "education", "sport", "zieleń", "环境", 'so "called"')
DISTRICTS = ("Bałuty", "Górna", "Śródmieście", "北区")

Row = Mapping[str, str]


@dataclass(frozen=True)
class PabulibFile:
    """A file by its sections; each row of projects and votes has the same columns."""

    meta: Row
    projects: Sequence[Row]
    votes: Sequence[Row]
    order: Sequence[str] = SECTIONS
    newline: str = "\n"
    bom: bool = False
    last_newline: bool = True
    cells: int = 0  # of every line at least, as a spreadsheet saves it
    empty_columns: Mapping[str, Sequence[str]] = field(default_factory=dict)  # of sections without a row

    def content(self) -> bytes:
        """Its bytes."""
        lines = (line for name in self.order for line in self._section(name))
        text = self.newline.join(line + ";" * (self.cells - 1 - line.count(";")) for line in lines)
        text += self.newline if self.last_newline else ""
        return (b"\xef\xbb\xbf" if self.bom else b"") + text.encode()

    def _section(self, name: str) -> Iterator[str]:
        yield name
        if name == "META":
            yield "key;value"
            yield from (f"{key};{cell(value)}" for key, value in self.meta.items())
            return
        rows = self.projects if name == "PROJECTS" else self.votes
        columns = list(rows[0]) if rows else list(self.empty_columns.get(name, ("voter_id", "vote")))
        yield ";".join(columns)
        yield from (";".join(cell(row[column]) for column in columns) for row in rows)

    def ballots(self) -> list[tuple[str, tuple[str, ...]]]:
        """The voter and the projects of each ballot, as they are to be read."""
        return [(row["voter_id"], tuple(filter(None, row["vote"].split(",")))) for row in self.votes]

    def with_meta(self, **values: str | None) -> "PabulibFile":
        """The same with other keys; None leaves one out."""
        meta = {**self.meta, **values}
        return replace(self, meta={key: value for key, value in meta.items() if value is not None})

    def with_votes(self, *votes: str, **columns: str) -> "PabulibFile":
        """The same with these ballots besides."""
        rows = [
            {**dict.fromkeys(self.votes[0], ""), "voter_id": f"x{n}", "vote": v, **columns} for n, v in enumerate(votes)
        ]
        return replace(self, votes=[*self.votes, *rows]).counted()

    def with_column(self, name: str, *values: str) -> "PabulibFile":
        """The same with a column of projects, whose values come around again."""
        return replace(self, projects=[{**row, name: values[n % len(values)]} for n, row in enumerate(self.projects)])

    def counted(self) -> "PabulibFile":
        """The same with the counts that it has."""
        return self.with_meta(num_projects=str(len(self.projects)), num_votes=str(len(self.votes)))


def cell(text: str) -> str:
    """A text as a cell, in quotes where it needs them."""
    return '"' + text.replace('"', '""') + '"' if ";" in text or "\n" in text or text.startswith('"') else text


def approval_file(
    seed: int, ballots: int = 40, codes: Sequence[str] | None = None, most: int | None = 4
) -> PabulibFile:
    """An ordinary file that the format's checker finds no error in: some projects fit the budget, by the greedy rule."""
    random = Random(seed)
    codes = codes or [str(number) for number in range(1, 9)]
    costs = {code: 1_000 + 250 * random.randrange(1, 20) for code in codes}
    appeal = {code: random.random() + 0.05 for code in codes}
    longest = min(most or len(codes), len(codes))
    votes = []
    for number in range(1, ballots + 1):
        ranked = sorted(codes, key=lambda code: random.random() ** (1 / appeal[code]), reverse=True)
        length = longest if number == 1 else random.randint(1, longest)
        votes.append({"voter_id": str(number), "vote": ",".join(ranked[:length])})
    counts = {code: sum(code in row["vote"].split(",") for row in votes) for code in codes}
    budget = sum(costs.values()) // 2
    selected, left = {}, budget
    for code in sorted(codes, key=lambda code: -counts[code]):
        selected[code] = int(costs[code] <= left)
        left -= costs[code] * selected[code]
    projects = [
        {
            "project_id": code,
            "cost": str(costs[code]),
            "votes": str(counts[code]),
            "name": f"{NAMES[place % len(NAMES)]} {code}",
            "selected": str(selected[code]),
        }
        for place, code in enumerate(codes)
    ]
    meta = {
        "description": f"Participatory budget of Łódź, {seed}",
        "country": "Poland",
        "unit": "Łódź",
        "subunit": f"Osiedle {seed}",
        "instance": "2023",
        "num_projects": "",
        "num_votes": "",
        "budget": str(budget),
        "vote_type": "approval",
        "rule": "greedy",
        "date_begin": "05.06.2023",
        "date_end": "19.06.2023",
        **({} if most is None else {"max_length": str(most)}),
        "language": "pl",
        "currency": "PLN",
    }
    return PabulibFile(meta, projects, votes).counted()


def right_files(seed: int = 1) -> dict[str, PabulibFile]:
    """A file of each shape, by its name: all of them are taken, and every ballot that keeps the rules counts."""
    plain = approval_file(seed)
    sparse = [str(number) for number in sorted(Random(seed).sample(range(1, 2_783), 12))]
    sparse[-1] = "2782"
    named = approval_file(seed, codes=[f"M/{n:02}/VII" for n in range(1, 8)])
    names = [
        "Park; zabawa",
        'Kino "Bałtyk"',
        '"Bajka"',
        "Dwie\u2028linie",
        "Trzy\u0085znaki",
        "\u000bpion",
        "x" * 260,
        "",
    ]
    unselected = replace(plain, projects=[_without(row, "selected") for row in plain.projects])
    withdrawn = {**plain.projects[0], "cost": "999999999", "selected": "0"}
    return {
        "plain": plain,
        "sparse numbers": approval_file(seed, codes=sparse),
        "codes": named,
        "codes with leading zeros": approval_file(seed, codes=["01", "02", "1", "2", "10"]),
        "codes in any order": approval_file(seed, codes=["7", "3", "11", "2"], most=None),
        "names": plain.with_column("name", *names),
        "a cell of several lines": plain.with_column("description", "Dwie\n\nlinie", "jedna", "META\tdane"),
        "no maximum": approval_file(seed, most=None),
        "a minimum": plain.with_meta(min_length="2"),
        "a budget of the ballot": plain.with_meta(max_sum_cost="9000.50"),
        "categories": plain.with_column(
            "category", "public space,sport", "zieleń", "", "环境", 'so "called"'
        ).with_meta(max_length_per_category="2"),
        "four categories": plain.with_column("category", "a,b,c,d", "A,b"),
        "more categories than themes": plain.with_column("category", ",".join(f"c{n}" for n in range(20)), "A"),
        "target": plain.with_column("target", "youth,seniors", ""),
        "beneficiaries": plain.with_column("beneficiaries", "youth", ""),
        "districts": plain.with_column("district", *DISTRICTS),
        "neighborhoods": plain.with_column("neighborhood", "Stare Polesie", "-", ""),
        "places on the map": plain.with_column("latitude", "51.77", "").with_column("longitude", "19.45", ""),
        "proposers": plain.with_column("proposer", "Jan", "Koło; 2").with_column("public_id", "A-1", "A-2"),
        "selected of every kind": plain.with_column("selected", "0", "1", "2", "3"),
        "nothing selected": plain.with_column("selected", "0"),
        "nothing said of what was selected": unselected,
        "no votes of projects": replace(plain, projects=[_without(row, "votes") for row in plain.projects]),
        "other official votes": plain.with_column("votes", "222", "7"),
        "withdrawn": replace(plain, projects=[withdrawn, *plain.projects[1:]]),
        "withdrawn although selected": replace(plain, projects=[withdrawn | {"selected": "1"}, *plain.projects[1:]]),
        "withdrawn with a budget of the ballot": replace(plain, projects=[withdrawn, *plain.projects[1:]]).with_meta(
            max_sum_cost="9000"
        ),
        "costs with decimals": unselected.with_column("cost", "1000.50", "33333.3333333333", "2000.0").with_meta(
            budget="40000.75"
        ),
        "years": plain.with_meta(date_begin="2023", date_end="2023"),
        "a day and a year": plain.with_meta(date_end="2023"),
        "two years": plain.with_meta(date_begin="2022", date_end="2023"),
        "no language, no currency": plain.with_meta(language=None, currency=None),
        "no such language": plain.with_meta(language="Polish", currency="zł"),
        "another script": plain.with_meta(unit="上海市", subunit="黄浦区", description="参与式预算", country="China"),
        "worldwide": plain.with_meta(country="Worldwide"),
        "keys that nobody knows": plain.with_meta(comment="#1: A comment; with a semicolon.", colour="green"),
        "columns that nobody knows": plain.with_column("colour", "green", ""),
        "channels": replace(
            plain, votes=[{**row, "voting_method": m} for row, m in zip(plain.votes, _methods(), strict=False)]
        ),
        "what is known of voters": replace(
            plain, votes=[{"voter_id": r["voter_id"], "age": "33", **r} for r in plain.votes]
        ),
        "votes first": replace(plain, order=("VOTES", "PROJECTS", "META")),
        "projects first": replace(plain, order=("PROJECTS", "META", "VOTES")),
        "a byte order mark": replace(plain, bom=True),
        "CRLF": replace(plain, newline="\r\n").with_column("name", *names),
        "cells of a spreadsheet": replace(plain, cells=7),
        "no last newline": replace(plain, last_newline=False),
        "a voter called votes": plain.with_votes("1,2", voter_id="votes").with_votes("3", voter_id="META"),
        "repeats": plain.with_votes("1,1", "2,3,2"),
        "unknown projects": plain.with_votes("1,99", "nobody"),
        "empty votes": plain.with_votes("", ""),
        "too long": plain.with_votes("1,2,3,4,5"),
        "a voter twice": plain.with_votes("1", voter_id="1"),
        "voters of any name": plain.with_votes("1", voter_id='Zoë; "Z" \u2028 ' + "x" * 300),
        "blanks in ballots": plain.with_votes("1, 2", " 3,4 "),
        "no ballot at all, and no votes of projects": replace(
            plain, votes=[], projects=[_without(row, "votes") for row in plain.projects]
        ).counted(),
        "no ballot at all": replace(plain.with_column("votes", "0"), votes=[]).counted(),
        **{f"rule {rule}": unselected.with_meta(rule=rule, comment="#1: x") for rule in RULES},
    }


def _methods() -> Iterator[str]:
    while True:
        yield from ("internet", "paper", "")


def _without(row: Row, column: str) -> Row:
    return {name: value for name, value in row.items() if name != column}


@dataclass(frozen=True)
class WrongFile:
    """A file with a mistake: where it is, and words of the remedy in English and Chinese. unsupported: of a kind not taken."""

    content: bytes
    line: int
    column: int
    remedy: str
    remedy_zh: str
    unsupported: bool = False


def wrong_files(seed: int = 1) -> dict[str, WrongFile]:
    """A file with each mistake, by its name."""
    return dict(_wrong(approval_file(seed, ballots=6)))


def _wrong(plain: PabulibFile) -> Iterator[tuple[str, WrongFile]]:
    yield from _wrong_sections(plain)
    yield from _wrong_meta(plain)
    yield from _wrong_projects(plain)
    yield from _wrong_votes(plain)
    yield from _wrong_bytes(plain)


def _wrong_sections(plain: PabulibFile) -> Iterator[tuple[str, WrongFile]]:
    lines = plain.content().decode().splitlines(keepends=True)
    for name in SECTIONS:
        others = tuple(section for section in SECTIONS if section != name)
        content = replace(plain, order=others).content()
        yield f"no {name}", WrongFile(content, content.count(b"\n"), 1, f"Add a line {name}", f"一行{name}")
        at = len(lines) + 1
        yield f"{name} twice", WrongFile(replace(plain, order=(*SECTIONS, name)).content(), at, 1, "Make one", "合并")
        start = lines.index(f"{name}\n")
        end = next((n for n in range(start + 1, len(lines)) if lines[n].strip() in SECTIONS), len(lines))
        told = start + 1 if end == len(lines) else start + 2
        rest = lines[: start + 1] + lines[start + 2 if name == "META" else end :]
        yield f"{name} without a header", WrongFile("".join(rest).encode(), told, 1, "Write a line", "请写一行")
    yield "no file of the kind", WrongFile(b"name,votes\nA,3\n", 1, 1, "META on a line of its own", "META")
    yield "nothing", WrongFile(b"", 1, 1, "META on a line of its own", "META")
    yield "a row before the sections", WrongFile(b"1;2\n" + plain.content(), 1, 1, "META on a line", "META")


def _wrong_meta(plain: PabulibFile) -> Iterator[tuple[str, WrongFile]]:
    keys = list(plain.meta)

    def said(key: str, value: str, remedy: str, remedy_zh: str, *, unsupported: bool = False) -> WrongFile:
        line = keys.index(key) + 3 if key in keys else len(keys) + 3
        return WrongFile(plain.with_meta(**{key: value}).content(), line, len(key) + 2, remedy, remedy_zh, unsupported)

    for key in (
        "description",
        "country",
        "unit",
        "instance",
        "num_projects",
        "num_votes",
        "budget",
        "rule",
        "vote_type",
    ):
        yield (
            f"no {key}",
            WrongFile(plain.with_meta(**{key: None}).content(), 1, 1, f"Add a line {key};", f"添加一行“{key};"),
        )
    for key in ("date_begin", "date_end"):
        yield (
            f"no {key}",
            WrongFile(plain.with_meta(**{key: None}).content(), 1, 1, f"Add a line {key};", f"添加一行“{key};"),
        )
        for value in ("2023-06-05", "31.06.2023", "5.6.2023", "23", "01.01.1066"):
            yield f"{key} {value}", said(key, value, "DD.MM.YYYY", "日.月.年")
    yield "num_projects wrong", said("num_projects", "9", "Write 8", "改为8")
    yield "num_votes wrong", said("num_votes", "5", "Write 6", "改为6")
    yield "num_votes empty", said("num_votes", "", "Write its value", "写明")
    yield "num_votes in words", said("num_votes", "six", "whole number", "整数")
    yield "num_votes grouped", said("num_votes", "1 000", "such as 1000", "如1000")
    yield "budget with a comma", said("budget", "1000,50", "such as 1000.50", "如1000.50")
    yield "budget grouped", said("budget", "1,000,000", "such as 1000000", "如1000000")
    yield "budget below 0", said("budget", "-5", "at least 0", "不小于0")
    yield "max_length of 0", said("max_length", "0", "at least 1", "不小于1")
    yield "max_length with a point", said("max_length", "4.0", "whole number", "整数")
    yield "min_length above max_length", said("min_length", "5", "4 or less", "4或更小")
    yield "ends before it begins", said("date_end", "01.06.2023", "Mend one", "改正")
    yield "no such rule", said("rule", "luck", "greedy-no-skip", "greedy-no-skip")
    yield "no such vote_type", said("vote_type", "approvals", "Write one of approval", "approval")
    for kind in ("ordinal", "cumulative", "scoring", "choose-1"):
        yield (
            f"vote_type {kind}",
            said("vote_type", kind, "vote_type approval", "vote_type为approval", unsupported=True),
        )
    for key in ("min_sum_cost", "min_sum_cost_per_category", "max_sum_cost_per_category"):
        yield f"{key}", said(key, "100", "Remove the line", "删去", unsupported=True)
    twice = plain.content().replace(b"PROJECTS\n", b"unit;Warszawa\nPROJECTS\n")
    yield "a key twice", WrongFile(twice, len(keys) + 3, 1, "Write it once", "只写一次")
    no_key = plain.content().replace(b"PROJECTS\n", b";Warszawa\nPROJECTS\n")
    yield "no key", WrongFile(no_key, len(keys) + 3, 1, "Write it, or remove", "写出键")
    no_value = plain.content().replace(b"PROJECTS\n", b"edition\nPROJECTS\n")
    yield "a key without a value", WrongFile(no_value, len(keys) + 3, 1, "Write 2", "补齐到2个")
    unquoted = plain.content().replace(b"PROJECTS\n", b"comment;#1: a;b\nPROJECTS\n")
    yield "a semicolon without quotes", WrongFile(unquoted, len(keys) + 3, 15, "in quotes", "引号")


def _wrong_projects(plain: PabulibFile) -> Iterator[tuple[str, WrongFile]]:
    first = len(plain.meta) + 5  # the line of the first project

    def said(column: str, value: str, remedy: str, remedy_zh: str) -> WrongFile:
        row = plain.projects[1]
        at = 1 + sum(len(text) + 1 for name, text in list(row.items())[: list(row).index(column)])
        rows = [plain.projects[0], {**row, column: value}, *plain.projects[2:]]
        return WrongFile(replace(plain, projects=rows).content(), first + 1, at, remedy, remedy_zh)

    yield "a project twice", said("project_id", "1", "one row", "一行")
    yield "no project_id", said("project_id", "", "1 to 64 characters", "1至64个")
    yield "a long project_id", said("project_id", "9" * 65, "1 to 64 characters", "1至64个")
    yield "a comma in project_id", said("project_id", "2,5", "no comma", "不含逗号")
    yield "a cost with a comma", said("cost", "1200,5", "such as 1200.5", "如1200.5")
    yield "a cost below 0", said("cost", "-1200", "at least 0", "不小于0")
    yield "a cost in words", said("cost", "much", "such as 1200.50", "如1200.50")
    yield "no cost", said("cost", "", "such as 1200", "如1200")
    yield "votes in words", said("votes", "many", "whole number", "整数")
    yield "selected of 4", said("selected", "4", "0, 1, 2, 3", "0、1、2、3")
    crowded = plain.with_column("category", "a", ",".join(f"c{n}" for n in range(13)), *"bbbbbb")
    content = crowded.with_meta(max_length_per_category="2").content()
    column = content.split(b"\n")[first + 1].decode().index("c0") + 1
    yield "many categories", WrongFile(content, first + 2, column, "at most 12", "最多12个", unsupported=True)
    for column in ("project_id", "cost"):
        rows = [_without(row, column) for row in plain.projects]
        yield (
            f"no column {column}",
            WrongFile(replace(plain, projects=rows).content(), first - 1, 1, "Add it", "添加这一列"),
        )
    lines = plain.content().split(b"\n")
    lines[first] += b";more"
    at = len(lines[first].decode()) - 3
    yield "too many cells of a project", WrongFile(b"\n".join(lines), first + 1, at, "Leave out", "删去多余")
    lines[first] = b"2;500"
    yield "too few cells of a project", WrongFile(b"\n".join(lines), first + 1, 1, "Write 5", "补齐到5个")
    doubled = plain.content().replace(b"votes;name", b"votes;votes")
    yield "a column twice", WrongFile(doubled, first - 1, 23, "Leave one", "删去一列")
    none = replace(plain, projects=[], empty_columns={"PROJECTS": ("project_id", "cost")}).counted()
    yield "no project at all", WrongFile(none.content(), first - 2, 1, "a row for each", "每个项目写一行")
    many = [{**plain.projects[0], "project_id": str(n)} for n in range(1, 5_002)]
    yield (
        "too many projects",
        WrongFile(replace(plain, projects=many).counted().content(), first - 2, 1, "at most 5000", "最多可有5000"),
    )


def _wrong_votes(plain: PabulibFile) -> Iterator[tuple[str, WrongFile]]:
    first = len(plain.meta) + 5 + len(plain.projects) + 2  # the line of the first ballot
    for column in ("voter_id", "vote"):
        rows = [_without(row, column) for row in plain.votes]
        yield (
            f"no column {column}",
            WrongFile(replace(plain, votes=rows).content(), first - 1, 1, "Add it", "添加这一列"),
        )

    def row(text: bytes, column: int, remedy: str, remedy_zh: str, *, methods: bool = False) -> WrongFile:
        file = replace(plain, votes=[{**each, "voting_method": "paper"} for each in plain.votes]) if methods else plain
        lines = file.content().split(b"\n")
        lines[first + 1] = text
        return WrongFile(b"\n".join(lines), first + 2, column, remedy, remedy_zh)

    yield "no voter_id", row(b";1,2", 1, "a voter_id", "写一个voter_id")
    yield "too many cells of a ballot", row(b"3;1,2;internet", 7, "Leave out", "删去多余")
    yield "too few cells of a ballot", row(b"3", 1, "Write 2", "补齐到2个")
    yield "no such voting_method", row(b"3;1;post", 5, "internet or paper", "internet或paper", methods=True)
    yield (
        "no such voting_method in quotes",
        row(b'3;"1,2";"post"', 9, "internet or paper", "internet或paper", methods=True),
    )
    yield "a quote that is not closed", row(b'3;"1,2', 3, "End the cell", "末尾加上")
    yield "a ballot in Latin-1", row("Zoë;1".encode("latin-1"), 3, "as UTF-8", "UTF-8")


def _wrong_bytes(plain: PabulibFile) -> Iterator[tuple[str, WrongFile]]:
    text = plain.content().decode()
    line = text.split("\n").index("unit;Łódź") + 1
    for encoding in ("cp1250", "iso-8859-2"):
        content = text.replace("公", "x").replace("园", "x").replace("Парк", "y").encode(encoding)
        yield f"bytes in {encoding}", WrongFile(content, 3, 37, "as UTF-8", "UTF-8")
    yield "UTF-16", WrongFile(text.encode("utf-16"), 1, 1, "as UTF-8", "UTF-8")
    yield "NUL", WrongFile(text.replace("unit;Ł", "unit;\0Ł").encode(), line, 6, "Remove it", "删去")
    yield "a CR alone", WrongFile(text.replace("unit;Łó", "unit;Ł\ró").encode(), line, 7, "LF or CRLF", "LF或CRLF")
    opened = text.replace("unit;Łódź", 'unit;"Łódź')
    yield "a quote in META that is not closed", WrongFile(opened.encode(), line, 6, "End the cell", "末尾加上")
