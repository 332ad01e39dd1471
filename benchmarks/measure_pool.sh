#!/usr/bin/env bash
# Cost and benefit of the worker pool: 16 equal units with 1 job and with 2 jobs, and a single unit
# compared with `nabla train`. Needs an idle machine.
#
#   benchmarks/measure_pool.sh [STEPS] [PROGRAM]      default: 40,000 steps per unit
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
steps=${1-40000}
program=$(realpath "${2-$root/build/release/bin/nabla}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

printf 'base: %s\nseeds: 0-15\nconfigurations: {td3: {trainer.steps: %s}}\n' \
  "$root/config/tasks/pendulum_td3.yaml" "$steps" >e.yaml

seconds() {  # seconds COMMAND...: the wall-clock time of a command
  local start
  start=$(date +%s.%N)
  "$@" >/dev/null
  awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf "%.3f", b - a }'
}

one=$(seconds "$program" experiment e.yaml --out one --jobs 1 --quiet)
two=$(seconds "$program" experiment e.yaml --out two --jobs 2 --quiet)
awk -v a="$one" -v b="$two" 'BEGIN {
  printf "16 units: %.1f s with 1 job, %.1f s with 2 jobs: ratio %.3f (target: 0.55)\n", a, b, b / a }'

alone=$(seconds "$program" train "$root/config/tasks/pendulum_td3.yaml" --set "trainer.steps=$steps" \
  --seed 0 --run-dir alone --quiet)
pooled=$(seconds "$program" experiment e.yaml --set seeds=0 --out single --jobs 1 --quiet)
report=$(seconds "$program" report single)
awk -v a="$alone" -v b="$pooled" -v r="$report" 'BEGIN {
  printf "1 unit: %.2f s by nabla train, %.2f s in the pool without its report (%.2f s): ", a, b - r, r
  printf "%+.2f s, %+.2f %% of 60 s (target: 1 %%)\n", b - r - a, 100 * (b - r - a) / 60 }'
