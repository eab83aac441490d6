"""Who may vote: whoever has certain claims from a sign-in provider, or is on a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal

from api.domain.texts import LocalizedText, Text, joined
from api.domain.voting.rules.base import INPUT, JudgedBallot, Rule, RuledCampaign, Violation, unstopped


@dataclass(frozen=True, slots=True)
class NotEligible(Violation):
    """A ballot of somebody who may not vote. It never holds what the voter's own claims are.

    claims: the names of those required claims that the voter lacks, or has with no value that is accepted. unlisted: whether
    the campaign's list lacks the voter.
    """

    claims: tuple[str, ...]
    unlisted: bool
    described: LocalizedText | None
    code: ClassVar = "NOT_ELIGIBLE"
    rule: ClassVar = "ELIGIBILITY"
    path: ClassVar = INPUT

    @property
    def message(self) -> Text:
        reasons = []
        if self.claims:
            proof = Text(
                "您的登录身份未证明所需的信息（{claims}）",
                "your sign-in does not prove what is required ({claims})",
                claims=joined(self.claims),
            )
            reasons.append(proof)
        if self.unlisted:
            reasons.append(Text("您不在投票人名单上", "you are not on the list of voters"))
        who = Text("", "")
        if self.described is not None:
            who = Text("投票资格：{who}。", " Who may vote: {who}.", who=unstopped(self.described))
        return Text(
            "您不能在本次评选中投票：{reasons}。{who}",
            "You may not vote in this campaign: {reasons}.{who}",
            reasons=joined(reasons, "，且", " and "),
            who=who,
        )

    @classmethod
    def example(cls) -> "NotEligible":
        return cls(("residence",), False, None)


@dataclass(frozen=True, slots=True)
class RequiredClaim:
    """A claim of a voter's sign-in, of which one of these values is required; none: any value."""

    claim: str
    values: tuple[str, ...] = ()

    def is_met_by(self, values: tuple[str, ...]) -> bool:
        """Return whether a voter with these values of it has what is required."""
        return any(value in self.values for value in values) if self.values else bool(values)


@dataclass(frozen=True, slots=True)
class EligibilityRule(Rule):
    """A voter has all these claims and, where `listed`, is on the campaign's list of voters. described: to voters."""

    claims: tuple[RequiredClaim, ...]
    listed: bool
    described: LocalizedText | None = None
    code: Literal["ELIGIBILITY"] = "ELIGIBILITY"

    def description(self, campaign: RuledCampaign) -> Text | LocalizedText:
        """The organizer's own sentence, if there is one."""
        if self.described is not None:
            return self.described
        if not self.claims:
            return Text("仅限名单上的投票人投票。", "Only voters on the campaign's list may vote.")
        names = joined([required.claim for required in self.claims])
        if self.listed:
            return Text(
                "仅限名单上且登录身份证明了{names}的投票人投票。",
                "Only voters on the campaign's list whose sign-in proves {names} may vote.",
                names=names,
            )
        return Text(
            "仅限登录身份证明了{names}的投票人投票。", "Only voters whose sign-in proves {names} may vote.", names=names
        )

    def violations(self, attempt: JudgedBallot) -> Iterator[Violation]:
        """Report what a voter lacks, as far as it is known who votes."""
        has = attempt.claims
        missing = (
            ()
            if has is None
            else tuple(
                required.claim for required in self.claims if not required.is_met_by(has.get(required.claim, ()))
            )
        )
        unlisted = self.listed and attempt.listed is False
        if missing or unlisted:
            yield NotEligible(missing, unlisted, self.described)
