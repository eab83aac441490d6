"""Tell what is no mistake in a campaign file, and may still be meant otherwise."""

from collections.abc import Iterator

from api.domain.campaigns.campaign import Campaign
from api.domain.folding import fold
from api.domain.texts import LocalizedText
from api.formats.campaign.findings import quoted

MAX_TITLES = 5  # that are told one by one
MAX_NUMBERS = 10


def warnings_of(campaign: Campaign) -> Iterator[str]:
    """Yield a line for each title that several candidates have: people may share a name, and a row may be there twice."""
    by_title: dict[str, list[int]] = {}
    for project in campaign.projects:
        by_title.setdefault(fold(_own(project.title)), []).append(project.number)
    shared = [numbers for numbers in by_title.values() if len(numbers) > 1]
    for numbers in shared[:MAX_TITLES]:
        title = quoted(_own(campaign.by_number[numbers[0]].title))
        shown = ", ".join(map(str, numbers[:MAX_NUMBERS])) + (", …" if len(numbers) > MAX_NUMBERS else "")
        yield (
            f"{campaign.slug}: numbers {shown} have the title {title}, so that only their numbers, codes and pictures tell "
            "them apart. Remove what is there twice."
        )
    if len(shared) > MAX_TITLES:
        yield f"{campaign.slug}: {len(shared) - MAX_TITLES} more titles are shared."


def _own(title: LocalizedText) -> str:
    """A title in the campaign's own language."""
    return title.translations[0][1]
