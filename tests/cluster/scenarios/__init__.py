"""The scenarios. Each has an id and says what it shows; docs/cluster-tests.md says how to write one."""
