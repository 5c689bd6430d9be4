"""The values space of a chart: what can vary, what must hold, and which Cases to try."""
