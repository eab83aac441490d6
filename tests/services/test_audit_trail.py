"""Does a person appear on record by a name that leads nowhere, another one in every campaign?"""

from dataclasses import replace

from api.domain.audit_trail import TrailKind
from api.domain.errors import ErrorCode
from api.domain.people.identity import Role
from api.services.audit_trail import AuditRecorder
from tests.campaigns import DURING, SLUG, a_campaign
from tests.memory import MemoryTrail

CAMPAIGN = a_campaign()


def audit() -> tuple[AuditRecorder, MemoryTrail]:
    trail = MemoryTrail()
    return AuditRecorder(trail, b"server"), trail


def test_a_person_has_one_name_in_a_campaign_and_another_elsewhere() -> None:
    recorder, trail = audit()
    for campaign in (CAMPAIGN, CAMPAIGN, replace(CAMPAIGN, slug="another"), replace(CAMPAIGN, voter_salt="new")):
        recorder.record_refusal(campaign, "lin", (), DURING)
    recorder.record_denial(None, "lin", "trail", (Role.AUDITOR,), DURING)
    same, again, *others = [entry.actor for entry in trail.noted]
    assert same == again
    assert len({same, *others}) == 4
    assert all(name and "lin" not in name for name in (same, *others))


def test_in_a_forgotten_campaign_nobody_has_a_name() -> None:
    recorder, trail = audit()
    recorder.record_refusal(replace(CAMPAIGN, voter_salt=None), "lin", (), DURING)
    assert (trail.noted[0].campaign, trail.noted[0].actor) == (SLUG, None)


def test_a_failure_to_sign_in_tells_the_provider_and_the_code_alone() -> None:
    recorder, trail = audit()
    recorder.record_failed_sign_in("guest", ErrorCode.BAD_INPUT, DURING)
    [entry] = trail.noted
    assert (entry.kind, entry.actor, entry.campaign) == (TrailKind.SIGN_IN_FAILED, None, None)
    assert entry.details == {"provider": "guest", "code": "BAD_INPUT"}
