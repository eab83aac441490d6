"""Fields for some roles only: one declaration writes the directive into the schema and enforces it."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import strawberry
from strawberry.schema_directive import Location
from strawberry.utils.str_converters import to_camel_case

from api.context import Info
from api.domain.ids import ExpertId, ProjectId, parse_id, parse_objection_id
from api.domain.people.identity import Role


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="requiresRole",
    description="Only a signed-in viewer with one of these roles may ask for the field. A role given for one campaign opens "
    "it where the argument `campaign` names that campaign, `project` one of its projects, `expert` one of its experts, "
    "`objection` one of the objections in it, or `input` that campaign as the one to add to, and in what is of that "
    "campaign. Everybody else gets an error `FORBIDDEN`.",
)
class RequiresRole:
    """The directive in the schema; `restricted` enforces it."""

    roles: list[Role] = strawberry.directive_field(name="roles")


def restricted(*roles: Role, description: str, of_staff: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Declare a resolver, which takes self and info, as a field for these roles. Others get an error FORBIDDEN.

    of_staff: it shows nothing but what staff has put in, which is the same for all who have the roles.
    """

    def declare(resolver: Callable[..., Any]) -> Any:
        name = to_camel_case(resolver.__name__)

        @wraps(resolver)
        def guarded(self: object, info: Info, **arguments: Any) -> Any:
            slug = _campaign_of(arguments) or _campaign_within(self)
            info.context.viewer.require(roles, name, slug, of_staff=of_staff)
            return resolver(self, info, **arguments)

        return strawberry.field(guarded, description=description, directives=[RequiresRole(roles=list(roles))])

    return declare


def _campaign_of(arguments: Mapping[str, Any]) -> str | None:
    """The slug of the campaign that the arguments are about; None where it is all of them."""
    if "objection" in arguments:
        objection = parse_objection_id(arguments["objection"])
        return None if objection is None else objection.campaign
    for name in ("expert", "project"):
        parsed = parse_id(arguments[name]) if name in arguments else None
        if isinstance(parsed, ProjectId | ExpertId):
            return parsed.campaign
    slug: str | None = arguments.get("campaign") or getattr(arguments.get("input"), "made_for", None)
    return slug


def _campaign_within(parent: object) -> str | None:
    """The slug of the campaign that an object is of, where the field is one of an object's."""
    slug: str | None = getattr(getattr(parent, "stands_in", None), "slug", None)
    return slug
