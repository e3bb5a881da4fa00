#!/usr/bin/env python3
"""openapi.json, the reference page and the route table say the same: every route is in all three, and nothing else
is. Every $ref leads somewhere, every operation has an id of its own, and each request struct's required fields
are really required."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))
from shop import Shop  # noqa: E402


class OpenApi(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Shop().start()
        cls.document = cls.shop.call("GET", "/openapi.json").body
        cls.routes = json.loads(subprocess.run([cls.shop.binary, "routes", "--json"], check=True,
                                               capture_output=True).stdout)

    @classmethod
    def tearDownClass(cls):
        cls.shop.stop()

    def test_the_same_routes(self):
        described = {(method.upper(), path) for path, methods in self.document["paths"].items() for method in methods}
        table = {(route["method"], route["path"]) for route in self.routes}
        self.assertEqual(described, table)
        self.assertEqual(len(table), len(self.routes), "a route stands twice in the table")

    def test_what_the_contract_names_is_there(self):
        table = {(route["method"], route["path"]) for route in self.routes}
        for line in """GET /v1/drops|GET /v1/drops/{id}|POST /v1/quotes|POST /v1/holds|GET /v1/holds/{id}
            PATCH /v1/holds/{id}
            DELETE /v1/holds/{id}|POST /v1/holds/{id}/confirm|GET /v1/orders/{id}|POST /v1/orders/{id}/cancel
            POST /v1/holds:batch|POST /v1/signals|GET /v1/stream|GET /d/{slug}|POST /v1/places|GET /v1/places
            PATCH /v1/places/{id}|POST /v1/products|GET /v1/products|PATCH /v1/products/{id}|POST /v1/channels
            GET /v1/channels|PATCH /v1/channels/{id}|POST /v1/stock/receipts|POST /v1/stock/moves|POST /v1/stock/counts
            POST /v1/stock/sales|GET /v1/stock|POST /v1/drops|PATCH /v1/drops/{id}|POST /v1/drops/{id}/schedule
            POST /v1/drops/{id}/pause|POST /v1/drops/{id}/resume|POST /v1/drops/{id}/close|POST /v1/drops/{id}/cancel
            POST /v1/drops/{id}/overrides|GET /v1/orders|POST /v1/orders/{id}/refunds|POST /v1/orders/{id}/ready
            POST /v1/orders/{id}/hand-over|POST /v1/orders/{id}/ship|GET /v1/decisions|POST /v1/rehearsals
            GET /v1/rehearsals/{id}|GET /v1/drops/{id}/report|GET /v1/audit|GET /metrics|GET /healthz|GET /readyz
            GET /openapi.json|GET /docs""".replace("\n", "|").split("|"):
            with self.subTest(line.strip()):
                self.assertIn(tuple(line.split()), table)

    def test_references_lead_somewhere(self):
        schemas = self.document["components"]["schemas"]

        def walk(node):
            if isinstance(node, dict):
                if "$ref" in node:
                    self.assertIn(node["$ref"].removeprefix("#/components/schemas/"), schemas)
                for value in node.values():
                    walk(value)
            elif isinstance(node, list):
                for value in node:
                    walk(value)

        walk(self.document)
        ids = [operation["operationId"] for methods in self.document["paths"].values()
               for operation in methods.values()]
        self.assertEqual(len(ids), len(set(ids)))

    def test_required_fields_are_required_and_unknown_ones_refused(self):
        for path, methods in self.document["paths"].items():
            for method, operation in methods.items():
                if "requestBody" not in operation or "{" in path or path in ("/v1/setup", "/v1/signals"):
                    continue
                name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
                required = set(self.document["components"]["schemas"][name].get("required", []))
                with self.subTest(f"{method} {path}"):
                    answer = self.shop.call(method.upper(), path, {"no_such_field": 1}, key="openapi-" + path,
                                            token=self.shop.token())
                    self.assertEqual(answer.status, 400, answer)
                    self.assertTrue(answer.headers["content-type"].startswith("application/problem+json"))
                    pointers = {error["pointer"] for error in answer.body["errors"]}
                    self.assertIn("/no_such_field", pointers)
                    self.assertLessEqual({"/" + field for field in required}, pointers)

    def test_the_type_of_every_problem_leads_to_its_words(self):
        page = self.shop.call("GET", "/docs/problems").raw.decode()
        words = {word for path in (ROOT / "src" / "model").glob("*.h")
                 for word in re.findall(r'RefusalCode \w+\{\d+, "(\w+)"\}', path.read_text())}
        self.assertGreater(len(words), 30)
        for path in (ROOT / "src" / "edge" / "http").glob("*.cpp"):
            words |= set(re.findall(r'problem\(\d+, "(\w+)"', path.read_text()))
        for word in sorted(words):
            with self.subTest(word):
                self.assertIn(f'id="{word}"', page)
        refused = self.shop.call("GET", "/v1/nothing")
        path, anchor = refused.body["type"].split("#")
        self.assertEqual(path, "/docs/problems")
        self.assertIn(f'id="{anchor}"', page)

    def test_the_reference_page_is_up_to_date(self):
        written = subprocess.run([self.shop.binary, "routes", "--markdown"], check=True, capture_output=True).stdout
        kept = (ROOT / "docs" / "reference" / "http.md").read_bytes()
        self.assertEqual(kept.decode(), written.decode(),
                         "run: dropsmith routes --markdown > docs/reference/http.md")


if __name__ == "__main__":
    unittest.main()
