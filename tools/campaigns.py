#!/usr/bin/env python3
"""Runs the campaigns of tests/long for a number of hours in all, in turns, and appends what really ran to
docs/campaigns.csv; the sums in docs/reliability.md follow from that file.

A campaign is an executable file in tests/long. It is called with --hours H --seed N, stops by itself, exits 0 when
all it checked held, and says in its last line of output what it did, the count first. ./test long calls this.

    tools/campaigns.py --hours 2 [--only prove,forged] [--turn-minutes 5]
    tools/campaigns.py --sums                 adds up the file and writes the table of docs/reliability.md
    tools/campaigns.py --check                exit status 1 when that table is not the file's sum
"""
import argparse
import csv
import datetime
import os
import platform
import re
import subprocess
import sys
import time

CSV, PAGE, FOLDER = "docs/campaigns.csv", "docs/reliability.md", "tests/long"
HEAD = ["started_utc", "commit", "campaign", "seed", "hours_asked", "hours_run", "cores", "kernel", "exit", "summary"]
BEGIN, END = "<!-- sums of campaigns.csv: tools/campaigns.py --sums -->", "<!-- end of sums -->"


def campaigns():
    return sorted(n for n in os.listdir(FOLDER)
                  if os.access(f"{FOLDER}/{n}", os.X_OK) and os.path.isfile(f"{FOLDER}/{n}"))


def rows():
    if not os.path.exists(CSV):
        return []
    with open(CSV, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sums():
    """The table: by campaign, turns, hours, what was done and what broke."""
    lines = ["| campaign | turns | hours | done | turns with a breach | last commit |", "|---|---|---|---|---|---|"]
    by_name = {}
    for row in rows():
        by_name.setdefault(row["campaign"], []).append(row)
    for name, ran in sorted(by_name.items()):
        counts = [re.match(r"(\d+) ((?:[a-z-]+ ?)*)", row["summary"]) for row in ran]
        done = sum(int(count.group(1)) for count in counts if count)
        words = next((count.group(2).strip() for count in reversed(counts) if count), "")
        words = re.split(r" (?:in|from|of|that|with|by|each|to) ", words + " in ")[0].strip()
        broken = sum(row["exit"] != "0" for row in ran)
        lines.append(f"| `tests/long/{name}` | {len(ran)} | {sum(float(row['hours_run']) for row in ran):.2f} | "
                     f"{done:,} {words} | {broken} | {ran[-1]['commit']} |")
    return "\n".join(lines)


def page_with_sums():
    with open(PAGE, encoding="utf-8") as file:
        before, rest = file.read().split(BEGIN)
    return f"{before}{BEGIN}\n{sums()}\n{END}{rest.split(END)[1]}"


def write_sums():
    page = page_with_sums()
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page)


def append(row):
    new = not os.path.exists(CSV)
    with open(CSV, "a", encoding="utf-8", newline="") as out:
        lines = csv.writer(out, lineterminator="\n")
        if new:
            lines.writerow(HEAD)
        lines.writerow(row)


def commit_now():
    """With -dirty when anything is changed but what the campaigns themselves write."""
    def git(*words):
        return subprocess.run(["git", *words], capture_output=True, text=True).stdout.strip()
    others = [line for line in git("status", "--porcelain").splitlines() if line.split()[-1] not in (CSV, PAGE)]
    return git("describe", "--always") + ("-dirty" if others else "")


def take_turn(name, hours):
    """One turn of one campaign, its row appended; true when it held."""
    seed = int(time.time()) % 1_000_000
    commit = commit_now()
    print(f"-- {name}: {hours * 60:.1f} min, seed {seed}", flush=True)
    started, clock = datetime.datetime.now(datetime.timezone.utc), time.monotonic()
    log = f"build/logs/long-{name}.log"
    with open(log, "w", encoding="utf-8") as out:
        run = subprocess.run([f"{FOLDER}/{name}", "--hours", f"{hours:.4f}", "--seed", str(seed)],
                             stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    with open(log, encoding="utf-8", errors="replace") as out:
        lines = [line.strip() for line in out if line.strip()]
    summary = lines[-1] if lines else "no output"
    ran = (time.monotonic() - clock) / 3600
    if run.returncode == 2:  # nothing ran: not a turn
        print(f"   not run: {summary}", flush=True)
        return False
    append([started.strftime("%Y-%m-%dT%H:%M:%SZ"), commit, name, seed, f"{hours:.4f}", f"{ran:.4f}", os.cpu_count(),
            platform.release(), run.returncode, summary[:200]])
    write_sums()
    print(f"   exit {run.returncode} after {ran * 60:.1f} min: {summary}   ({log})", flush=True)
    return run.returncode == 0


def main():
    words = argparse.ArgumentParser(description="Runs the campaigns of tests/long in turns.")
    words.add_argument("--hours", type=float)
    words.add_argument("--only", default="")
    words.add_argument("--turn-minutes", type=float, default=5)
    words.add_argument("--sums", action="store_true")
    words.add_argument("--check", action="store_true")
    asked = words.parse_args()
    if asked.sums:
        return write_sums()
    if asked.check:
        with open(PAGE, encoding="utf-8") as file:
            sys.exit(0 if file.read() == page_with_sums() else f"{PAGE}: its sums are not those of {CSV}: run "
                     "tools/campaigns.py --sums")
    if asked.hours is None:
        words.error("--hours, --sums or --check is needed")
    names = [name for name in campaigns() if not asked.only or name in asked.only.split(",")]
    if not names:
        sys.exit("tests/long holds no such campaign")
    os.makedirs("build/logs", exist_ok=True)
    # Those that have run least come first, so that short invocations get round as well.
    hours_so_far = {name: sum(float(row["hours_run"]) for row in rows() if row["campaign"] == name) for name in names}
    names.sort(key=lambda name: hours_so_far[name])
    end, failed, turn = time.monotonic() + asked.hours * 3600, 0, 0
    share = min(asked.turn_minutes / 60, asked.hours / len(names))
    while names and (turn == 0 or time.monotonic() < end):
        left = (end - time.monotonic()) / 3600
        name = names.pop(0)
        if take_turn(name, min(share, max(left, 0.001))):
            names.append(name)
        else:
            failed += 1  # it has no further turn: somebody shall look at its log first
        turn += 1
    sys.exit(1 if failed else 0)


main()
