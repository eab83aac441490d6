"""What organizers send of a campaign and of projects, joined with what is stored, and read by the rules of campaign files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.frozen_selection import with_announced
from api.domain.campaigns.problems import ActFailed, ErrorPolicy, FormError, Problem, ProblemCode
from api.domain.campaigns.projects import District, Project
from api.domain.campaigns.states import CampaignState
from api.ports import CampaignForms

Tree = Mapping[str, Any]
Districts = Mapping[str, District]


@dataclass(frozen=True, slots=True)
class ProjectsPut:
    """A campaign with projects that were put into it: their numbers, and why others were not."""

    campaign: Campaign
    numbers: tuple[int, ...]
    problems: tuple[Problem, ...]


def read_or_refuse(
    forms: CampaignForms, tree: Tree, districts: Districts, *, draft: bool, announced: bool = False
) -> Campaign:
    """Make the campaign of a tree. Raises ActFailed with every mistake."""
    made = forms.read(tree, districts, draft=draft, announced=announced)
    if isinstance(made, Campaign):
        return made
    raise ActFailed([input_problem(error) for error in made])


@dataclass(frozen=True, slots=True)
class StoredForm:
    """A campaign as it is stored, and as the tree that it could be made from, with the districts there are."""

    campaign: Campaign
    tree: Tree
    districts: Districts


def amended(forms: CampaignForms, stored: StoredForm, amendment: Tree) -> tuple[Campaign, Tree]:
    """The campaign with other values of some keys, and its tree; those that are None are removed. Raises ActFailed."""
    before = stored.campaign
    tree = {name: value for name, value in {**stored.tree, **amendment}.items() if value is not None}
    draft, announced = before.state is CampaignState.DRAFT, bool(before.announcements)
    made = read_or_refuse(forms, tree, stored.districts, draft=draft, announced=announced)
    return with_life(before, made), tree


def projects_put(forms: CampaignForms, form: StoredForm, trees: Sequence[Tree], policy: ErrorPolicy) -> ProjectsPut:
    """The campaign with these projects in place of those that have their numbers. Raises ActFailed."""
    before, stored, districts = form.campaign, form.tree, form.districts
    read = partial(forms.read, draft=before.state is CampaignState.DRAFT, announced=bool(before.announcements))
    places: list[int] = list(range(len(trees)))
    problems: list[Problem] = []
    while True:
        sent = [trees[place] for place in places]
        numbers = {tree["number"] for tree in sent}
        others = [tree for tree in stored["projects"] if tree["number"] not in numbers]
        made = read({**stored, "projects": [*sent, *others]}, districts)
        if not isinstance(made, Campaign) and any((_project_index(error) or 0) >= len(sent) for error in made):
            # What a project has in common with a stored one is told at the later of the two: at that which was sent.
            turned = read({**stored, "projects": [*others, *sent]}, districts)
            made = turned if isinstance(turned, Campaign) else tuple(_turned(e, len(others), len(sent)) for e in turned)
        if isinstance(made, Campaign):
            return ProjectsPut(with_life(before, made), tuple(tree["number"] for tree in sent), tuple(problems))
        wrong = {index for error in made if (index := _project_index(error)) is not None and index < len(sent)}
        problems += [_project_problem(error, places) for error in made]
        if policy is ErrorPolicy.ALL_OR_NOTHING or not wrong or len(made) > len(_of(made, wrong)):
            raise ActFailed(problems)
        places = [place for index, place in enumerate(places) if index not in wrong]


def with_life(before: Campaign, made: Campaign) -> Campaign:
    """A campaign as it was read, with what happened to it while it was stored: none of that is in a file."""
    keeps_positions = before.by_number.keys() == made.by_number.keys()
    made = with_announced(before, made)
    return replace(
        made,
        projects=tuple(_with_standing(before, project, keeps_position=keeps_positions) for project in made.projects),
        state=before.state,
        pauses=before.pauses,
        extensions=before.extensions,
        voided_votes=before.voided_votes,
        announcements=before.announcements,
        selections=before.selections,
        revision=before.revision,
        voter_salt=before.voter_salt,
    )


def _with_standing(before: Campaign, project: Project, *, keeps_position: bool) -> Project:
    known = before.by_number.get(project.number)
    if known is None:
        return project
    return replace(
        project,
        position=known.position if keeps_position else project.position,
        standing=known.standing,
        standing_reason=known.standing_reason,
        standing_since=known.standing_since,
        replacement=known.replacement,
    )


def input_problem(error: FormError) -> Problem:
    """A mistake in the argument `input`; or in a stored project, which what was sent no longer fits."""
    path = error.path if error.path[:1] == ("projects",) else ("input", *error.path)
    return Problem(ProblemCode.INVALID_INPUT, error.message, path)


def _project_problem(error: FormError, places: Sequence[int]) -> Problem:
    """A mistake in the argument `projects`, with the place that the project had there."""
    index = _project_index(error)
    if index is None or index >= len(places):
        return input_problem(error)
    path = ("projects", str(places[index]), *error.path[2:])
    return Problem(ProblemCode.INVALID_INPUT, error.message, path)


def _project_index(error: FormError) -> int | None:
    """Which of the projects a mistake is in."""
    match error.place:
        case ("projects", int(index), *_):
            return index
    return None


def _turned(error: FormError, stored: int, sent: int) -> FormError:
    """A mistake in the stored projects and those that were sent, with its place where the latter come first."""
    index = _project_index(error)
    if index is None:
        return error
    place = index - stored if index >= stored else index + sent
    return replace(error, place=("projects", place, *error.place[2:]), path=("projects", str(place), *error.path[2:]))


def _of(errors: Sequence[FormError], indexes: set[int]) -> list[FormError]:
    return [error for error in errors if _project_index(error) in indexes]
