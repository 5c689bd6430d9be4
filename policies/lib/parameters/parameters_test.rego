package lib.parameters_test

import data.lib.parameters
import rego.v1

test_the_input_counts_before_the_data if {
	parameters.texts("colours") == ["red"] with input as {"resources": [], "parameters": {"colours": ["red"]}}
		with data.parameters as {"colours": ["blue"]}
}

test_the_data_count_where_the_input_gives_none if {
	parameters.texts("colours") == ["blue"] with input as {"resources": []} with data.parameters as {"colours": ["blue"]}
}

test_a_single_object_has_no_parameters_for_the_rules if {
	input_object := {"kind": "StorageClass", "resources": [], "parameters": {"colours": ["red"]}}
	parameters.texts("colours") == ["blue"] with input as input_object with data.parameters as {"colours": ["blue"]}
}

test_parameters_beside_anything_else_do_not_count if {
	every given in [{"parameters": {"colours": ["red"]}}, {"resources": "text", "parameters": {"colours": ["red"]}}, []] {
		parameters.texts("colours") == ["blue"] with input as given with data.parameters as {"colours": ["blue"]}
	}
}

test_a_missing_parameter_is_undefined if {
	not parameters.texts("colours") with input as {"resources": []} with data.parameters as {}
	not parameters.texts("colours") with input as {"resources": []} with data.parameters as "text"
}

test_a_parameter_of_another_shape_is_undefined if {
	every value in ["red", [1], {"red": true}, null] {
		not parameters.texts("colours") with input as {"resources": [], "parameters": {"colours": value}}
	}
}

test_a_missing_parameter_makes_a_failing_observation if {
	target := {"subject": "v1/Service/here/app", "prefix": "", "label": "Service \"app\""}
	parameters.missing(target, "metadata.labels", "colours") == {
		"subject": "v1/Service/here/app",
		"path": "metadata.labels",
		"value": null,
		"expected": "the parameter colours, a list of strings",
		"holds": false,
		"message": "Service \"app\" cannot be judged: the parameter colours is missing or is not a list of strings",
	}
}

test_a_number_is_taken_from_the_input_or_the_data if {
	parameters.number("most") == 5 with input as {"resources": [], "parameters": {"most": 5}} with data.parameters as {"most": 9}
	parameters.number("most") == 9 with input as {"resources": []} with data.parameters as {"most": 9}
}

test_a_number_of_another_shape_is_undefined if {
	every value in ["5", [5], null] {
		not parameters.number("most") with input as {"resources": [], "parameters": {"most": value}}
	}
	not parameters.number("most") with input as {"resources": []} with data.parameters as {}
}

test_a_missing_number_makes_a_failing_observation if {
	target := {"subject": "v1/Service/here/app", "prefix": "", "label": "Service \"app\""}
	parameters.missing_number(target, "spec", "most") == {
		"subject": "v1/Service/here/app",
		"path": "spec",
		"value": null,
		"expected": "the parameter most, a number",
		"holds": false,
		"message": "Service \"app\" cannot be judged: the parameter most is missing or is not a number",
	}
}
