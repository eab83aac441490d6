"""Write a campaign of the domain as the tree that it is read from: the inverse of campaigns."""

from api.domain.campaigns.campaign import Campaign
from api.domain.campaigns.parts import Award, Source
from api.domain.campaigns.projects import Figure, Image, Project, ProjectLevel, ProjectOrderField
from api.domain.campaigns.states import ResultsVisibility
from api.formats.campaign.review_shapes import criterion_tree, panel_tree
from api.formats.campaign.rule_shapes import further_tree
from api.formats.campaign.stage_shapes import stage_tree
from api.formats.campaign.tree_values import Tree, decimal, given, translations


def tree_of(campaign: Campaign, viewers: tuple[str, ...] = ()) -> Tree:
    """Return the tree of a campaign. viewers: the pseudonyms on its list of voters, where it has one."""
    window = {"opens_at": campaign.window.opens_at, "closes_at": campaign.window.closes_at}
    return given(
        {
            "slug": campaign.slug,
            "edition": campaign.edition,
            "time_zone": campaign.time_zone,
            "languages": list(campaign.languages),
            "candidate_term": translations(campaign.candidate_term),
            "title": translations(campaign.title),
            "organizer": translations(campaign.organizer),
            "currency": campaign.currency,
            "cover": _image(campaign.cover) if campaign.cover else None,
            "published_at": campaign.published_at,
            "voting_window": window,
            "rules": _rules(campaign, viewers),
            "source": _source(campaign.source) if campaign.source else None,
            "lot_digest": campaign.lot_digest,
            "panel": panel_tree(campaign.panel) if campaign.panel else None,
            "stages": list(map(stage_tree, campaign.stages)),
            **_results(campaign),
            **_parts(campaign),
            "projects": [project_tree(project) for project in campaign.projects],
        }
    )


def _results(campaign: Campaign) -> Tree:
    is_live = campaign.visibility in (ResultsVisibility.LIVE, ResultsVisibility.AFTER_CASTING)
    by_number = campaign.project_order is ProjectOrderField.NUMBER
    return {
        "results_visibility": campaign.visibility.name,
        "results_at": f"{campaign.results_at:%H:%M}" if campaign.results_at else None,
        "results_step": campaign.results_step.name if is_live else None,
        "project_order": None if by_number else campaign.project_order.name,
    }


def _parts(campaign: Campaign) -> Tree:
    """What projects and experts refer to by codes."""
    themes = [
        given({"code": theme.code, "name": translations(theme.name), "description": translations(theme.description)})
        for theme in campaign.themes
    ]
    return {
        "themes": themes,
        "own_districts": [{"code": each.code, "name": translations(each.name)} for each in campaign.own_districts],
        "awards": list(map(_award, campaign.awards)),
        "criteria": list(map(criterion_tree, campaign.criteria)),
    }


def _award(award: Award) -> Tree:
    words = {"code": award.code, "name": translations(award.name)}
    return given({**words, "seats": award.seats, "threshold": decimal(award.threshold)})


def project_tree(project: Project) -> Tree:
    """Return the tree of one project."""
    return given(
        {
            "number": project.number,
            "code": project.code,
            "title": translations(project.title),
            "summary": translations(project.summary),
            "description": translations(project.description),
            "organization": translations(project.organization),
            "level": None if project.level is ProjectLevel.UNSTATED else project.level.name,
            "district": project.district.code if project.district else None,
            "themes": [theme.code for theme in project.themes],
            "start_year": project.start_year,
            "figures": [_figure(figure) for figure in project.figures],
            "images": [_image(image) for image in project.images],
            "links": [{"title": translations(link.title), "url": link.url} for link in project.links],
            "cost": decimal(project.cost),
            "outcome": project.outcome.name,
            "award": project.award,
        }
    )


def _rules(campaign: Campaign, viewers: tuple[str, ...]) -> Tree:
    further, quota = further_tree(campaign.rules, viewers), campaign.quota
    if "votes" in further:
        return further
    choices = {"minimum": campaign.choices.minimum, "maximum": campaign.choices.maximum}
    return {
        **further,
        "choices": choices,
        "quota": {"limit": quota.limit, "period": quota.period.name, "per_channel": quota.per_channel},
    }


def _source(source: Source) -> Tree:
    return given({"publisher": source.publisher, "published": source.published, "url": source.url})


def _figure(figure: Figure) -> Tree:
    words = {"label": translations(figure.label), "value": figure.value, "value_en": figure.value_en}
    return given({**words, "unit": translations(figure.unit), "year": figure.year})


def _image(image: Image) -> Tree:
    size = {"width": image.width, "height": image.height}
    return {"url": image.url, **size, "alternative": translations(image.alternative)}
