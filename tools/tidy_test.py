#!/usr/bin/env python3
"""Proves that every rule of tools/tidy rings on a bad sample, at the right line, and is silent on its good twin."""
import importlib.machinery
import importlib.util
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("tidy", os.path.join(HERE, "tidy"))
tidy = importlib.util.module_from_spec(importlib.util.spec_from_loader("tidy", loader))
loader.exec_module(tidy)

OPEN = "// What it is.\n"
LEFT = "TO" + "DO"  # the words are put together here, so that this file itself stays clean
MACHINE = "/wo" + "rk/x"


def cpp(body):
    return OPEN + body + "\n"


# rule, path, bad text, line that must ring, good text ("" = the good twin is that the file is not there)
CASES = [
    ("rings", "src/base/a.cpp", cpp('#include "model/hold.h"'), 2, cpp('#include "base/money.h"')),
    ("rings", "src/model/a.cpp", cpp('#include "flow/sell/hold.h"'), 2, cpp('#include "base/money.h"')),
    ("rings", "src/flow/sell/a.cpp", cpp('#include "flow/decide/price.h"'), 2, cpp('#include "flow/sell/hold.h"')),
    ("rings", "src/flow/sell/a.cpp", cpp('#include "engine/loop.h"'), 2, cpp('#include "model/state.h"')),
    ("rings", "src/engine/a.cpp", cpp('#include "edge/sqlite/db.h"'), 2, cpp('#include "flow/sell/hold.h"')),
    ("rings", "src/edge/http/a.cpp", cpp('#include "edge/sqlite/db.h"'), 2, cpp('#include "edge/http/request.h"')),
    ("rings", "src/edge/http/a.cpp", cpp('#include "sim/market.h"'), 2, cpp('#include "edge/http/assets.h"')),
    ("rings", "src/sim/a.cpp", cpp('#include "app/settings.h"'), 2, cpp('#include "engine/loop.h"')),
    ("include_path", "src/model/a.cpp", cpp('#include "hold.h"'), 2, cpp('#include "model/hold.h"')),
    ("libraries", "src/engine/a.cpp", cpp("#include <sqlite3.h>"), 2, cpp("#include <vector>")),
    ("libraries", "src/engine/a.cpp", cpp("#include <boost/asio.hpp>"), 2, cpp("// #include <boost/asio.hpp>")),
    ("libraries", "src/base/a.cpp", cpp("#include <boost/describe.hpp>"), 2, cpp("#include <array>")),
    ("vocabulary", "src/engine/loop.cpp", cpp('#include "model/vocabulary.h"'), 2, cpp('#include "model/hold.h"')),
    ("floats", "src/flow/sell/a.cpp", cpp("double price = 1;"), 2, cpp("int price = 1;  // no double")),
    ("sql", "src/edge/sqlite/a.cpp", cpp('auto q = "SELECT 1";'), 2, cpp('auto q = "Select a drop";')),
    ("sql", "docs/a.sql", "-- what\n", 1, ""),
    ("banned", "src/flow/sell/a.cpp", cpp("int x = rand();"), 2, cpp("int x = strand(1);")),
    ("banned", "src/engine/a.cpp", cpp("auto t = std::chrono::system_clock::now();"), 2, cpp("auto t = moment.at;")),
    ("banned", "src/model/a.cpp", cpp("auto t = time(nullptr);"), 2, cpp("auto t = run_time(nullptr);")),
    ("banned", "src/flow/sell/a.cpp", cpp("auto t = std::chrono::steady_clock::now();"), 2, cpp("auto t = moment.at;")),
    ("banned", "src/edge/cli/a.cpp", cpp("auto t = localtime(&x);"), 2, cpp("auto t = local_time(x);")),
    ("hash_order", "src/flow/sell/a.cpp", cpp("std::unordered_map<A, B<int>> m;\nfor (auto& x : s.m) f(x);"), 3,
     cpp("std::map<A, B<int>> m;\nfor (auto& x : s.m) f(x);")),
    ("hash_order", "src/model/a.cpp", cpp("std::unordered_set<int> m;\nauto i = m.begin();"), 3,
     cpp("std::unordered_set<int> m;\nauto i = m.find(1); if (i == m.end()) f();")),
    ("banned", "src/edge/http/a.cpp", cpp("throw 1;"), 2, cpp('auto s = "throw";')),
    ("banned", "src/model/a.cpp", cpp("assert(x);"), 2, cpp("static_assert(x); CHECK(x);")),
    ("banned", "src/engine/a.cpp", cpp('std::printf("x");'), 2, cpp('auto s = fmt::format("x");')),
    ("banned", "src/engine/a.cpp", cpp("std::cerr << 1;"), 2, cpp("log << 1;")),
    ("banned", "src/edge/files/a.cpp", cpp("int x = std::stoi(s);"), 2, cpp("std::from_chars(a, b, x);")),
    ("banned", "src/base/a.cpp", cpp("strcpy(a, b);"), 2, cpp("a = b;")),
    ("banned", "src/app/a.cpp", cpp('system("ls");'), 2, cpp("file_system(1);")),
    ("banned", "src/engine/a.cpp", cpp("auto* x = new Thing;"), 2, cpp("Owner(new A(1));  // new A")),
    ("banned", "src/engine/a.cpp", cpp("out << std::endl;"), 2, cpp("out << '\\n';")),
    ("banned", "src/engine/a.cpp", cpp("thread.detach();"), 2, cpp("thread.join();")),
    ("banned", "src/engine/a.cpp", cpp('getenv("X");'), 2, cpp("settings.x;")),
    ("banned", "src/engine/a.cpp", cpp("std::this_thread::sleep_for(x);"), 2, cpp("ready.wait(lock);")),
    ("banned", "src/engine/a.cpp", cpp("using namespace std;"), 2, cpp("using std::swap;")),
    ("banned", "src/engine/a.cpp", cpp("goto end;"), 2, cpp("return;")),
    ("width", "src/base/a.cpp", cpp("// " + "x" * 118), 2, cpp("// " + "x" * 117)),
    ("length", "src/base/a.cpp", OPEN * 501, 1, OPEN * 500),
    ("function_length", "src/base/a.cpp", cpp("void f() {\n" + "    g();\n" * 99 + "}"), 2,
     cpp("void f() {\n" + "    g();\n" * 98 + "}")),
    ("opening", "src/base/a.cpp", "int x;\n", 1, cpp("int x;")),
    ("opening", "tools/a.py", "import os\n", 1, '#!/usr/bin/env python3\n"""What it is."""\n'),
    ("opening", "src/edge/sqlite/a.sql", "SELECT 1;\n", 1, "-- what\nSELECT 1;\n"),
    ("pragma_once", "src/base/a.h", cpp("int x;"), 1, cpp("#pragma once\nint x;")),
    ("file_names", "src/base/BadName.cpp", cpp("int x;"), 1, ""),
    ("file_names", "src/flow/shared.h", cpp("#pragma once"), 1, ""),
    ("whitespace", "src/base/a.cpp", cpp("int x; "), 2, cpp("int x;")),
    ("whitespace", "src/base/a.cpp", cpp("\tint x;"), 2, cpp("    int x;")),
    ("whitespace", "src/base/a.cpp", OPEN + "int x;", 2, cpp("int x;")),
    ("whitespace", "src/base/a.cpp", "// What.\r\nint x;\r\n", 1, cpp("int x;")),
    ("left_over", "docs/a.md", f"# A\n\n{LEFT}: more\n", 3, "# A\n\nTODOS are none\n"),
    ("machine_paths", "docs/a.md", f"# A\n\nsee {MACHINE}\n", 3, "# A\n\nsee ./work/x and a/work/x\n"),
    ("machine_paths", "web/package-lock.json", '{\n"resolved": "https://x"}\n', 2, "{}\n"),
    ("big_blobs", "docs/a.png", "x" * 300_001, 1, "x" * 300_000),
    ("links", "docs/a.md", "# A\n[b](b.md)\n", 2, "# A\n[b](a.md#x) [c](https://example.org/)\n"),
    ("tests_can_fail", "src/base/a_test.cpp", cpp("TEST(A, B) {\n    f();\n}"), 2,
     cpp("TEST(A, B) {\n    EXPECT_EQ(1, 1);\n}")),
    ("tests_can_fail", "src/base/a_test.cpp", cpp("TEST(A, DISABLED_B) { EXPECT_TRUE(x); }"), 2,
     cpp("TEST(A, B) { EXPECT_TRUE(x); }")),
    ("dead_files", "src/base/dead.h", cpp("#pragma once"), 1, ""),
]


def findings(files):
    with tempfile.TemporaryDirectory() as root:
        for path, text in files.items():
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8", newline="") as file:
                file.write(text)
        return [(path, line, rule) for path, line, rule, *_ in tidy.check(root)[2]]


def main():
    failures = []
    for number, (rule, path, bad, line, good) in enumerate(CASES, 1):
        if (path, line, rule) not in findings({path: bad}):
            failures.append(f"case {number}: [{rule}] is silent on {bad[:60]!r} in {path}")
        if good and any(r == rule for _, _, r in findings({path: good})):
            failures.append(f"case {number}: [{rule}] rings on the good twin {good[:60]!r} in {path}")

    silent = set(tidy.RULES) - {case[0] for case in CASES}
    if silent:
        failures.append(f"rules without a bad sample: {sorted(silent)}")
    for pattern, *_ in tidy.BANNED:
        if not any(tidy.re.search(pattern, case[2]) for case in CASES if case[0] == "banned"):
            failures.append(f"a banned call without a bad sample: {pattern}")

    # An exemption with a reason silences one rule in one file; without a reason, or without need, it is a finding.
    bad = {"src/base/a.cpp": "int x;\n"}
    exempt = {**bad, "tools/tidy_exempt.txt": "opening src/base/a.cpp why not\n"}
    if any(r == "opening" for _, _, r in findings(exempt)):
        failures.append("an exemption with a reason is not heeded")
    for row in ("opening src/base/a.cpp\n", "floats src/base/a.cpp no need\n"):
        if not any(r == "exempt" for _, _, r in findings({**bad, "tools/tidy_exempt.txt": row})):
            failures.append(f"an exemption without reason or need passes: {row.strip()}")

    # A header is alive when main reaches it, and with it the file that implements it.
    alive = findings({"src/app/main.cpp": cpp('#include "base/a.h"'), "src/base/a.h": cpp("#pragma once"),
                      "src/base/a.cpp": cpp('#include "base/a.h"')})
    if any(r == "dead_files" for _, _, r in alive):
        failures.append("dead_files rings on code that main reaches")

    # From outside too: the program exits 1 and says file:line.
    with tempfile.TemporaryDirectory() as root:
        os.makedirs(os.path.join(root, "tools"))
        for name in ("tidy", "tidy_limits.py"):
            with open(os.path.join(HERE, name), encoding="utf-8") as source:
                text = source.read()
            with open(os.path.join(root, "tools", name), "w", encoding="utf-8") as copy:
                copy.write(text.rstrip("\n"))
        run = subprocess.run([sys.executable, os.path.join(root, "tools", "tidy")], capture_output=True, text=True)
        if run.returncode != 1 or "[whitespace] no newline at the end" not in run.stdout:
            failures.append(f"the program does not fail by its exit status: {run.returncode} {run.stdout}")

    print("\n".join(failures) or f"{len(CASES)} bad samples ring, {len(tidy.RULES)} rules")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
