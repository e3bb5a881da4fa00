#!/usr/bin/env python3
"""Proves that a file compiles as it stands and does not with MUST_NOT_COMPILE defined.

Called by ctest through cmake/must_not_compile.cmake: must_not_compile.py FILE -- COMPILER FLAGS...
"""
import re
import subprocess
import sys


def main():
    file, command = sys.argv[1], sys.argv[sys.argv.index("--") + 1:]
    twin = subprocess.run(command + [file], capture_output=True, text=True)
    if twin.returncode != 0:
        sys.exit(f"{file}: the twin that must compile does not:\n{twin.stderr}")
    bad = subprocess.run(command + ["-DMUST_NOT_COMPILE", file], capture_output=True, text=True)
    if bad.returncode == 0:
        sys.exit(f"{file}: compiles with MUST_NOT_COMPILE defined; the protection is gone")
    with open(file, encoding="utf-8") as text:
        for words in re.findall(r"^// expect: (.+)$", text.read(), re.M):
            if words.strip() not in bad.stderr:
                sys.exit(f"{file}: refused, but not for the expected reason ({words.strip()}):\n{bad.stderr}")


main()
