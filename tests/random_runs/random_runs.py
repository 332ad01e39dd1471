#!/usr/bin/env python3
"""Trains random configurations, kills and resumes them, and compares every bit.

    tests/random_runs/random_runs.py build/release/bin/nabla --count 300 --seed 1
    tests/random_runs/random_runs.py build/release/bin/nabla --seed 1 --only 17    # repeats one

Configuration k of a seed is always the same: an environment with random wrappers, constants and
randomisation, an algorithm with random options, several environments, and random intervals of
evaluations and checkpoints. It is trained

    1. with one thread, from start to end;
    2. with two threads, stopped by signals (mostly SIGKILL) at random times and resumed until it
       has finished.

Both must end alike: the same checkpoints, rows of progress.csv and monitor.csv, best.json and
outcome, except for what depends on the clock. The first configuration that differs is printed as a
command. Exit code: 0, or 1 if one differs.
"""

import argparse
import concurrent.futures
import csv
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

MOST_KILLS = 60  # of a run
SIGNALS = [signal.SIGKILL] * 6 + [signal.SIGTERM, signal.SIGINT]


def environments(program):
    """name -> (observations, actions, {parameter: (value, low, high)}), of single numbers."""
    listed = subprocess.run([program, "list", "envs", "--json"], capture_output=True, check=True)
    number = r"(-?[0-9.]+(?:e[-+]?[0-9]+)?)"
    row = re.compile(rf"^  (\w+) +{number}(?: .*?)? in \[{number}, {number}\]$")
    table = {}
    for entry in json.loads(listed.stdout):
        page = subprocess.run(
            [program, "list", "envs", entry["name"]], capture_output=True, text=True, check=True
        ).stdout
        found = (row.match(line) for line in page.split("\nparameters")[-1].splitlines())
        parameters = {m[1]: (float(m[2]), float(m[3]), float(m[4])) for m in found if m}
        table[entry["name"]] = (entry["observations"], entry["actions"], parameters)
    return table


class Draw:
    """Random choices, and the task file that they give."""

    def __init__(self, rng):
        self.rng = rng
        self.task = {}

    def put(self, key, value):
        *sections, last = key.split(".")
        section = self.task
        for name in sections:
            section = section.setdefault(name, {})
        section[last] = value

    def maybe(self, probability, key, value):
        if self.rng.random() < probability:
            self.put(key, value)

    def near(self, value, low, high):
        return min(max(value * self.rng.uniform(0.9, 1.1), low), high)


def draw_environment(draw, name, observations, parameters):
    rng = draw.rng
    draw.put("environment.name", name)
    draw.put("environment.step_limit", rng.choice([1, 2, 17, 40, 120]))
    draw.maybe(0.3, "environment.action_repeat", rng.randint(2, 4))
    draw.maybe(0.3, "environment.action_scaling", True)
    draw.maybe(0.3, "environment.action_delay", rng.randint(1, 4))
    draw.maybe(0.3, "environment.reward_scale", rng.choice([0.001, 0.1, 3]))
    mask = [1] + [rng.randint(0, 1) for _ in range(observations - 1)]
    draw.maybe(0.2, "environment.observation_mask", mask)
    draw.maybe(0.3, "environment.observation_noise", [rng.choice([0.01, 0.2])])
    draw.maybe(0.3, "environment.frame_history", rng.randint(2, 4))
    for parameter, (value, low, high) in sorted(parameters.items()):
        kind = rng.choice(["default"] * 4 + ["fixed", "uniform", "normal"])
        if parameter in ("time_step", "substeps") or value == 0 or kind == "default":
            continue
        if kind == "fixed":
            draw.put("environment.parameters." + parameter, draw.near(value, low, high))
        else:
            pair = sorted([draw.near(value, low, high), draw.near(value, low, high)])
            if kind == "normal":
                pair = [pair[0], min(abs(pair[0]) * 0.05, high - low)]
            draw.put(f"environment.randomize.{kind}.{parameter}", pair)


def draw_agent(draw):
    rng = draw.rng
    algorithm = rng.choice(["DDPG", "TD3", "SAC", "TQC"])
    draw.put("agent.algorithm", algorithm)
    for network in ("actor", "critic"):
        width, depth = rng.randint(4, 24), rng.randint(1, 3)
        draw.put(f"agent.{network}.hidden", [width] * depth)
        draw.put(f"agent.{network}.activation", rng.choice(["relu", "silu", "tanh", "elu"]))
        draw.maybe(0.3, f"agent.{network}.layer_norm", True)
        draw.maybe(0.2 if depth > 1 else 0, f"agent.{network}.residual", True)
    draw.put("agent.batch_size", rng.randint(1, 40))
    draw.put("agent.gamma", rng.choice([0, 0.5, 0.9, 0.99]))
    draw.maybe(0.3, "agent.polyak_rate", rng.choice([0, 0.1, 1]))
    schedule = rng.choice(["constant", "linear", "cosine"])
    draw.put("agent.optimizer.schedule", schedule)
    draw.maybe(0.3, "agent.optimizer.max_gradient_norm", 0.5)
    draw.maybe(0.4, "agent.refine", rng.choice(["evaluation", "always"]))
    draw.put("agent.refine_steps", rng.randint(1, 4))
    if algorithm in ("DDPG", "TD3"):
        draw.maybe(0.3, "agent.actor_update", "action_improvement")
        draw.put("agent.exploration.noise", rng.choice(["gaussian", "ornstein_uhlenbeck"]))
    else:
        draw.put("agent.temperature.learned", rng.random() < 0.7)
    if algorithm in ("TD3", "SAC"):
        draw.put("agent.policy_delay", rng.randint(1, 4))
        size = rng.randint(1, 5)
        draw.put("agent.ensemble.size", size)
        draw.put("agent.ensemble.target_subset", rng.randint(0, size))
        draw.put("agent.ensemble.target", rng.choice(["min", "mean"]))
        draw.put("agent.ensemble.actor", rng.choice(["first", "min", "mean"]))
    if algorithm == "TQC":
        quantiles = rng.randint(2, 9)
        draw.put("agent.critics", rng.randint(1, 3))
        draw.put("agent.quantiles", quantiles)
        draw.put("agent.dropped_quantiles", rng.randint(0, quantiles - 1))


def draw_trainer(draw):
    rng = draw.rng
    draw.put("seed", rng.randrange(1 << 32))
    draw.put("trainer.steps", rng.randint(60, 700))
    draw.put("trainer.warmup_steps", rng.randint(1, 80))
    draw.put("trainer.updates_per_step", rng.choice([0, 0.3, 1, 1, 1, 2.5]))
    envs = rng.choice([1, 1, 2, 3, 4, 7])
    draw.put("trainer.envs", envs)
    draw.put("trainer.buffer_size", rng.choice([max(16, 3 * envs), 100, 1000]))
    draw.maybe(0.4, "trainer.normalize_observations", True)
    draw.maybe(0.4, "trainer.n_step", rng.randint(2, 6))
    draw.maybe(0.3, "trainer.step_limit", rng.randint(1, 30))
    draw.maybe(0.4, "trainer.priority.alpha", rng.choice([0.3, 1]))
    draw.put("evaluation.every", rng.choice([0, 1, 13, 50, 200]))
    draw.put("evaluation.episodes", rng.randint(1, 4))
    draw.put("checkpoint.every", rng.choice([0, 1, 10, 37, 150]))
    draw.maybe(0.3, "checkpoint.keep_every", rng.choice([1, 29, 100]))


def configuration(table, seed, k):
    draw = Draw(random.Random(f"{seed}.{k}"))
    name = draw.rng.choice(sorted(table))
    observations, _, parameters = table[name]
    draw_environment(draw, name, observations, parameters)
    draw_agent(draw)
    draw_trainer(draw)
    return draw


def contents(run):
    """What a run has left, without what depends on the clock: name -> text or bytes."""
    found = {}
    for folder in sorted((run / "checkpoint").iterdir()):
        if folder.is_symlink():  # best and latest: a folder's own number may differ (step_304.2)
            name = folder.name
        elif folder.name.startswith("kept_"):
            name = folder.name.split(".")[0]
        else:
            continue
        state = json.loads((folder / "state.json").read_text())
        del state["wall_clock"], state["xxh64"]
        found[f"{name}/state.json"] = json.dumps(state, sort_keys=True)
        for tensors in sorted(folder.glob("*.safetensors")):
            found[f"{name}/{tensors.name}"] = tensors.read_bytes()
    for file, clock in (("progress.csv", "seconds"), ("monitor.csv", "t")):
        lines = [line for line in (run / file).read_text().splitlines() if line[:1] != "#"]
        for i, row in enumerate(csv.DictReader(lines)):
            row.pop(clock)
            found[f"{file}, row {i}"] = json.dumps(row)
    return found


def outcome(done):
    """Exit code and, after a failure, its reason."""
    if done.returncode == 0:
        return "finished"
    reason = [line for line in done.stderr.splitlines() if line.startswith("nabla: ")]
    return f"exit code {done.returncode}: " + re.sub(r"/\S*", "PATH", reason[-1] if reason else "")


def call(program, arguments, run, threads):
    command = [program, *arguments, "--quiet", "--threads", str(threads)]
    return subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, cwd=run.parent
    )


def finish(process):
    _, process.stderr_text = process.communicate()
    return subprocess.CompletedProcess(process.args, process.returncode, "", process.stderr_text)


def whole(program, task, run, threads):
    return outcome(finish(call(program, ["train", task, "--run-dir", run], run, threads)))


def says_finished(run):
    meta = run / "meta.json"
    return meta.exists() and json.loads(meta.read_text())["status"] == "finished"


def interrupted(program, task, run, seconds, rng):
    """Trains with kills in the time that a whole run takes. Returns outcome and number of kills."""
    kills = 0
    while True:
        has_checkpoint = (run / "checkpoint" / "latest").exists()
        if not has_checkpoint:
            shutil.rmtree(run, ignore_errors=True)
        start = ["resume", run] if has_checkpoint else ["train", task, "--run-dir", run]
        process = call(program, start, run, 2)
        if kills < MOST_KILLS and rng.random() < 0.8:
            time.sleep(seconds * rng.uniform(0, 1.1))
            process.send_signal(rng.choice(SIGNALS))
        done = finish(process)
        stopped = done.returncode < 0 or done.returncode in (128 + signal.SIGINT, 128 + signal.SIGTERM)
        if not stopped:
            return outcome(done), kills
        kills += 1
        if says_finished(run):  # stopped between the end of the run and that of the process
            return "finished", kills


def compare(program, table, seed, k):
    """Trains configuration k both ways. Returns the number of kills and what differs."""
    draw = configuration(table, seed, k)
    with tempfile.TemporaryDirectory(prefix="nabla_random_") as folder:
        folder = pathlib.Path(folder)
        task = folder / "task.yaml"
        task.write_text(json.dumps(draw.task))  # JSON is YAML
        begin = time.monotonic()
        expected = whole(program, task, folder / "whole", 1)
        seconds = time.monotonic() - begin
        end, kills = interrupted(program, task, folder / "killed", seconds, draw.rng)
        if end != expected:
            return kills, [f"one run: {expected}", f"the other: {end}"]
        if expected != "finished":
            return kills, [] if "diverged" in expected else [expected]
        left, right = contents(folder / "whole"), contents(folder / "killed")
        return kills, sorted(
            name for name in left.keys() | right.keys() if left.get(name) != right.get(name)
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program", help="the nabla binary")
    parser.add_argument("--count", type=int, default=300, help="number of configurations (300)")
    parser.add_argument("--seconds", type=float, help="stop after this time")
    parser.add_argument("--seed", type=int, default=1, help="seed of the configurations (1)")
    parser.add_argument("--only", type=int, metavar="K", help="configuration K alone")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="runs at a time (all cores)")
    options = parser.parse_args()
    program = str(pathlib.Path(options.program).resolve())
    table = environments(program)
    numbers = range(options.count) if options.only is None else [options.only]
    end = time.monotonic() + options.seconds if options.seconds else float("inf")
    compared, killed, different = 0, 0, []

    def one(k):
        return (k, *compare(program, table, options.seed, k)) if time.monotonic() < end else None

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for result in pool.map(one, numbers):
            if result is None:
                continue
            k, kills, what = result
            compared, killed = compared + 1, killed + kills
            if what:
                different.append(k)
                command = f"{sys.argv[0]} {options.program} --seed {options.seed} --only {k}"
                print(f"DIFFERENT: {command}\n  " + "\n  ".join(what[:8]))
                print("  " + json.dumps(configuration(table, options.seed, k).task), flush=True)
    print(f"{compared} configurations, {killed} kills, {len(different)} different")
    return 1 if different or compared == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
