"""Evidence for SOC 2 and PCI DSS from every configuration of a Helm chart.

The program in one line: values space -> cases -> renderings -> observations -> controls -> evidence -> report formats.
`compliance.pipeline` lists the stages in order; `compliance.model` has their nouns.
"""

__version__ = "0.1.0"
