#!/bin/sh
# Patches what Helm has rendered by a folder with a kustomization.yaml: the first argument, or else the one of this script.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -R "${1:-$(dirname "$0")}/." "$work"
cat > "$work/rendered.yaml"
kustomize build "$work"
