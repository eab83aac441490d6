"""Which ways of signing in there are. A new one is a module, a line in `providers`, a field of `Credential`."""

from collections.abc import Mapping

from api.identity.guest import Guests
from api.ports import Provider


def providers(*, guests: bool) -> Mapping[str, Provider]:
    """Every provider by its name."""
    return {provider.name: provider for provider in (Guests(admitted=guests),)}
