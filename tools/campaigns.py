#!/usr/bin/env python3
"""Runs the campaigns of tests/long for a number of hours in all, and appends what really ran to docs/campaigns.csv.

A campaign is an executable file in tests/long. It is called with --hours H --seed N, stops by itself, exits 0 when
all it checked held, and says in its last line of output what it did (counts, not adjectives). ./test long calls this.

    tools/campaigns.py --hours 2 [--only prove,forged]
"""
import csv
import datetime
import os
import platform
import subprocess
import sys
import time

CSV = "docs/campaigns.csv"
HEAD = ["started_utc", "commit", "campaign", "seed", "hours_asked", "hours_run", "cores", "kernel", "exit", "summary"]


def main():
    hours = float(sys.argv[sys.argv.index("--hours") + 1])
    folder = "tests/long"
    names = sorted(n for n in os.listdir(folder)
                   if os.access(f"{folder}/{n}", os.X_OK) and os.path.isfile(f"{folder}/{n}"))
    if "--only" in sys.argv:
        names = [n for n in names if n in sys.argv[sys.argv.index("--only") + 1].split(",")]
    if not names:
        sys.exit("tests/long holds no campaign")
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    os.makedirs("build/logs", exist_ok=True)
    failed = 0
    for name in names:
        share, seed = hours / len(names), int(time.time()) % 1_000_000
        print(f"-- {name}: {share:.2f} h, seed {seed}", flush=True)
        started, clock = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
        log = f"build/logs/long-{name}.log"
        with open(log, "w", encoding="utf-8") as out:
            run = subprocess.run([f"{folder}/{name}", "--hours", f"{share:.4f}", "--seed", str(seed)],
                                 stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        with open(log, encoding="utf-8", errors="replace") as out:
            lines = [line.strip() for line in out if line.strip()]
        summary = lines[-1] if lines else "no output"
        ran = (time.monotonic() - clock) / 3600
        new = not os.path.exists(CSV)
        with open(CSV, "a", encoding="utf-8", newline="") as out:
            rows = csv.writer(out, lineterminator="\n")
            if new:
                rows.writerow(HEAD)
            rows.writerow([started.strftime("%Y-%m-%dT%H:%M:%SZ"), commit, name, seed, f"{share:.4f}", f"{ran:.4f}",
                           os.cpu_count(), platform.release(), run.returncode, summary[:200]])
        print(f"   exit {run.returncode} after {ran:.2f} h: {summary}   ({log})", flush=True)
        failed += run.returncode != 0
    sys.exit(1 if failed else 0)


main()
