#!/usr/bin/env bash
# Builds and runs the examples outside the tree, with the commands of the documentation: that of
# README.md for own_environment with another build folder, and that of delayed_recall's CMakeLists.txt
# in a copy of its folder.
set -euo pipefail

source_dir=$(cd "$(dirname "$0")/../.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

try() {  # try FOLDER COMMANDS: runs the commands in a folder
  [[ $2 ]] || { echo 'the documentation has no command'; exit 1; }
  printf '+ %s\n' "$2"
  (cd "$1" && bash -euo pipefail -c "$2") >"$work/output" 2>&1 || {
    cat "$work/output"
    exit 1
  }
}

readme=$(sed -n '/^cmake -S docs\/examples/,/^```/p' "$source_dir/README.md" | sed '/^```/d')
try "$source_dir" "${readme//build\/example/$work/example}"
grep -q '^holds' "$work/output" || { cat "$work/output"; exit 1; }

cp -r "$source_dir/docs/examples/delayed_recall" "$work"
command=$(sed -n 's/^# *\(cmake -B build .*\)/\1/p' "$work/delayed_recall/CMakeLists.txt")
try "$work/delayed_recall" "${command/path\/to\/nabla/$source_dir} && build/delayed_recall"
