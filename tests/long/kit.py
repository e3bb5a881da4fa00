"""What campaigns share. A campaign is called with --hours H --seed N, goes on until the time is over (at least once),
ends with 1 and the seed at the first breach, and says in its last line what it did: the count first, since
tools/campaigns.py adds these up. What could not be run, because a program is not
built, ends with 2: no run, no breach."""

import os
import pathlib
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOT_RUN = 2


def asked(name):
    return float(sys.argv[sys.argv.index(f"--{name}") + 1])


def until_over(one_run, what):
    """one_run(seed) makes one run and answers how many it did; a breach is a SystemExit with words."""
    end, seed, runs, done = time.monotonic() + asked("hours") * 3600, int(asked("seed")), 0, 0
    while runs == 0 or time.monotonic() < end:
        try:
            done += one_run(seed + runs)
        except SystemExit as breach:
            if breach.code == NOT_RUN:
                raise
            sys.exit(f"{done} {what} in {runs} runs from seed {seed}, then a BREACH: {breach.code}")
        runs += 1
    print(f"{done} {what} in {runs} runs from seed {seed}, no breach")


def unittest_run(file, seed, only=(), **sizes):
    """One run of a test of the whole program, with sizes from the environment; its output, or a breach."""
    words = [word for name in only for word in ("-k", name)]
    sizes = {name: str(value) for name, value in sizes.items()}
    run = subprocess.run([sys.executable, "-B", ROOT / file, *words], stdin=subprocess.DEVNULL, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env={**os.environ, **sizes, "DROPSMITH_SEED": str(seed)})
    print(run.stdout, end="", flush=True)
    if run.returncode != 0:
        sys.exit(f"{file} with DROPSMITH_SEED={seed} " + " ".join(f"{n}={v}" for n, v in sizes.items()))
    return run.stdout


def gtest_run(program, cases, seed, **sizes):
    """The same for cases of a room's test program."""
    sizes = {name: str(value) for name, value in sizes.items()}
    build = pathlib.Path(os.environ.get("DROPSMITH_BUILD") or ROOT / "build/release")
    if not (build / program).is_file():
        print(f"{program} is not built: run ./run build and ninja -C {build} {program}")
        sys.exit(NOT_RUN)
    run = subprocess.run([build / program, f"--gtest_filter={cases}", "--gtest_brief=1"], stdin=subprocess.DEVNULL,
                         cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                         env={**os.environ, **sizes, "DROPSMITH_SEED": str(seed)})
    print(run.stdout, end="", flush=True)
    if run.returncode != 0:
        sys.exit(f"{program} {cases} with DROPSMITH_SEED={seed} " + " ".join(f"{n}={v}" for n, v in sizes.items()))
    return run.stdout
