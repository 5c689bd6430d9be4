package lib.quantities_test

import data.lib.quantities
import rego.v1

test_quantities_greater_than_zero if {
	every value in ["1", "100m", "0.5", ".5", "5.", "1Gi", "512Mi", "1e3", "10k", "+1", 1, 0.5] {
		quantities.positive(value)
	}
}

test_other_values_are_not_greater_than_zero if {
	every value in ["0", "0m", "0.0", "", "-1", "much", "1GiB", "Gi", 0, -1, null, true, [], {}] {
		not quantities.positive(value)
	}
}

test_durations_are_read_in_seconds if {
	quantities.seconds("5s") == 5
	quantities.seconds("1m30s") == 90
	quantities.seconds("0") == 0
	quantities.seconds("1.5s") == 1.5
}

test_other_texts_are_no_durations if {
	every value in ["5", "", "5 s", "1day", null, 5] {
		not quantities.seconds(value)
	}
}

test_durations_beyond_the_292_years_of_go_are_none if {
	every value in ["9999999h", "999999999m", "10000000000s"] {
		not quantities.seconds(value)
	}
	quantities.seconds("999999h") == 3599996400
}

test_shares_are_numbers_or_percentages if {
	quantities.share(1) == 1
	quantities.share("25%") == 25
	not quantities.share("1")
	not quantities.share(null)
}
