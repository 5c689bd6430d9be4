"""What is said of a chart that cannot be read."""

from __future__ import annotations

import pytest

from compliance.errors import InputError
from tests.project import tiny_chart


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ('{"type": "object",\n}', "values.schema.json:2: not valid JSON"),
        ("[]", "values.schema.json: must be a JSON object"),
        (
            '{"type": "object", "definitions": {"host": {}, "port": {}, "host": {}}}',
            "values.schema.json: the key 'host' is written twice in one object",
        ),
    ],
)
def test_a_schema_that_can_not_be_read_or_says_a_thing_twice_is_named(schema: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        tiny_chart(values_schema_json=schema)
