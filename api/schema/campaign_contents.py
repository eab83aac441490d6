"""What a campaign shows and has gone through: pictures, links, pauses, extensions, and votes that were voided."""

from datetime import datetime
from typing import Annotated, Any

import strawberry

from api.context import Info
from api.domain.campaigns import campaign, parts, projects
from api.domain.images import served_address, sized_address
from api.execution.shared_parts import BY_LANGUAGE
from api.schema.common.texts import own_text

Width = Annotated[
    int | None,
    strawberry.argument(
        description="How many pixels wide it is to be shown, at least: then this is the address of the smallest size of it "
        "that is as wide. Sizes are 320, 640, 960 and the picture itself, which is given for more, too. Left out or null: the "
        "picture itself."
    ),
]


def _served(self: Any, info: Info, width: Width = None) -> str:
    image = self.value
    return served_address(sized_address(image.url, image.width, width), info.context.root_path)


@strawberry.type(description="A picture.")
class Image:
    """Shows domain.campaigns.projects.Image."""

    value: strawberry.Private[projects.Image]
    url: str = strawberry.field(
        resolver=_served,
        description="Where it is: a path on this server. What is at an address never changes. Put several sizes into "
        "`srcset`, and browsers fetch the one that fits.",
        metadata=BY_LANGUAGE,  # where the server is, is the same for all
    )
    width: int = strawberry.field(description="Its width in pixels, so that a page can keep the room for it.")
    height: int = strawberry.field(description="Its height in pixels.")
    alternative: str = own_text(lambda image: image.value.alternative, "What it shows, for whoever does not see it.")

    @classmethod
    def of(cls, image: projects.Image) -> "Image":
        return cls(value=image, width=image.width, height=image.height)


@strawberry.type(description="A page elsewhere.")
class Link:
    """Shows domain.campaigns.projects.Link."""

    value: strawberry.Private[projects.Link]
    title: str = own_text(lambda link: link.value.title, "What is there.")
    url: str = strawberry.field(description="Its address.")

    @classmethod
    def of(cls, link: projects.Link) -> "Link":
        return cls(value=link, url=link.url)


@strawberry.type(description="A time in which voting stood still: `from <= t < until`.")
class Pause:
    """Shows domain.campaigns.campaign.Pause, in the campaign's zone."""

    value: strawberry.Private[parts.Pause]
    from_: datetime = strawberry.field(name="from", description="The first instant at which no ballot was accepted.")
    until: datetime | None = strawberry.field(description="When it ended; null while nobody has said when it will.")
    reason: str = own_text(lambda pause: pause.value.reason, "Why, as the organizer has written it.")

    @classmethod
    def of(cls, pause: parts.Pause, campaign: campaign.Campaign) -> "Pause":
        local = campaign.calendar.local
        return cls(value=pause, from_=local(pause.start), until=None if pause.end is None else local(pause.end))


@strawberry.type(description="That voting closes later than was said before.")
class Extension:
    """Shows domain.campaigns.campaign.Extension, in the campaign's zone."""

    value: strawberry.Private[parts.Extension]
    closes_at: datetime = strawberry.field(description="When voting closes since then.")
    was: datetime = strawberry.field(description="When it was to close before.")
    at: datetime = strawberry.field(description="When it was extended.")
    reason: str = own_text(lambda extension: extension.value.reason, "Why, as the organizer has written it.")

    @classmethod
    def of(cls, extension: parts.Extension, campaign: campaign.Campaign) -> "Extension":
        local = campaign.calendar.local
        return cls(
            value=extension, closes_at=local(extension.closes_at), was=local(extension.was), at=local(extension.at)
        )


@strawberry.type(
    description="That votes for a project were voided: those on ballots cast within some time count nowhere."
)
class VoidedVotes:
    """Shows domain.campaigns.parts.VoidedVotes, in the campaign's zone."""

    value: strawberry.Private[parts.VoidedVotes]
    from_: datetime = strawberry.field(name="from", description="The first instant whose votes are void.")
    until: datetime | None = strawberry.field(
        description="The first instant whose votes count again; null where all later ones are void."
    )
    at: datetime = strawberry.field(description="When they were voided.")
    reason: str = own_text(lambda voided: voided.value.reason, "Why, as the organizer has written it.")

    @classmethod
    def of(cls, voided: parts.VoidedVotes, campaign: campaign.Campaign) -> "VoidedVotes":
        local = campaign.calendar.local
        until = None if voided.end is None else local(voided.end)
        return cls(value=voided, from_=local(voided.start), until=until, at=local(voided.at))
