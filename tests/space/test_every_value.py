"""No value silently does nothing."""

from __future__ import annotations

from compliance.model import Case, OriginKind, Rendering
from compliance.space.cases import whole_space
from compliance.space.factors import Leaf, leaves_of
from compliance.values import put
from tests.project import NEWEST, case, chart, renderer, rendering

LEAVES = leaves_of(chart())

# No example has a Secret of the chart's own for a SQL engine, and RDS takes several keys at once: pairs that differ so.
INLINE = {
    "config": {"datastoreEngine": "postgres"},
    "secretData": {"presharedKey": "k" * 16, "datastoreURI": "postgres://a/b"},
    "networkPolicy": {"enabled": False},
}
RDS = put(chart().examples["production-postgres-podidentity.yaml"], "profile", "development")
ASSOCIATED = put(
    put(RDS, "aws.podIdentity.association", {"enabled": True, "clusterName": "east"}), "config.migrations.mode", "job"
)
ELSEWHERE = put(
    put(RDS, "aws.podIdentity.region", "eu-north-1"), "aws.rds.hostname", "authz.abc.eu-north-1.rds.amazonaws.com"
)
ROLES = put(put(RDS, "aws.podIdentity", {"region": "eu-west-1"}), "networkPolicy.sts.to", [{"podSelector": {}}])
UPGRADE = put(chart().examples["production-postgres.yaml"], "config.migrations.fromVersion", "v1.52.0")
CHECKED = put(UPGRADE, "config.migrations.checkFromVersion", True)
BY_HAND = {
    "networkPolicy.sts.to": (ROLES, put(ROLES, "networkPolicy.sts.to", [{"ipBlock": {"cidr": "10.30.0.0/16"}}])),
    "config.migrations.checkFromVersion": (UPGRADE, CHECKED),
    "config.migrations.fromVersion": (CHECKED, put(CHECKED, "config.migrations.fromVersion", "v1.44.4")),
    "secretData.datastoreURI": (INLINE, put(INLINE, "secretData.datastoreURI", "postgres://a/c")),
    "aws.rds.enabled": (RDS, put(RDS, "aws", {})),
    "aws.podIdentity.association.clusterName": (
        ASSOCIATED,
        put(ASSOCIATED, "aws.podIdentity.association.clusterName", "west"),
    ),
    "aws.podIdentity.roleArn": (
        ASSOCIATED,
        put(ASSOCIATED, "aws.podIdentity.roleArn", "arn:aws:iam::123456789012:role/other"),
    ),
    "aws.podIdentity.region": (RDS, ELSEWHERE),
    "aws.rds.hostname": (RDS, ELSEWHERE),
    "aws.rds.sslMode": (RDS, put(put(RDS, "aws.rds.sslMode", "require"), "config.tls.datastore", {})),
}


def test_every_value_changes_what_is_rendered() -> None:
    """Some example with the key changed, and what must follow it, renders something else; or some covering row does.

    The profile only refuses.
    """
    cases = {found.id: found for found in whole_space(chart(), ["development"], [NEWEST], 0, 1).cases}
    digests = {id_: outcome.digest for id_ in cases if isinstance(outcome := renderer().render(cases[id_]), Rendering)}
    live = {c.origin.key for c in cases.values() if digests.get(c.id, "") not in ("", digests.get(c.origin.base))}
    live |= {key for key, (one, other) in BY_HAND.items() if rendering(one).digest != rendering(other).digest}
    varied = {leaf.path for leaf in LEAVES if leaf.is_varied}
    rows = [found for found in cases.values() if found.origin.kind is OriginKind.COVERING]
    dead = [leaf for leaf in LEAVES if leaf.path in varied - live]
    live |= {leaf.path for leaf in dead if any(_is_live_in(leaf, row, digests[row.id]) for row in rows)}
    only_refused = {"profile", "aws.rds.tokenRefresh.initContainer", "aws.rds.tokenRefresh.sidecar"}
    assert varied - live == only_refused


def _is_live_in(leaf: Leaf, row: Case, digest: str) -> bool:
    """Whether another level of the leaf is accepted in this row and renders something else."""
    others = (case(put(row.values, leaf.path, level)) for level in leaf.levels)
    outcomes = (renderer().render(other) for other in others if other.id != row.id)
    return any(isinstance(outcome, Rendering) and outcome.digest != digest for outcome in outcomes)
