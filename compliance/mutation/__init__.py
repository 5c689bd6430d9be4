"""Mistakes made on purpose in manifests, as a rule is worth what it has been seen to catch."""
