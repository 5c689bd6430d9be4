package lib.credentials_test

import data.lib.credentials
import rego.v1

test_names_that_bear_a_credential if {
	every name in [
		"SPICEDB_GRPC_PRESHARED_KEY",
		"SPICEDB_DATASTORE_CONN_URI",
		"PGPASSWORD",
		"AWS_SECRET_ACCESS_KEY",
		"--grpc-preshared-key",
		"Db_Password",
		"GITHUB_TOKEN",
		"datastore_uri",
	] {
		credentials.named(name)
	}
}

test_names_that_only_speak_about_one if {
	every name in [
		"SPICEDB_GRPC_TLS_KEY_PATH",
		"SPICEDB_MISMATCH_ZED_TOKEN_BEHAVIOR",
		"SPICEDB_DATASTORE_CREDENTIALS_PROVIDER_NAME",
		"AWS_WEB_IDENTITY_TOKEN_FILE",
		"AWS_ACCESS_KEY_ID",
		"checksum/secret",
		"SPICEDB_LOG_LEVEL",
		"SPICEDB_GRPC_MAX_CONN_AGE",
	] {
		not credentials.named(name)
	}
}

test_the_names_of_a_list_that_bear_one if {
	credentials.named_in(["SPICEDB_LOG_LEVEL", "PGPASSWORD", "TOKEN_FILE", "Api_Key"]) == {"PGPASSWORD", "Api_Key"}
}

test_texts_that_hold_a_credential if {
	every text in [
		"postgres://user:hidden@db.example.com/spicedb",
		"host=db password=hidden",
		"user:hidden@tcp(db:3306)/spicedb?parseTime=true",
		"--datastore-conn-uri=user:hid@den@tcp(db:3306)/spicedb",
		"api_key: 'hidden'",
		"-----BEGIN RSA PRIVATE KEY-----",
		"AKIAABCDEFGHIJKLMNOP",
		"ghp_abcdefghijklmnopqrstuvwxyz0123456789",
		"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig",
	] {
		credentials.found(text)
	}
}

test_texts_that_hold_none if {
	every text in [
		"postgres://user@db.example.com/spicedb",
		"postgres://user:$(PASSWORD)@db.example.com/spicedb",
		"password=$(PASSWORD)",
		"user@tcp(db:3306)/spicedb?parseTime=true",
		"user:$(PASSWORD)@tcp(db:3306)/spicedb?parseTime=true",
		"kubernetes:///spicedb-headless.authz:dispatch",
		"/etc/spicedb/tls/grpc/tls.key",
		"-----BEGIN CERTIFICATE-----",
		"info",
		"",
	] {
		not credentials.found(text)
	}
}

test_names_that_say_where_something_is if {
	every name in ["SPICEDB_DATASTORE_CONN_URI", "DATABASE_URL", "--datastore-conn-uri"] {
		credentials.locates(name)
	}
	every name in ["DATABASE_URL_PASSWORD", "PGPASSWORD", "SPICEDB_LOG_LEVEL"] {
		not credentials.locates(name)
	}
}

test_a_quick_look_misses_nothing if {
	credentials.hinted("--grpc-preshared-key hidden")
	credentials.hinted("serve\npostgres://user:hidden@db/spicedb")
	not credentials.hinted("serve --http-enabled")
}

test_a_mask_tells_the_length_and_no_more if {
	credentials.mask("hidden") == "******** (6 characters)"
	credentials.mask(["hidden"]) == "********"
	credentials.safe("postgres://user:hidden@db/spicedb") == "******** (33 characters)"
	credentials.safe("/etc/tls.crt") == "/etc/tls.crt"
	credentials.safe("two words") == "two words"
	credentials.safe(null) == null
}
