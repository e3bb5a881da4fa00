#!/usr/bin/env python3
"""Runs one browser test: run.py FILE.test.mjs [node's words]. Fetches playwright-core first when it is not there.

Tests may start at the same time, so the fetching holds a lock. Called by ctest (label `browser`), which says in
DROPSMITH_BUILD where the program is. Chromium is Debian's own; CHROMIUM names another one.
"""

import fcntl
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent


def fetch():
    with open(HERE / ".fetching", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = HERE / "node_modules" / ".package-lock.json"
        if stamp.is_file() and stamp.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
            return
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{done.stderr}\nrun.py: npm ci failed; the browser tests need the package registry once.")
        stamp.touch()


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    fetch()
    os.chdir(HERE)
    os.execvp("node", ["node", "--test", *sys.argv[2:], sys.argv[1]])


if __name__ == "__main__":
    main()
