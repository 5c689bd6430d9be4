"""SpiceDB as the published Python client sees it: the judge of whether what it answers is right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import grpc
import grpcutil
from authzed.api.v1 import (
    CheckPermissionRequest,
    CheckPermissionResponse,
    Consistency,
    ObjectReference,
    ReadSchemaRequest,
    Relationship,
    RelationshipUpdate,
    SubjectReference,
    WriteRelationshipsRequest,
    WriteSchemaRequest,
)
from authzed.api.v1.permission_service_pb2_grpc import PermissionsServiceStub
from authzed.api.v1.schema_service_pb2_grpc import SchemaServiceStub
from authzed.api.v1.watch_service_pb2_grpc import WatchServiceStub

TIMEOUT = 10.0

SCHEMA = """definition user {}

definition document {
	relation viewer: user
	permission view = viewer
}"""
# As many as `probe load` asks about.
LOAD_SUBJECTS = 50


@dataclass(frozen=True)
class SpiceDB:
    """A connection to SpiceDB; every call is one request with a deadline and is tried once."""

    permissions: PermissionsServiceStub
    schema: SchemaServiceStub
    watch: WatchServiceStub

    def write_schema(self, schema: str = SCHEMA) -> None:
        self.schema.WriteSchema(WriteSchemaRequest(schema=schema), timeout=TIMEOUT)

    def read_schema(self) -> str:
        return str(self.schema.ReadSchema(ReadSchemaRequest(), timeout=TIMEOUT).schema_text)

    def write(self, *relationships: str) -> str:
        """Write relationships such as document:1#viewer@user:1; the revision that has them."""
        updates = [
            RelationshipUpdate(operation=RelationshipUpdate.OPERATION_TOUCH, relationship=_relationship(text))
            for text in relationships
        ]
        answer = self.permissions.WriteRelationships(WriteRelationshipsRequest(updates=updates), timeout=TIMEOUT)
        return str(answer.written_at.token)

    def check(self, question: str) -> bool:
        """Whether it is so, as of now: document:1#view@user:1."""
        asked = _relationship(question)
        request = CheckPermissionRequest(
            resource=asked.resource,
            permission=asked.relation,
            subject=asked.subject,
            consistency=Consistency(fully_consistent=True),
        )
        answer = self.permissions.CheckPermission(request, timeout=TIMEOUT).permissionship
        return bool(answer == CheckPermissionResponse.PERMISSIONSHIP_HAS_PERMISSION)

    def write_load_data(self) -> str:
        """Write what `probe load` asks about; the revision that has it."""
        self.write_schema()
        return self.write(*(f"document:load-{n}#viewer@user:load-{n}" for n in range(LOAD_SUBJECTS)))


@contextmanager
def connected(
    address: str, token: str, authority: str = "", name: str = "", more: Sequence[tuple[str, int]] = ()
) -> Iterator[SpiceDB]:
    """A connection; with an authority over TLS, to a server whose certificate must be valid for `name`.

    `more` are arguments of gRPC's channel.
    """
    options: list[tuple[str, int | str]] = [("grpc.enable_retries", 0), *more]
    if authority:
        credentials = grpcutil.bearer_token_credentials(token, authority.encode())
        options.append(("grpc.ssl_target_name_override", name))
    else:
        credentials = grpcutil.insecure_bearer_token_credentials(token)
    with grpc.secure_channel(address, credentials, options) as channel:
        yield SpiceDB(PermissionsServiceStub(channel), SchemaServiceStub(channel), WatchServiceStub(channel))


def _relationship(text: str) -> Relationship:
    parts = re.fullmatch(r"(\w+):([\w-]+)#(\w+)@(\w+):([\w-]+)(?:#(\w+))?", text)
    if not parts:
        raise ValueError(f"{text!r} is not written as type:id#relation@type:id")
    kind, name, relation, subject_kind, subject, subject_relation = parts.groups(default="")
    return Relationship(
        resource=ObjectReference(object_type=kind, object_id=name),
        relation=relation,
        subject=SubjectReference(
            object=ObjectReference(object_type=subject_kind, object_id=subject), optional_relation=subject_relation
        ),
    )
