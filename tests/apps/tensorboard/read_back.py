"""Reads event files back with TensorBoard's own reader and compares them with progress.csv.

    python3 read_back.py PATH_OF_NABLA

Needs the package tensorboard (PyPI); without it the check says so and is skipped.
"""
import csv
import pathlib
import struct
import subprocess
import sys
import tempfile

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError as error:
    print(f"skipped: {error}; pip install tensorboard")
    sys.exit(0)

TASK = """
environment: {name: Pendulum-v1, step_limit: 20}
agent: {algorithm: TD3, actor: {hidden: [8]}, critic: {hidden: [8]}, batch_size: 16}
trainer: {steps: 1000, warmup_steps: 50, buffer_size: 2000}
evaluation: {every: 100, episodes: 2}
logging: {tensorboard: true}
"""
COLUMNS = {
    "eval/mean_reward": ("return_mean", 1),
    "eval/mean_ep_length": ("length_mean", 1),
    "train/critic_loss": ("critic_loss", 1),
    "train/actor_loss": ("actor_objective", -1),
    "train/n_updates": ("updates", 1),
}


def as_float(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def check(run, last_step):
    accumulator = EventAccumulator(str(run), size_guidance={"scalars": 0})
    accumulator.Reload()
    rows = list(csv.DictReader(open(run / "progress.csv")))
    assert int(rows[-1]["step"]) == last_step
    for tag, (column, sign) in COLUMNS.items():
        found = [(event.step, event.value) for event in accumulator.Scalars(tag)]
        expected = [(int(row["step"]), as_float(sign * float(row[column]))) for row in rows]
        assert found == expected, (tag, found, expected)
    episodes = [event.step for event in accumulator.Scalars("rollout/ep_rew_mean")]
    assert episodes == list(range(80, last_step + 1, 80)), episodes


def main():
    nabla = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        task = pathlib.Path(folder) / "task.yaml"
        task.write_text(TASK)
        run = pathlib.Path(folder) / "run"
        subprocess.run([nabla, "train", task, "--steps", "550", "--run-dir", run, "--quiet"],
                       check=True)
        check(run, 550)
        subprocess.run([nabla, "resume", run, "--steps", "1000", "--quiet"], check=True)
        check(run, 1000)
        print("TensorBoard reads what progress.csv holds")


main()
