"""A shop for whole-program tests: starts the real `dropsmith`, speaks its HTTP API, ends it by its own process id.

Standard library only. Every address is loopback, every wait has an end, every folder is a temporary one unless the
caller names it. Nothing here knows a rule of the shop: it only says what the API's contract says, so that a test that
uses it judges the program from outside.

    from shop import Shop, gbp
    with Shop() as shop:
        drop = shop.open_drop([("MUG-RED", 100)])
        answer = shop.hold(drop, "MUG-RED", key="k-1")
        assert answer.status == 201, answer
        print(shop.verify())

Used by tests/http, tests/crash, tests/replay and bench/selling. One Shop belongs to one thread, but `call` keeps a
connection per thread, so that buyers may share a started Shop.
"""

import datetime
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parents[2]
# How long a test waits for what must come: a patience, never a bound that the shop is measured by. A machine of
# continuous integration may be many times slower than this one, and busy.
PATIENCE = 120


def program(name="dropsmith"):
    """The built program: $DROPSMITH_BUILD/NAME, else the first of the usual build folders that has it."""
    asked = os.environ.get("DROPSMITH_BUILD")
    builds = [pathlib.Path(asked)] if asked else [ROOT / "build" / preset for preset in ("release", "debug")]
    for build in builds:
        for place in (build / name, build / "bin" / name, build / "tests" / "load" / name):
            if place.is_file():
                return str(place)
    sys.exit(f"{name} is not built: looked in {', '.join(map(str, builds))}. Run `./run build` first.")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(read, holds=bool, what="", seconds=PATIENCE, every=0.05):
    """Reads again and again until `holds` says yes: what was read. Else an error that names what was read last."""
    end = time.monotonic() + seconds
    while True:
        seen = read()
        if holds(seen):
            return seen
        if time.monotonic() > end:
            raise ShopError(f"{what or 'it never came to it'}; last seen after {seconds} s: {seen}")
        time.sleep(every)


def gbp(amount):
    return {"amount": amount, "currency": "GBP"}


def utc(moment):
    return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def now():
    return datetime.datetime.now(datetime.timezone.utc)


class Answer:
    """One HTTP answer: `status`, `headers` (names in lower case), `raw` bytes, `body` (parsed JSON or None)."""

    def __init__(self, status, headers, raw):
        self.status, self.headers, self.raw = status, headers, raw
        try:
            self.body = json.loads(raw) if raw else None
        except ValueError:
            self.body = None

    @property
    def code(self):
        """The stable word of a refusal, or None."""
        return self.body.get("code") if isinstance(self.body, dict) else None

    @property
    def replayed(self):
        return self.headers.get("idempotent-replayed") == "true"

    def __repr__(self):
        return f"<{self.status} {self.raw[:600]!r}>"


def first(process):
    """Before the others on its core, where the system allows it."""
    try:
        os.setpriority(os.PRIO_PROCESS, process.pid, -10)
    except PermissionError:
        pass
    return process


def acceptance():
    """True for the long run: DROPSMITH_ACCEPTANCE=1 ./test"""
    return os.environ.get("DROPSMITH_ACCEPTANCE", "") not in ("", "0")


def load(port, *words, timeout=600, background=False):
    """drop_loader on a port: its JSON line; with `background` the running process (see `loaded`)."""
    line = [program("drop_loader"), "--port", str(port), *map(str, words)]
    process = subprocess.Popen(line, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    return process if background else loaded(process, timeout)


def loaded(process, timeout=600):
    """Waits for a load that was started in the background: its JSON line."""
    try:
        output, errors = process.communicate(timeout=timeout)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise ShopError(f"the load did not end within {timeout} s") from None
    if not output:
        raise ShopError(f"the load failed: {errors.decode(errors='replace')}")
    return json.loads(output)


class ShopError(AssertionError):
    pass


def _wire(method, path, body=None, key=None, token=None):
    body = b"" if body is None else json.dumps(body).encode()
    head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(body)}"]
    head += ["Content-Type: application/json"] if body else []
    head += [f"Idempotency-Key: {key}"] if key else []
    head += [f"Authorization: Bearer {token}"] if token else []
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def _answer(replies):
    status, headers = replies.readline().split(b" ", 2), {}
    if len(status) < 2:
        raise ConnectionError("the server closed the connection in the middle")
    while (line := replies.readline().strip()):
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    return Answer(int(status[1]), headers, replies.read(int(headers.get("content-length", 0))))


class Shop:
    """A running (or stopped) shop on a data folder. As a context manager: starts it, at the end stops and cleans up."""

    def __init__(self, data=None, binary=None, arguments=(), cores=None, environment=None):
        self.binary = binary or program()
        self.own_folder = data is None
        self.data = str(data) if data else tempfile.mkdtemp(prefix="dropsmith-test-")
        self.arguments, self.cores, self.environment = list(arguments), cores, environment
        self.port, self.process, self.owner, self.log_began = None, None, None, 0
        self.local, self.connections = threading.local(), []

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        try:
            self.stop(check=kind is None)
        finally:
            self.clean_up(kind is not None)

    def clean_up(self, failed):
        for connection in self.connections:
            connection.close()
        if failed:
            print(f"--- the end of the server's log ---\n{self.log_tail()}", file=sys.stderr)
        if self.own_folder:
            shutil.rmtree(self.data, ignore_errors=True)
            pathlib.Path(self.log_path()).unlink(missing_ok=True)

    # -- the process ------------------------------------------------------------------------------------------------

    def start(self, arguments=()):
        """Starts the server on a free port, waits until /readyz answers 200; a port lost to someone else is retried.
        The owner's token is made first, while the folder is nobody's."""
        self.token()
        for _ in range(5):
            self.launch(arguments)
            if self._wait_ready():
                return self
            if "in use" not in self.log_tail():
                break
        raise ShopError(f"the server did not start (exit {self.process.poll()}):\n{self.log_tail()}")

    def launch(self, arguments=()):
        """Starts the process and does not wait for it."""
        self.port = free_port()
        pin = ["taskset", "-c", self.cores] if self.cores else []
        line = pin + [self.binary, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"]
        with open(self.log_path(), "ab") as log:
            self.log_began = log.tell()
            self.process = subprocess.Popen(line + self.arguments + list(arguments), stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, cwd="/",
                                            env={**os.environ, **(self.environment or {})})

    def serves(self):
        """It says so itself: on a port that was lost to somebody else, another shop may answer."""
        if not os.path.isfile(self.log_path()):
            return True  # a test that keeps no log
        with open(self.log_path(), "rb") as log:
            log.seek(self.log_began)
            return b'"event":"serving"' in log.read()

    def _wait_ready(self):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.process.poll() is not None:
                return False
            try:
                if self.serves() and self.call("GET", "/readyz").status == 200:
                    return True
            except OSError:
                pass
            time.sleep(0.02)
        self.kill9()
        return False

    def stop(self, check=True):
        """Asks for a graceful stop (SIGTERM) and waits; with `check`, an exit other than 0 is an error."""
        if self.process is None:
            return None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.kill9()
            raise ShopError(f"the server did not stop within {PATIENCE} s:\n{self.log_tail()}") from None
        self.process = None
        if check and code != 0:
            raise ShopError(f"the server ended with {code}:\n{self.log_tail()}")
        return code

    def kill9(self):
        """kill -9, and reaps the process."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def log_path(self):
        return self.data.rstrip("/") + ".log"

    def log_tail(self, size=3000):
        try:
            return pathlib.Path(self.log_path()).read_bytes()[-size:].decode(errors="replace")
        except OSError:
            return "(no log)"

    def command(self, *words, check=True):
        """Runs a command of the program on this shop's folder: its JSON; with check=False (exit code, JSON)."""
        done = subprocess.run([self.binary, *words, "--data", self.data, "--json"], capture_output=True, timeout=600)
        try:
            output = json.loads(done.stdout)
        except ValueError:
            output = None
        if check and (done.returncode != 0 or output is None):
            raise ShopError(f"dropsmith {' '.join(words)} ended with {done.returncode}: "
                            f"{done.stdout[-1500:].decode()}{done.stderr[-1500:].decode()}")
        return output if check else (done.returncode, output)

    def verify(self):
        """`dropsmith verify --json`; fails when a law does not hold."""
        found = self.command("verify")
        broken = [law for law in found["laws"] if not law["holds"]]
        if broken:
            raise ShopError(f"laws broken: {json.dumps(broken)}")
        return found

    # -- the API ----------------------------------------------------------------------------------------------------

    def call(self, method, path, body=None, key=None, token=None, headers=None, timeout=PATIENCE):
        """One request on this thread's kept connection; a connection that the server closed is opened once more, but
        only for requests that may be repeated (GET, or with a key)."""
        head = dict(headers or {})
        if body is not None and not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if body is not None:
            head.setdefault("Content-Type", "application/json")
        if key is not None:
            head["Idempotency-Key"] = key
        if token is not None:
            head["Authorization"] = f"Bearer {token}"
        for last in (False, True):
            connection = self._connection(timeout)
            try:
                connection.request(method, path, body, head)
                reply = connection.getresponse()
                return Answer(reply.status, {n.lower(): v for n, v in reply.getheaders()}, reply.read())
            except (OSError, http.client.HTTPException) as error:
                fresh = self.local.fresh
                self._forget()
                if last or fresh or not (method == "GET" or key):
                    raise error if isinstance(error, OSError) else ConnectionError(repr(error)) from error
        raise ShopError("unreachable")

    def call_many(self, calls, together=32, timeout=PATIENCE):
        """The answers to many (method, path, body, key, token), so many at a time down one connection of its own: for
        audits that look at everything."""
        answers = []
        with (socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as line,
              line.makefile("rb") as replies):
            for start in range(0, len(calls), together):
                some = calls[start:start + together]
                line.sendall(b"".join(_wire(*one) for one in some))
                answers += [_answer(replies) for _ in some]
        return answers

    def _connection(self, timeout):
        held = getattr(self.local, "connection", None)
        self.local.fresh = held is None or self.local.port != self.port
        if self.local.fresh:
            self._forget()
            self.local.port = self.port
            self.local.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
            self.connections.append(self.local.connection)
        return self.local.connection

    def _forget(self):
        if getattr(self.local, "connection", None) is not None:
            self.local.connection.close()
        self.local.connection = None

    def token(self, role="owner"):
        """A staff token of `role`; the owner's is made once and kept."""
        if role != "owner":
            return self.command("token", "create", "--role", role)["token"]
        if self.owner is None:
            self.owner = self.command("token", "create", "--role", "owner")["token"]
        return self.owner

    def staff(self, method, path, body=None, expect=None, headers=None):
        """A staff call as owner with a fresh key; any status other than `expect` (default: any 2xx) is an error."""
        key = None if method == "GET" else uuid.uuid4().hex
        answer = self.call(method, path, body, key=key, token=self.token(), headers=headers)
        if (answer.status not in expect) if expect else (answer.status // 100 != 2):
            raise ShopError(f"{method} {path} {json.dumps(body)[:400]} answered {answer}")
        return answer.body

    def place(self, name="Test hub", kind="hub", time_zone="Europe/London"):
        return self.staff("POST", "/v1/places", {"name": name, "kind": kind, "time_zone": time_zone})["id"]

    def product(self, title, skus, unit_cost=1000, list_price=2990):
        """A product; `skus` are names, or whole API objects."""
        money = {"unit_cost": gbp(unit_cost), "list_price": gbp(list_price)}
        whole = [{"sku": sku, **money} if isinstance(sku, str) else sku for sku in skus]
        return self.staff("POST", "/v1/products", {"title": title, "skus": whole})["id"]

    def receipt(self, place, units_by_sku, unit_cost=1000):
        lines = [{"sku": sku, "units": units, "unit_cost": gbp(unit_cost)} for sku, units in units_by_sku]
        return self.staff("POST", "/v1/stock/receipts", {"place": place, "lines": lines})

    def stock(self, sku):
        return self.staff("GET", f"/v1/stock?sku={sku}")["data"]

    def draft_drop(self, units_by_sku, slug=None, price=2990, floor=1500, opens_in=0.3, hours=24, hold_seconds=None,
                   **more):
        """A drop in status draft: one fixed price per line, cap = the units given. `more` replaces fields."""
        slug = slug or f"drop-{uuid.uuid4().hex[:10]}"
        opens = now() + datetime.timedelta(seconds=opens_in)
        body = {
            "slug": slug, "title": f"Test drop {slug}", "opens_at": utc(opens),
            "closes_at": utc(opens + datetime.timedelta(hours=hours)), "timezone": "Europe/London", "channels": ["web"],
            "lines": [{"sku": sku, "cap": cap, "bands": [gbp(price)], "floor": gbp(floor), "list_price": gbp(price)}
                      for sku, cap in units_by_sku],
            "pricing": {"policy": "fixed", "objective": "contribution_margin", "cadence_s": 3600},
        }
        if hold_seconds:
            body["hold_seconds"] = hold_seconds
        return self.staff("POST", "/v1/drops", {**body, **more})

    def open_drop(self, units_by_sku, stock=True, timeout=PATIENCE, **draft):
        """Products, stock at a new place, a drop over them, scheduled, waited for until open: the drop's JSON."""
        units_by_sku = list(units_by_sku)
        if stock:
            skus = [sku for sku, _ in units_by_sku]
            for start in range(0, len(skus), 50):
                self.product(f"Test goods {skus[start]}", skus[start:start + 50])
            place = self.place(name=f"Hub of {skus[0]}")
            for start in range(0, len(skus), 50):
                self.receipt(place, units_by_sku[start:start + 50])
        drop = self.draft_drop(units_by_sku, **draft)
        self.staff("POST", f"/v1/drops/{drop['id']}/schedule", {})
        return self.wait_status(drop["id"], "open", timeout)

    def wait_status(self, drop, status, timeout=PATIENCE):
        return until(lambda: self.call("GET", f"/v1/drops/{drop}", token=self.token()),
                     lambda seen: seen.status == 200 and seen.body["status"] == status,
                     f"drop {drop} is not {status}", timeout).body

    def hold(self, drop, sku, units=1, key=None, channel="web", **more):
        """POST /v1/holds for one line; `drop` is an id or a drop's JSON. A fresh key when none is given."""
        body = {"drop": drop if isinstance(drop, str) else drop["id"], "channel": channel,
                "lines": [{"sku": sku, "units": units}], **more}
        return self.call("POST", "/v1/holds", body, key=key or uuid.uuid4().hex)

    def confirm(self, hold, key=None, email="buyer@example.com", **more):
        """POST /v1/holds/{id}/confirm with the hold's own secret; `hold` is the 201 body of the hold."""
        body = {"person": {"email": email}, "fulfilment": {"method": "ship"}, "payment": {"method": "manual"}, **more}
        return self.call("POST", f"/v1/holds/{hold['id']}/confirm", body, key=key or uuid.uuid4().hex,
                         token=hold["secret"])

    def release(self, hold):
        return self.call("DELETE", f"/v1/holds/{hold['id']}", key=uuid.uuid4().hex, token=hold["secret"])
