"""The stand-in for Stripe as a process of its own (fake_stripe.mjs), and a shop that uses it."""
import contextlib
import fcntl
import http.client
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import PATIENCE, Shop, until  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
KEY, SECRET = "sk_test_fake", "whsec_fake_one"


def fetch():
    """Node's packages of this folder, once; tests may start at the same time, so fetching holds a lock."""
    if not shutil.which("npm"):
        raise unittest.SkipTest("npm is not here: Stripe's own library cannot judge; nothing was tested")
    with open(HERE / ".fetching", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = HERE / "node_modules" / ".package-lock.json"
        if stamp.is_file() and stamp.stat().st_mtime >= (HERE / "package-lock.json").stat().st_mtime:
            return
        done = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"], cwd=HERE,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{done.stderr}\nnpm ci failed; the payment tests need the package registry once.")
        stamp.touch()


@contextlib.contextmanager
def certified():
    """A certificate of its own for localhost, and its key."""
    with tempfile.TemporaryDirectory(prefix="dropsmith-cert-") as folder:
        certificate, key = f"{folder}/cert.pem", f"{folder}/key.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                        "-nodes", "-keyout", key, "-out", certificate, "-days", "1", "-subj", "/CN=localhost",
                        "-addext", "subjectAltName=DNS:localhost"], check=True, capture_output=True)
        yield certificate, key


class FakeStripe:
    def __init__(self, environment=None):
        fetch()
        self.process = subprocess.Popen(["node", "fake_stripe.mjs"], cwd=HERE, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env={**os.environ, "FAKE_STRIPE_KEY": KEY,
                                                                     **(environment or {})})
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.tls = "FAKE_STRIPE_CERT" in (environment or {})

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()

    def do(self, what, **words):
        if self.tls:
            link = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=PATIENCE,
                                               context=ssl._create_unverified_context())
        else:
            link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        link.request("POST", f"/test/{what}", json.dumps(words))
        answer = json.loads(link.getresponse().read())
        link.close()
        return answer

    @property
    def state(self):
        return self.do("state")

    def session_of(self, checkout):
        return next((s for s in self.state["sessions"] if s["client_reference_id"] == checkout["id"]), None)

    def intent(self, name):
        return next(i for i in self.state["intents"] if i["id"] == name)

    def refunds(self, intent):
        return [r["amount"] for r in self.state["refunds"] if r["payment_intent"] == intent]

    def requests(self, match, method="POST"):
        return [r for r in self.state["requests"] if match in r["url"] and r["method"] == method]


def form_of(request):
    return dict(urllib.parse.parse_qsl(request["body"], keep_blank_values=True, strict_parsing=bool(request["body"])))


class StripeShop(Shop):
    """A shop with payment pages by the stand-in."""

    def __init__(self, fake, *arguments, secrets=SECRET, key=KEY, url=None, environment=None):
        super().__init__(arguments=["--stripe-url", url or f"http://127.0.0.1:{fake.port}", *arguments],
                         environment={"DROPSMITH_STRIPE_KEY": key, "DROPSMITH_STRIPE_WEBHOOK_SECRETS": secrets,
                                      **(environment or {})})
        self.fake = fake

    def checkout(self, hold, key=None, email="buyer@example.com", **more):
        body = {"person": {"email": email}, "fulfilment": {"method": "pickup"}, **more}
        return self.call("POST", f"/v1/holds/{hold['id']}/checkout", body, key=key or uuid.uuid4().hex,
                         token=hold["secret"])

    def page(self, hold):
        return self.call("GET", f"/v1/holds/{hold['id']}/checkout", token=hold["secret"]).body

    def opened(self, hold, **more):
        """Asks for a page and waits for it: Stripe's session."""
        asked = self.checkout(hold, **more)
        assert asked.status in (200, 202), asked
        until(lambda: self.page(hold)["status"] == "open")
        return self.fake.session_of(self.page(hold))

    def tell(self, event, secret=SECRET, timestamp=None, change=None):
        """Delivers one of the stand-in's events, signed by Stripe's library."""
        words = {"event": event, "secret": secret}
        if timestamp is not None:
            words["timestamp"] = timestamp
        made = self.fake.do("signed", **words)
        header, payload = made["header"], made["payload"].encode()
        if change:
            header, payload = change(header, payload)
        return self.call("POST", "/v1/webhooks/stripe", payload, headers={"Stripe-Signature": header})

    def is_now(self, hold, status):
        return until(lambda: self.page(hold), lambda seen: seen["status"] == status, f"not {status}")

    def refund(self, page, units=1):
        return self.staff("POST", f"/v1/orders/{page['order']['id']}/refunds",
                          {"lines": [{"line": 0, "units": units}], "reason": "test"})

    def facts(self):
        """How many there are, once nothing of before goes on: refusals, of answers that were overtaken too, are counted
        by a fact a second later."""
        seen = []
        for _ in range(20):
            seen.append(self.command("verify")["facts"])
            if seen[-3:] == [seen[-1]] * 3:
                return seen[-1]
            time.sleep(1.2)
        raise AssertionError("the shop does not come to rest")

    def open_items(self):
        return self.staff("GET", "/v1/payments/open-items?limit=200")["data"]

    def tasks(self):
        return self.staff("GET", "/v1/payments/tasks")["data"]
