"""Make a campaign of the domain of a shape that has no mistakes."""

from collections.abc import Mapping, Sequence
from typing import Any

from api.domain.campaigns.calendar import Window
from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Award, ChoiceRange, Source
from api.domain.campaigns.projects import District, Figure, Image, Link, Project, Theme
from api.domain.texts import LocalizedText, localized
from api.domain.voting.quota import Quota
from api.formats.campaign.project_shapes import FigureShape, ImageShape, ProjectShape
from api.formats.campaign.review_shapes import criterion, panel_terms
from api.formats.campaign.rule_shapes import RulesShape, further_rules
from api.formats.campaign.shapes import AwardShape, CampaignShape, DistrictShape, SourceShape
from api.formats.campaign.stage_shapes import stage_of


class CampaignMaker:
    """Makes the values of one campaign. shared: the gazetteer, for a campaign without districts of its own."""

    def __init__(self, shape: CampaignShape, shared: Mapping[str, District]) -> None:
        self._shape = shape
        self._themes = {
            theme.code: Theme(theme.code, self._text(theme.name), self._optional(theme.description))
            for theme in shape.themes
        }
        self._own = {
            district.code: District(district.code, self._text(district.name), shape.slug)
            for district in shape.own_districts
        }
        self._districts = self._own or shared

    def campaign(self) -> Campaign:
        """Make the campaign, presented to everybody; its projects have positions in the order of their numbers."""
        shape, rules = self._shape, self._shape.rules
        choices, quota = choices_and_quota(rules)
        return Campaign(
            slug=shape.slug,
            title=self._text(shape.title),
            edition=shape.edition,
            organizer=self._text(shape.organizer),
            time_zone=shape.time_zone,
            window=Window(shape.voting_window.opens_at, shape.voting_window.closes_at),
            published_at=shape.published_at,
            choices=choices,
            quota=quota,
            visibility=shape.results_visibility,
            source=_source(shape.source) if shape.source else None,
            projects=self._projects(),
            languages=tuple(shape.languages),
            candidate_term=self._optional(shape.candidate_term),
            cover=self._image(shape.cover) if shape.cover else None,
            themes=tuple(self._themes.values()),
            own_districts=tuple(self._own.values()),
            currency=shape.currency,
            rules=tuple(further_rules(rules, shape.languages)),
            results_at=shape.results_at,
            results_step=shape.results_step,
            project_order=shape.project_order,
            **self._selection(),
        )

    def _selection(self) -> dict[str, Any]:
        """What its projects are chosen by."""
        shape, languages = self._shape, self._shape.languages
        return {
            "stages": tuple(stage_of(stage, languages) for stage in shape.stages),
            "criteria": tuple(criterion(each, languages) for each in shape.criteria),
            "awards": tuple(map(self._award, shape.awards)),
            "panel": panel_terms(shape.panel) if shape.panel else None,
            "lot_digest": shape.lot_digest,
        }

    def _projects(self) -> tuple[Project, ...]:
        ordered = sorted(self._shape.projects, key=lambda project: project.number)
        return tuple(self._project(position, project) for position, project in enumerate(ordered, 1))

    def _project(self, position: int, shape: ProjectShape) -> Project:
        return Project(
            campaign=self._shape.slug,
            number=shape.number,
            position=position,
            title=self._text(shape.title),
            summary=self._optional(shape.summary),
            organization=self._optional(shape.organization),
            level=shape.level,
            district=self._districts[shape.district] if shape.district else None,
            themes=tuple(self._themes[code] for code in shape.themes),
            start_year=shape.start_year,
            figures=tuple(map(self._figure, shape.figures)),
            outcome=shape.outcome,
            code=shape.code,
            description=self._optional(shape.description),
            images=tuple(map(self._image, shape.images)),
            links=tuple(Link(self._text(link.title), link.url) for link in shape.links),
            cost=shape.cost,
            award=shape.award,
        )

    def _award(self, shape: AwardShape) -> Award:
        return Award(shape.code, self._text(shape.name), shape.seats, shape.threshold)

    def _figure(self, shape: FigureShape) -> Figure:
        return Figure(self._text(shape.label), shape.value, self._optional(shape.unit), shape.year, shape.value_en)

    def _image(self, shape: ImageShape) -> Image:
        return Image(shape.url, shape.width, shape.height, self._text(shape.alternative))

    def _text(self, translations: Mapping[str, str]) -> LocalizedText:
        return localized(translations, languages=self._shape.languages)

    def _optional(self, translations: Mapping[str, str] | None) -> LocalizedText | None:
        return None if translations is None else self._text(translations)


def shared_districts(shapes: Sequence[DistrictShape], languages: Sequence[str]) -> dict[str, District]:
    """Make the districts of a gazetteer, by code."""
    return {shape.code: District(shape.code, localized(shape.name, languages=languages)) for shape in shapes}


def choices_and_quota(shape: RulesShape) -> tuple[ChoiceRange, Quota]:
    """Return how many projects a ballot names, and how many ballots a voter has; a vote is a ballot of one project."""
    if shape.votes:
        return ChoiceRange(1, 1), Quota(shape.votes.limit, shape.votes.period)
    if shape.choices is None or shape.quota is None:
        raise ValueError("rules without choices and quota are a mistake that has been found before")
    return (
        ChoiceRange(shape.choices.minimum, shape.choices.maximum),
        Quota(shape.quota.limit, shape.quota.period, shape.quota.per_channel),
    )


def _source(shape: SourceShape) -> Source:
    return Source(shape.publisher, shape.published, shape.url)
