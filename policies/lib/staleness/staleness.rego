# METADATA
# title: How old an answer may be
# description: >-
#   The age of the revision that SpiceDB answers from where the caller asks for no newer one: the quantization interval and its
#   share of staleness, and the delay of follower reads. The delay's default counts with CockroachDB alone.
package lib.staleness

import data.lib.settings
import data.lib.spicedb
import rego.v1

# Rounded to a tenth, null where a part is not visible.
seconds(server) := round(((interval * (1 + share)) + delay) * 10) / 10 if {
	interval := settings.seconds(server, _interval)
	share := settings.number(server, _share)
	delay := _delay_of(server)
	not null in [interval, share, delay]
} else := null

names := [_interval, _share, _delay]

_delay_of(server) := 0 if {
	not server.settings[_delay]
	spicedb.value(server, "SPICEDB_DATASTORE_ENGINE") != "cockroachdb"
} else := settings.seconds(server, _delay)

_interval := "SPICEDB_DATASTORE_REVISION_QUANTIZATION_INTERVAL"

_share := "SPICEDB_DATASTORE_REVISION_QUANTIZATION_MAX_STALENESS_PERCENT"

_delay := "SPICEDB_DATASTORE_FOLLOWER_READ_DELAY_DURATION"
