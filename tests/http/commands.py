#!/usr/bin/env python3
"""The commands: with the shop at rest and running, --json and for people, exit codes; and the demo with its kill."""
import json
import pathlib
import signal
import subprocess
import sys
import tempfile
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import PATIENCE, Shop, free_port, program, until  # noqa: E402

# Each hold of theirs is looked up again after each kill, while they go on: eight buy so much that this takes a minute.
FEW = ("--buyers", "4")


def run(*words, data=None, stdin=""):
    line = [program(), *words] + (["--data", data] if data else [])
    return subprocess.run(line, capture_output=True, text=True, input=stdin, timeout=120)


class Commands(unittest.TestCase):
    def test_usage(self):
        self.assertEqual(run().returncode, 2)
        self.assertEqual(run("nonsense").returncode, 2)
        self.assertEqual(run("token", "create").returncode, 2)
        self.assertEqual(run("--help").returncode, 0)
        for words in (["serve"], ["demo"], ["audit", "velocity"], ["plan"], ["rehearse"], ["report"], ["verify"],
                      ["backup"], ["token", "create"], ["lab", "pricing"], ["prove"], ["routes"]):
            shown = run(*words, "--help")
            self.assertEqual(shown.returncode, 0, words)
            self.assertIn("Example:", shown.stdout, words)

    def test_a_missing_folder_is_not_made_by_reading(self):
        with tempfile.TemporaryDirectory() as base:
            data = base + "/nothing"
            for words in (["report", "x"], ["audit", "velocity"], ["plan"], ["verify"]):
                done = run(*words, data=data)
                self.assertEqual(done.returncode, 1, words)
                self.assertNotEqual(done.stderr, "")
                self.assertFalse(pathlib.Path(data).exists(), words)

    def test_the_same_at_rest_and_running(self):
        with Shop() as shop:
            drop = shop.open_drop([("CLI-1", 5)])
            shop.confirm(shop.hold(drop, "CLI-1").body)
            running = shop.command("report", drop["slug"])
            self.assertEqual(running["units_sold"], 1)
            viewer = shop.command("token", "create", "--role", "viewer")
            self.assertEqual(shop.call("GET", "/v1/me", token=viewer["token"]).body["role"], "viewer")
            locked = run("serve", "--listen", f"127.0.0.1:{free_port()}", data=shop.data)
            self.assertEqual(locked.returncode, 1)
            shop.stop()
            resting = shop.command("report", drop["slug"])
            self.assertEqual(resting["units_sold"], 1)
            people = run("report", drop["slug"], data=shop.data)
            self.assertEqual(people.returncode, 0)
            self.assertIn("units_sold: 1", people.stdout)
            self.assertEqual(run("report", "no-such-drop", data=shop.data).returncode, 1)
            audit = shop.command("audit", "velocity", "--top", "0.5")
            self.assertLessEqual({"since", "until", "skus", "picked", "data"}, set(audit))
            self.assertEqual(run("audit", "velocity", "--top", "7", data=shop.data).returncode, 1)
            self.assertEqual(run("plan", "--window", "soon", data=shop.data).returncode, 2)
            verified = shop.command("verify")
            self.assertTrue(all(law["holds"] for law in verified["laws"]))
            self.assertGreater(verified["facts"], 5)

    def test_the_laboratory(self):
        problem = json.dumps({"prices": [1000, 2000], "buy_probability": [0.8, 0.3], "periods": 20, "stock": 5})
        done = run("lab", "pricing", "--instance", "-", "--policy", "dp-known", "--runs", "50", "--seed", "1", "--json",
                   stdin=problem)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertLessEqual({"policy", "runs", "mean_revenue", "lp_bound", "dp_optimum"}, set(json.loads(done.stdout)))
        bad = run("lab", "pricing", "--instance", "-", "--policy", "nonsense", "--runs", "5", stdin=problem)
        self.assertEqual(bad.returncode, 1)

    def test_the_prover(self):
        done = run("prove", "--seeds", "200", "--from", "7", "--threads", "2", "--json")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual((told["from"], told["seeds"], told["breached"], told["breaches"]), (7, 200, 0, []))
        self.assertGreater(told["facts"], 5_000)
        self.assertGreater(told["met"]["cut_in_write"], 0)
        self.assertEqual(run("prove", "--seeds", "0").returncode, 2)

    def test_the_prover_on_the_program_as_installed(self):
        """Killed while it sells, nothing acknowledged is missing; a folder that was set back must be noticed; OpenSSL
        takes the report's signature, and does not take another report's."""
        with tempfile.TemporaryDirectory() as base, Shop(data=base + "/shop") as shop:
            shop.stop()
            report, other = base + "/proof.json", base + "/other.json"
            done = run("prove", "--seeds", "5", "--on", base, "--kills", "3", *FEW, "--report", report, "--data",
                       shop.data, "--json", data=None)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            told = json.loads(done.stdout)
            self.assertEqual(json.loads(pathlib.Path(report).read_text()), told)
            installed = told["installed"]
            self.assertEqual((installed["breaches"], installed["kills"], installed["kept"]), ([], 3, ""))
            self.assertGreater(min(installed[name] for name in ("holds", "released", "orders", "refunds", "repeated",
                                                                "facts", "slowest_restart_ms")), 0, installed)
            self.assertEqual(list(pathlib.Path(base).glob("dropsmith-proof-*")), [], "what held is cleared away")

            def signed(text):
                judge = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", report + ".pem", "-rawin", "-in", text,
                         "-sigfile", report + ".sig"]
                return subprocess.run(judge, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0

            self.assertTrue(signed(report))
            pathlib.Path(other).write_text(pathlib.Path(report).read_text().replace('"breached":0', '"breached":1', 1))
            self.assertFalse(signed(other), "a report that was changed")
            rings = run("prove", "--seeds", "1", "--on", base, "--kills", "3", *FEW, "--set-back", "--json", data=None)
            self.assertEqual(rings.returncode, 1, rings.stdout + rings.stderr)
            found = json.loads(rings.stdout)["installed"]
            self.assertGreater(found["breached"], 0)
            self.assertTrue(pathlib.Path(found["kept"], "shop").is_dir(), "what broke is kept")
            self.assertEqual(run("prove", "--report", report, data=None).returncode, 2, "a report needs a shop's key")

    def test_demo_survives_its_kill(self):
        port = free_port()
        demo = subprocess.Popen([program(), "demo", "--seed", "5", "--listen", f"127.0.0.1:{port}", "--json"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            said = json.loads(demo.stdout.readline())
            self.assertTrue(said["simulated"])

            def ask(method, path):
                request = urllib.request.Request(said["address"] + path, method=method,
                                                 data=b"{}" if method == "POST" else None,
                                                 headers={"Authorization": f"Bearer {said['token']}"})
                with urllib.request.urlopen(request, timeout=PATIENCE) as reply:
                    return json.loads(reply.read())

            def facts():
                try:
                    return ask("GET", "/v1/audit")
                except OSError:
                    return None
            self.assertTrue(ask("GET", "/v1/demo")["can_kill"])
            before = until(facts)
            ask("POST", "/v1/demo/kill")
            while "signal 9" not in (told := demo.stderr.readline()):  # only what comes after it is the next one's
                self.assertTrue(told, "the demo ended")
            after = until(facts, what="the demo did not come back")
            self.assertGreaterEqual(after["facts"], before["facts"])
            self.assertTrue(all(law["holds"] for law in after["laws"]), after)
        finally:
            demo.send_signal(signal.SIGTERM)
            _, log = demo.communicate(timeout=PATIENCE)
        self.assertEqual(demo.returncode, 0, log)
        self.assertFalse(pathlib.Path(said["data"]).exists(), "the temporary folder is gone")


if __name__ == "__main__":
    unittest.main()
