#!/usr/bin/env bash
# Time and memory of `nabla report` for 400 units with 200 evaluations each: 8 configurations, 5
# tasks, 10 seeds, each with a very short training.
#
#   benchmarks/measure_report.sh [PROGRAM]      default: build/release/bin/nabla
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
program=$(realpath "${1-$root/build/release/bin/nabla}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >task.yaml <<'END'
environment: {name: Pendulum-v1, step_limit: 5}
agent: {algorithm: TD3, actor: {hidden: [4]}, critic: {hidden: [4]}, batch_size: 4}
trainer: {steps: 600, warmup_steps: 500, buffer_size: 1000}
evaluation: {every: 3, episodes: 1}
checkpoint: {every: 0}
END
{
  printf 'base: task.yaml\nseeds: 0-9\nthresholds: [0.5]\nscore: [-60, 0]\n'
  printf 'grid: {agent.gamma: [0.9, 0.91, 0.92, 0.93, 0.94, 0.95, 0.96, 0.97]}\ntasks:\n'
  for i in 1 2 3 4 5; do
    printf '  task%s: {set: {environment.parameters.mass: 1.%s}}\n' "$i" "$i"
  done
} >many.yaml
"$program" experiment many.yaml --quiet

rows=$(tail -n +2 experiments/many/summary.csv | wc -l)
python3 - "$program" "$rows" <<'END'
import resource, subprocess, sys, time
start = time.time()
subprocess.run([sys.argv[1], "report", "experiments/many"], check=True, stdout=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{sys.argv[2]} units: {time.time() - start:.2f} s, {used.ru_utime + used.ru_stime:.2f} s of "
      f"processor time, peak memory {used.ru_maxrss / 1024:.0f} MB")
END
