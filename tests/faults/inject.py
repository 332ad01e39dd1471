#!/usr/bin/env python3
"""Errors and kills at system calls: a training or an experiment loses nothing.

    tests/faults/inject.py build/release/bin/nabla --seconds 60
    tests/faults/inject.py build/release/bin/nabla --all         # every call; takes an hour
    tests/faults/inject.py build/release/bin/nabla --only 'train write ENOSPC 12'

Each case runs `nabla train`, `resume`, `experiment` or `report` under strace, which makes one system call of
one kind fail (ENOSPC, EIO, EMFILE, EINTR) or kills the process there. Afterwards the command is
repeated without a fault. Then:

  - a command that exits with 0 has finished its work; any other prints one clear line
  - an interrupted call (EINTR) is repeated
  - the repeated command ends with the checkpoint, progress.csv and monitor.csv of a run without a
    fault, apart from the clock, and leaves no temporary file
  - no file outside the folder of the run changes

Exit code: 0, or 1 if a case fails. Without strace, or without the right to trace, it prints
"faults: skipped" and returns 0.
"""

import argparse
import collections
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

TASK = """\
environment: {name: Pendulum-v1}
agent: {algorithm: TD3, actor: {hidden: [4]}, critic: {hidden: [4]}, batch_size: 8}
trainer: {steps: 60, warmup_steps: 10, buffer_size: 64, step_limit: 15}
evaluation: {every: 20, episodes: 1}
checkpoint: {every: 25, keep_every: 30}
"""
EXPERIMENT = """\
base: task.yaml
seeds: 0-1
statistics: {repetitions: 100, band_repetitions: 100}
"""
CALLS = ["openat", "write", "fsync", "rename", "unlink", "unlinkat", "rmdir", "mkdir", "symlink",
         "ftruncate", "close", "flock", "read", "pread64", "getdents64", "readlink", "pipe2",
         "clone", "clone3", "wait4", "mmap"]
ERRORS = {"write": ["ENOSPC", "EIO", "EINTR"], "fsync": ["ENOSPC", "EIO", "EINTR"],
          "openat": ["ENOSPC", "EIO", "EMFILE", "EINTR"], "close": ["EIO"],
          "rename": ["ENOSPC", "EIO"], "mkdir": ["ENOSPC", "EIO"], "symlink": ["ENOSPC", "EIO"],
          "ftruncate": ["EIO", "EINTR"], "flock": ["EIO", "EINTR"], "unlink": ["EIO"],
          "unlinkat": ["EIO"], "rmdir": ["EIO"], "read": ["EIO", "EINTR"],
          "pread64": ["EIO", "EINTR"], "pipe2": ["EMFILE"], "clone": ["EAGAIN"],
          "clone3": ["EAGAIN"], "wait4": ["EINTR"], "getdents64": ["EIO"], "mmap": ["ENOMEM"]}
LIMIT = 60  # seconds for one command

Case = collections.namedtuple("Case", "command call fault number")


class Fault(Exception):
    """A promise that was not kept."""


def run(command, folder, environment=None):
    return subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=LIMIT, check=False, env=environment)


class Scenario:
    """One command of the program in a folder of its own: how to prepare, repeat and compare it."""

    def __init__(self, name, program, root, first, again, prepare=None, plots=False):
        self.name, self.program, self.root = name, program, root
        self.first, self.again, self.prepare = first, again, prepare
        # Without gnuplot: it makes thousands of calls.
        self.environment = dict(os.environ, PATH=os.environ["PATH"] if plots else "")
        self.strace = shutil.which("strace")
        self.reference = root / ("reference_" + name)
        self.fresh(self.reference)
        done = self.run([program] + first, self.reference)
        if done.returncode != 0:
            raise SystemExit(f"{name} fails without a fault: {done.stderr.decode()}")
        self.wanted = results(self.reference)

    def run(self, command, folder):
        return run(command, folder, self.environment)

    def fresh(self, folder):
        shutil.rmtree(folder, ignore_errors=True)
        if self.prepare is not None:
            shutil.copytree(self.prepare, folder, symlinks=True)
        else:
            folder.mkdir()
            (folder / "task.yaml").write_text(TASK)
            (folder / "experiment.yaml").write_text(EXPERIMENT)

    def counts(self):
        """How often the process that makes most calls of a kind makes them."""
        folder = self.root / ("count_" + self.name)
        self.fresh(folder)
        log = self.root / ("log_" + self.name)
        self.run([self.strace, "-f", "-qq", "-o", log, "-e", "trace=" + ",".join(CALLS),
                  self.program] + self.first, folder)
        calls = collections.Counter()
        for line in log.read_text(errors="replace").splitlines():
            match = re.match(r"(\d+) +(\w+)\(", line)
            if match:
                calls[match.groups()] += 1
        most = collections.Counter()
        for (_, call), count in calls.items():
            most[call] = max(most[call], count)
        return most

    def cases(self):
        for call, count in sorted(self.counts().items()):
            faults = ERRORS.get(call, [])
            if call not in ("read", "mmap", "getdents64"):  # nothing has changed since the last
                faults = faults + ["KILL"]
            for fault in faults:
                for number in range(1, count + 1):
                    yield Case(self.name, call, fault, number)

    def check(self, case):
        folder = self.root / "case"
        self.fresh(folder)
        what = f"signal={case.fault}" if case.fault == "KILL" else f"error={case.fault}"
        hurt = self.run([self.strace, "-f", "-qq", "-o", "/dev/null", "-e", "trace=" + case.call,
                         "-e", f"inject={case.call}:{what}:when={case.number}", self.program] +
                        self.first, folder)
        check_end(case, hurt)
        if hurt.returncode != 0:
            self.repeat(folder)
        compare(self.wanted, results(folder),
                "exit code 0" if hurt.returncode == 0 else "after the repetition")
        outside = sorted(entry.name for entry in folder.iterdir())
        if outside != ["experiment.yaml", "out", "task.yaml"]:
            raise Fault(f"files beside the run: {outside}")

    def repeat(self, folder):
        done = self.run([self.program] + self.again, folder)
        message = done.stderr.decode(errors="replace")
        if done.returncode != 0 and not (folder / "out" / "meta.json").exists() and (
                self.name == "train"):
            # Nothing was trained before the run had started.
            shutil.rmtree(folder / "out", ignore_errors=True)
            done = self.run([self.program] + self.first, folder)
            message = done.stderr.decode(errors="replace")
        # The fault may have come after the work.
        if done.returncode != 0 and "has finished its" not in message:
            raise Fault(f"the repetition exits with {done.returncode}: {message[-300:]}")


def check_end(case, done):
    message = done.stderr.decode(errors="replace")
    if done.returncode in (-signal.SIGABRT, -signal.SIGSEGV, 134, 139) or "terminate" in message:
        raise Fault(f"crashed: {message[-300:]}")
    killed = case.fault == "KILL"
    if done.returncode != 0 and not killed and not message.strip():
        raise Fault(f"exit code {done.returncode} without a message")
    if "step -1" in message:
        raise Fault(f"a checkpoint that there is not: {message[-300:]}")
    if case.fault == "EINTR" and "Interrupted system call" in message and (
            "shared librar" not in message):
        raise Fault(f"an interrupted call was not repeated: {message[-300:]}")


def without_clock(path, columns):
    rows = [line.split(",") for line in path.read_text().splitlines() if not line.startswith("#")]
    keep = [i for i, name in enumerate(rows[0]) if name not in columns] if rows else []
    return [[row[i] for i in keep if i < len(row)] for row in rows]


def results(folder):
    """What a run or an experiment has to show, without what depends on the clock."""
    found = {}
    out = folder / "out"
    for meta in sorted(out.rglob("meta.json")):
        run_folder = meta.parent
        if ".old_" in run_folder.name:  # a unit that was damaged and set aside
            continue
        name = str(run_folder.relative_to(out))
        about = json.loads(meta.read_text())
        found[name, "end"] = about["status"], about["last_step"]
        found[name, "progress"] = without_clock(run_folder / "progress.csv", {"seconds"})
        found[name, "monitor"] = without_clock(run_folder / "monitor.csv", {"t"})
        for state in sorted((run_folder / "checkpoint").glob("*/state.json")):
            document = json.loads(state.read_text())
            key = document["kind"], document["step"]
            found[(name,) + key] = document["state"], document["files"]
    for table in ("summary.csv", "aggregate.csv"):
        if (out / table).exists():
            found[table] = without_clock(out / table, {"seconds", "steps_per_second"})
    found["temporary files"] = sorted(
        name for name in (str(path.relative_to(out)) for path in out.rglob(".tmp_*"))
        if ".old_" not in name)
    return found


def compare(wanted, found, when):
    for key in sorted(wanted.keys() | found.keys(), key=str):
        if wanted.get(key) != found.get(key):
            raise Fault(f"{when}: {key} is {str(found.get(key))[:200]}, "
                        f"not {str(wanted.get(key))[:200]}")


def interrupted_run(program, root):
    """A folder with a run that was interrupted at its first checkpoint."""
    folder = root / "interrupted"
    folder.mkdir()
    (folder / "task.yaml").write_text(TASK)
    (folder / "experiment.yaml").write_text(EXPERIMENT)
    subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=symlink", "-e",
                    "inject=symlink:signal=KILL:when=4", program, "train", "task.yaml",
                    "--run-dir", "out", "--quiet"], cwd=folder, check=False,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    if not (folder / "out" / "checkpoint").is_dir():
        raise SystemExit("cannot prepare an interrupted run")
    return folder


def scenarios(program, root, wanted):
    """The scenario `wanted`, or all of them."""
    train = ["train", "task.yaml", "--run-dir", "out", "--quiet"]
    resume = ["resume", "out", "--quiet"]
    experiment = ["experiment", "experiment.yaml", "--out", "out", "--jobs", "2", "--quiet"]
    report = ["report", "out"]
    if wanted in ("", "train"):
        yield Scenario("train", program, root, train, resume)
    if wanted in ("", "resume"):
        yield Scenario("resume", program, root, resume, resume, interrupted_run(program, root))
    if wanted in ("", "experiment", "report"):
        finished = Scenario("experiment", program, root, experiment, experiment)
        if wanted != "report":
            yield finished
    if wanted in ("", "report"):
        yield Scenario("report", program, root, report, report, finished.reference, plots=True)


def can_trace():
    try:
        probe = run(["strace", "-f", "-qq", "-o", "/dev/null", "-e", "trace=close", "-e",
                     "inject=close:error=EIO:when=10000", "true"], None)
        return probe.returncode == 0
    except OSError:
        return False


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=pathlib.Path, help="the program nabla")
    parser.add_argument("--seconds", type=float, default=10, help="time for a random sample")
    parser.add_argument("--all", action="store_true", help="every call of every kind")
    parser.add_argument("--only", default="", help="one case: 'COMMAND CALL FAULT NUMBER'")
    parser.add_argument("--scenario", default="", help="one of train, resume, experiment, report")
    parser.add_argument("--seed", type=int, default=0, help="of the sample")
    options = parser.parse_args()
    if not can_trace():
        print("faults: skipped: strace is missing or may not trace")
        return 0
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="nabla_faults_", dir=memory) as root:
        return try_cases(options, pathlib.Path(root))


def sample(cases, generator):
    """All cases in random order, first one of each kind, then a second of each, and so on."""
    kinds = collections.defaultdict(list)
    for case in cases:
        kinds[case[:3]].append(case)
    for group in kinds.values():
        generator.shuffle(group)
    order = list(kinds.values())
    generator.shuffle(order)
    return [group[i] for i in range(max(map(len, order), default=0)) for group in order
            if i < len(group)]


def try_cases(options, root):
    program = str(options.program.resolve())
    wanted = options.only.split()[0] if options.only else options.scenario
    by_name = {scenario.name: scenario for scenario in scenarios(program, root, wanted)}
    cases = [case for scenario in by_name.values() for case in scenario.cases()]
    if options.only:
        command, call, fault, number = options.only.split()
        cases = [Case(command, call, fault, int(number))]
    if not options.all:
        cases = sample(cases, random.Random(options.seed))
    end = time.monotonic() + options.seconds
    tried, failed = 0, 0
    for case in cases:
        if not options.all and tried > 0 and time.monotonic() > end:
            break
        tried += 1
        try:
            by_name[case.command].check(case)
        except (Fault, subprocess.TimeoutExpired, OSError, ValueError, KeyError) as error:
            failed += 1
            print("faults: " + " ".join(map(str, case)) + f": {error}", flush=True)
    print(f"faults: {tried} of {len(cases)} cases tried, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
