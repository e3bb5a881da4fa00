#!/usr/bin/env python3
"""Turns a .sql file into a C++ header, so that SQL lives in .sql files and nowhere else.

embed_sql.py src/edge/sqlite/journal.sql OUT.h   is included as   #include "edge/sqlite/journal.sql.h"
and gives, in namespace dropsmith::sqlite::sql::journal, one std::string_view constant per statement that stands
under a line `-- name: append_batch`, and `text`, the whole file.
"""
import os
import re
import sys


def literal(text):
    # A raw string literal may hold at most 64 kB on some compilers: adjacent pieces of whole lines are joined.
    lines, pieces, piece = text.splitlines(keepends=True), [], ""
    for line in lines:
        if len(piece) + len(line) > 8000:
            pieces.append(piece)
            piece = ""
        piece += line
    pieces.append(piece)
    return "\n    ".join(f'R"sql~({p})sql~"' for p in pieces)


def main():
    source, out = sys.argv[1], sys.argv[2]
    with open(source, encoding="utf-8") as file:
        text = file.read()
    room = os.path.basename(os.path.dirname(source))
    name = os.path.basename(source)[: -len(".sql")].replace("-", "_")
    constants = [("text", text)]
    parts = re.split(r"^-- name:\s*(\S+)[^\n]*\n", text, flags=re.M)
    for key, body in zip(parts[1::2], parts[2::2]):
        if not re.fullmatch(r"[a-z][a-z0-9_]*", key) or key in dict(constants):
            sys.exit(f"{source}: '-- name: {key}' must be a new snake_case word")
        constants.append((key, body.strip()))
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w", encoding="utf-8") as file:
        file.write(f"// Generated from {os.path.basename(source)} by tools/embed_sql.py.\n#pragma once\n\n")
        file.write("#include <string_view>\n\n")
        file.write(f"namespace dropsmith::{room}::sql::{name} {{\n")
        for key, body in constants:
            file.write(f"inline constexpr std::string_view {key} =\n    {literal(body)};\n")
        file.write("}\n")


main()
