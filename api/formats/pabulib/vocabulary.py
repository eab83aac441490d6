"""The words of Pabulib's format: sections, keys, columns, and what it means that they have a value."""

from decimal import Decimal

META, PROJECTS, VOTES = "META", "PROJECTS", "VOTES"
SECTIONS = (META, PROJECTS, VOTES)
OBLIGATORY_KEYS = (
    "description",
    "country",
    "unit",
    "instance",
    "num_projects",
    "num_votes",
    "budget",
    "vote_type",
    "rule",
    "date_begin",
    "date_end",
)
NEVER_EMPTY = ("num_projects", "num_votes", "vote_type", "date_begin", "date_end")
OBLIGATORY_COLUMNS = {PROJECTS: ("project_id", "cost"), VOTES: ("voter_id", "vote")}
APPROVAL = "approval"
OTHER_VOTE_TYPES = ("ordinal", "cumulative", "scoring", "choose-1")
RULES = (
    "greedy",
    "greedy-no-skip",
    "greedy-threshold",
    "greedy-exclusive",
    "greedy-custom",
    "equalshares",
    "equalshares-comparison",
    "equalshares/add1",
    "equalshares/add1-comparison",
    "unknown",
)
UNKNOWN_RULE = "unknown"
METHODS = ("internet", "paper")
SELECTED = ("0", "1", "2", "3")  # not; by the rule; by a further rule; from other money
WITHDRAWN_COST = Decimal(999_999_999)  # of a project that was withdrawn after people could vote for it
NO_CURRENCY = "XXX"  # in ISO 4217: there is none, or it is not known
NO_LANGUAGE = "und"  # in BCP 47: it is not known
NOTHING = ("", "-", "—")  # in a cell that names a place or a person: nobody, nowhere
UNHELD_KEYS = ("min_sum_cost", "min_sum_cost_per_category", "max_sum_cost_per_category")  # which judge ballots
MIN_LENGTH_KEYS = ("min_length", "min_length_unit", "min_length_district")
MAX_LENGTH_KEYS = (
    "max_length",
    "max_length_unit",
    "max_length_district",
)
MIN_PER_CATEGORY, MAX_PER_CATEGORY = "min_length_per_category", "max_length_per_category"
PLACES = ("district", "neighborhood", "subunit")  # columns that say where a project is, the first that does counting
