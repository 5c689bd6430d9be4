# METADATA
# title: Settings of SpiceDB as numbers
# description: >-
#   What a server takes a setting for: the number or the seconds that are written out, zero where SpiceDB cannot read them, its
#   own default where nothing sets it, and null where a reference does, whose value is not visible. Where a file or envFrom may
#   set it, too, the default counts: rules say so by `surely`.
package lib.settings

import data.lib.quantities
import rego.v1

number(container, name) := to_number(value) if {
	value := container.values[name]
	is_string(value)
	regex.match(`^[0-9]+(\.[0-9]+)?$`, value)
} else := 0 if {
	container.values[name] != null
} else := null if {
	container.settings[name] >= 0
} else := otherwise if {
	otherwise := _defaults[name]
}

seconds(container, name) := length if {
	length := quantities.seconds(container.values[name])
} else := 0 if {
	container.values[name] != null
} else := null if {
	container.settings[name] >= 0
} else := length if {
	length := quantities.seconds(_defaults[name])
}

# What follows a number in a sentence.
surely(container, names) := ", unless a file or envFrom says otherwise" if {
	container.elsewhere
	some name in names
	not container.settings[name]
} else := ""

# SpiceDB's own, as its flags have them since v1.22.
_defaults := {
	"SPICEDB_DATASTORE_CONN_POOL_READ_MAX_OPEN": 20,
	"SPICEDB_DATASTORE_CONN_POOL_READ_MIN_OPEN": 20,
	"SPICEDB_DATASTORE_CONN_POOL_WRITE_MAX_OPEN": 10,
	"SPICEDB_DATASTORE_CONN_POOL_WRITE_MIN_OPEN": 10,
	"SPICEDB_DATASTORE_GC_WINDOW": "24h",
	"SPICEDB_DATASTORE_GC_INTERVAL": "3m",
	"SPICEDB_DATASTORE_REVISION_QUANTIZATION_INTERVAL": "5s",
	"SPICEDB_DATASTORE_REVISION_QUANTIZATION_MAX_STALENESS_PERCENT": 0.1,
	"SPICEDB_DATASTORE_FOLLOWER_READ_DELAY_DURATION": "4.8s",
	"SPICEDB_MIGRATION_TIMEOUT": "1h",
}
