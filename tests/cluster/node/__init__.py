"""One node with all of Kubernetes, in namespaces of its own, and a keeper that sees to its end."""
