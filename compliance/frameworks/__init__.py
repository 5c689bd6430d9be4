"""Frameworks are data: one YAML file each, read by `compliance.controls`. There is no code here."""
