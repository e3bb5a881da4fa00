#!/usr/bin/env python3
"""The worked documents of docs/examples: each drop document rehearses as it stands, in the mode that it shows, and the
laboratory takes its instance with the guardrails. A document that no longer fits the program fails here.

    python3 tests/http/examples.py
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import program  # noqa: E402

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples"
OWN = {"drop-ladder.json": "ladder", "drop-taper.json": "announced taper", "drop-cohort.json": "engine, cohort",
       "drop-at-risk.json": "engine", "drop-channels.json": "engine"}


def told(*arguments):
    run = subprocess.run([program(), *arguments, "--json"], capture_output=True, text=True,
                         timeout=120, check=False)
    if run.returncode != 0:
        raise AssertionError(run.stderr)
    return json.loads(run.stdout)


class Examples(unittest.TestCase):
    def test_every_drop_document_rehearses(self):
        found = {path.name for path in EXAMPLES.glob("drop-*.json")}
        self.assertEqual(found, set(OWN), "each document is named here with its mode")
        for name, own in OWN.items():
            with self.subTest(name):
                answer = told("rehearse", str(EXAMPLES / name), "--runs", "40")
                policy = answer["policies"][0]
                self.assertEqual(policy["policy"], own)
                self.assertGreater(policy["sell_through"]["mean"], 0)
                if own in ("ladder", "announced taper"):
                    self.assertGreater(policy["price_changes"], 0)
                    self.assertGreater(policy["below_list_price"], 0)

    def test_a_channel_is_rehearsed_at_its_own_prices(self):
        document = json.loads((EXAMPLES / "drop-channels.json").read_text())
        plain = json.loads(json.dumps(document))
        plain["channels"], own = ["trade"], plain["lines"][0].pop("channels")[1]
        plain["lines"][0].update({name: own[name] for name in ("bands", "list_price", "floor")})
        document["channels"] = ["trade", "web", "pop-up"]
        with tempfile.TemporaryDirectory() as folder:
            answers = []
            for name, plan, more in (("own", document, ()), ("plain", plain, ()), ("full", document, ("--full",))):
                path = pathlib.Path(folder) / f"{name}.json"
                path.write_text(json.dumps(plan))
                answers.append(told("rehearse", str(path), "--runs", "12", "--seed", "5", *more))
        own, plain, full = ({policy["policy"]: policy for policy in answer["policies"]} for answer in answers)
        self.assertEqual(own, plain, "the first channel of the plan is played, at its own prices")
        for name in ("revenue", "margin", "sell_through", "leftovers"):
            self.assertEqual(own["engine"][name], full["engine"][name], f"{name}: both speeds agree")
        self.assertTrue(any('"trade" is played' in one for one in answers[0]["assumptions"]), answers[0]["assumptions"])

    def test_the_laboratory_takes_its_guardrails(self):
        instance = str(EXAMPLES / "lab-instance.json")
        answer = told("lab", "pricing", "--instance", instance, "--runs", "20", "--guardrails",
                      str(EXAMPLES / "guardrails.json"))
        self.assertEqual(answer["guardrails"], json.loads((EXAMPLES / "guardrails.json").read_text()))


if __name__ == "__main__":
    unittest.main(verbosity=2)
