"""A real Kubernetes on this machine, and scenarios that run the chart on it: docs/cluster-tests.md says how to use it.

    images, pki    what a cluster is given: images made without a container engine, certificates
    services       programs beside the cluster: PostgreSQL, Prometheus
    node           brings a cluster up and takes it down without a trace
    kit            what scenarios are written with
    scenarios      the scenarios
    rds_iam        stand-ins for AWS

Imports point from the last to the first.
"""
