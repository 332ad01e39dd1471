#!/usr/bin/env python3
"""Fingerprints of what a build learns: the safety net of a change that must not change a bit.

    tests/digests/state_digests.py build/release/bin/nabla > before.json
    ... change the code, build ...
    tests/digests/state_digests.py build/release/bin/nabla --compare before.json

Every algorithm trains on several tasks, plain and with each option that changes the path of the
data. The digest of a run covers its last and best checkpoint (networks, optimiser, replay buffer,
random streams) and progress.csv without the column of seconds. Digests hold for one processor and
one compiler: compare two builds on the same machine.

Exit code: 0, or 1 if a run failed or a digest differs from the file's.
"""

import argparse
import concurrent.futures
import csv
import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile

ALGORITHMS = ["TD3", "SAC", "TQC", "DDPG"]
STOCHASTIC = {"SAC", "TQC"}
ENSEMBLE = {"TD3", "SAC"}

TASKS = {
    "Pendulum-v1": [],
    "CartPoleSwingup": ["environment.step_limit=150"],
    "LinearQuadratic": [],
    "MountainCarContinuous-v0": ["environment.step_limit=120"],
    "Reacher2D": ["environment.step_limit=90"],
}

PARAMETER = {
    "Pendulum-v1": "mass: [0.9, 1.1]",
    "CartPoleSwingup": "pole_mass: [0.09, 0.12]",
    "LinearQuadratic": "start: [0.5, 2.0]",
    "MountainCarContinuous-v0": "power: [0.0014, 0.0016]",
    "Reacher2D": "damping: [0.05, 0.2]",
}

COMMON = [
    "agent.actor.hidden=[32, 24]",
    "agent.critic.hidden=[32, 24]",
    "agent.batch_size=37",
    "trainer.steps=400",
    "trainer.warmup_steps=60",
    "trainer.buffer_size=300",
    "evaluation.every=150",
    "evaluation.episodes=3",
    "checkpoint.every=200",
]


def options(task, algorithm):
    """name -> overrides, for one algorithm on one task."""
    table = {
        "plain": [],
        "normalized": ["trainer.normalize_observations=true"],
        "n_step": ["trainer.n_step=3"],
        "priority": ["trainer.priority.alpha=0.6"],
        "envs": ["trainer.envs=3", "trainer.step_limit=40"],
        "refine": ["agent.refine=always", "agent.refine_steps=3"],
        "wrapped": [
            "environment.action_repeat=2",
            "environment.action_scaling=true",
            "environment.action_delay=1",
            "environment.reward_scale=0.5",
            "environment.observation_noise=[0.01]",
            "environment.frame_history=2",
        ],
        "randomized": ["environment.randomize={uniform: {%s}}" % PARAMETER[task]],
        "optimizer": [
            "agent.optimizer={schedule: cosine, max_gradient_norm: 0.5}",
            "agent.actor.activation=silu",
            "agent.critic.activation=tanh",
            "agent.critic.layer_norm=true",
            "trainer.updates_per_step=1.5",
        ],
        "all": [
            "trainer.normalize_observations=true",
            "trainer.n_step=2",
            "trainer.priority.alpha=0.5",
            "trainer.envs=2",
            "agent.refine=evaluation",
        ],
    }
    if algorithm not in STOCHASTIC:
        table["improvement"] = ["agent.actor_update=action_improvement"]
        table["ou_noise"] = ["agent.exploration={noise: ornstein_uhlenbeck}"]
    if algorithm in ENSEMBLE:
        table["ensemble"] = ["agent.ensemble={size: 4, target_subset: 2, actor: mean}"]
        table["mean_target"] = ["agent.ensemble={size: 3, target: mean, actor: min}"]
        table["delay"] = ["agent.policy_delay=3"]
    return table


def fingerprint(run):
    digest = hashlib.sha256()
    for which in ("latest", "best"):
        folder = run / "checkpoint" / which
        if not folder.exists():
            continue
        state = json.loads((folder / "state.json").read_text())
        digest.update(json.dumps([which, state["step"], state["state"]], sort_keys=True).encode())
        for tensors in sorted(folder.glob("*.safetensors")):
            digest.update(tensors.name.encode() + tensors.read_bytes())
    with open(run / "progress.csv", newline="") as file:
        for row in csv.DictReader(file):
            row.pop("seconds", None)
            digest.update(json.dumps(row, sort_keys=True).encode())
    return digest.hexdigest()[:16]


def train(program, name, overrides, threads, folder):
    run = pathlib.Path(folder) / name.replace("/", "_")
    task = run.with_suffix(".yaml")
    algorithm, environment, _ = name.split("/")
    task.write_text("environment: {name: %s}\nagent: {algorithm: %s}\n" % (environment, algorithm))
    command = [program, "train", str(task), "--quiet", "--run-dir", str(run), "--threads", threads]
    for override in COMMON + TASKS[environment] + overrides:
        command += ["--set", override]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return "failed: " + done.stderr.strip()
    return fingerprint(run)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program", help="the nabla binary")
    parser.add_argument("--compare", metavar="FILE", help="digests to compare with")
    parser.add_argument("--threads", default="1", help="threads of each run (1)")
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time (2)")
    arguments = parser.parse_args()

    runs = {
        f"{algorithm}/{task}/{option}": overrides
        for algorithm in ALGORITHMS
        for task in TASKS
        for option, overrides in options(task, algorithm).items()
    }
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(
        arguments.jobs
    ) as pool:
        digests = dict(
            zip(
                runs,
                pool.map(
                    lambda item: train(arguments.program, *item, arguments.threads, folder),
                    runs.items(),
                ),
            )
        )
    json.dump(digests, sys.stdout, indent=1)
    print()
    failed = [f"{name}: {digest}" for name, digest in digests.items() if digest.startswith("failed")]
    if arguments.compare:
        before = json.loads(pathlib.Path(arguments.compare).read_text())
        failed += [
            f"{name}: {before.get(name)} before, {digest} now"
            for name, digest in digests.items()
            if digest != before.get(name)
        ]
    for line in failed:
        print(line, file=sys.stderr)
    print(f"{len(digests)} runs, {len(failed)} failed or different", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
