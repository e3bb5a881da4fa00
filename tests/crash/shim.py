"""The other side of shim.c and allocations.c: a shop whose disk or memory obeys a test, and the scripted day that it
lives through.

    with Faulty(folder) as shop:      # a copy of a prepared folder
        shop.order("power_cut", at=40, seed=7)
        shop.start()
"""

import mmap
import os
import pathlib
import shutil
import struct
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from shop import Shop, ShopError, program  # noqa: E402

WHAT = ["nothing", "end_before", "end_inside", "end_after", "fail", "short", "interrupt", "power_cut"]
KINDS = "QQIIIIQQQ"
FIELDS = ["calls", "at", "what", "slow_ms", "full", "seed", "happened", "syncs", "lies"]
SKU, UNITS = "SHIM", 100_000


class Preloaded(Shop):
    """A shop under a library that stands before the system's. Its orders can be read and changed while it runs; the
    folder is a trial's own and goes with it."""

    library, orders_name, kinds, fields = "", "", "", []

    def __init__(self, data):
        self.layout = struct.Struct("=" + self.kinds)
        self.orders_path = str(data).rstrip("/") + ".orders"
        pathlib.Path(self.orders_path).write_bytes(bytes(self.layout.size))
        super().__init__(data=data)
        with open(self.orders_path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), self.layout.size)

    def launch(self, arguments=()):
        self.environment = {"LD_PRELOAD": program(self.library), self.orders_name: self.orders_path,
                            "DROPSMITH_SHIM_DIR": self.data}
        super().launch(arguments)

    def told(self):
        return dict(zip(self.fields, self.layout.unpack(self.map[:])))

    def order(self, **fields):
        """Changes the given orders and leaves the others."""
        for name, value in fields.items():
            place = self.fields.index(name)
            struct.pack_into("=" + self.kinds[place], self.map, struct.calcsize("=" + self.kinds[:place]), value)

    def clean_up(self, failed):
        super().clean_up(failed)
        for path in (self.orders_path, self.log_path()):
            pathlib.Path(path).unlink(missing_ok=True)
        shutil.rmtree(self.data, ignore_errors=True)


class Faulty(Preloaded):
    """A shop whose disk obeys (shim.c)."""

    library, orders_name, kinds, fields = "libdropsmith_shim.so", "DROPSMITH_SHIM_ORDERS", KINDS, FIELDS

    def order(self, what=None, **fields):
        if what is not None:
            fields["what"] = WHAT.index(what)
        super().order(**fields)


def prepare(folder):
    """A stopped shop with an open drop, to be copied for every trial: (folder, the drop, the owner's token)."""
    data = pathlib.Path(folder, "prepared")
    with Shop(data=data) as shop:
        drop = shop.open_drop([(SKU, UNITS)], hold_seconds=86_400)
        return data, drop, shop.token()


def faulty_copy(prepared, folder, owner, kind=Faulty):
    """A trial's own copy of the prepared folder."""
    data = tempfile.mkdtemp(prefix="trial-", dir=folder)
    shutil.copytree(prepared, data, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))
    shop = kind(data)
    shop.owner = owner
    return shop


class Day:
    """The scripted day: the same requests in the same order each time; what was acknowledged is kept."""

    STEPS = 24

    def __init__(self, shop, drop, name="day"):
        self.shop, self.drop, self.name = shop, drop, name
        self.holds, self.orders, self.released, self.unanswered, self.refused = {}, {}, set(), 0, 0

    def step(self, i):
        """One request; answers False when the shop is gone."""
        try:
            if i % 6 == 4 and self.holds:
                return self.confirm(list(self.holds)[-1])
            if i % 6 == 5 and self.holds:
                return self.release(next(key for key in reversed(self.holds) if key not in self.orders))
            return self.hold(f"{self.name}-{i}")
        except (OSError, StopIteration):
            self.unanswered += 1
            return False

    def hold(self, key):
        answer = self.shop.hold(self.drop, SKU, key=key)
        if answer.status == 201:
            self.holds[key] = answer.body
        else:
            self.note(answer)
        return True

    def confirm(self, key):
        answer = self.shop.confirm(self.holds[key], key=f"confirm-{key}")
        if answer.status == 201:
            self.orders[key] = answer.body
        else:
            self.note(answer)
        return True

    def release(self, key):
        answer = self.shop.release(self.holds[key])
        if answer.status // 100 == 2:
            self.released.add(key)
        else:
            self.note(answer)
        return True

    def note(self, answer):
        if answer.status != 503 or "retry-after" not in answer.headers:
            raise AssertionError(f"neither an effect nor a 503 with Retry-After: {answer}")
        self.refused += 1

    def live(self):
        """Until it is over or the shop is gone."""
        for i in range(self.STEPS):
            if not self.step(i) and self.shop.process.poll() is not None:
                return

    def missing(self):
        """What was acknowledged and is not there, or is there twice, in the shop as it is now."""
        wrong = []
        for key, hold in self.holds.items():
            seen = self.shop.call("GET", f"/v1/holds/{hold['id']}", token=hold["secret"])
            # the answer to a confirmation or a release may have been lost: it may have happened
            allowed = {"confirmed"} if key in self.orders else {"released"} if key in self.released else {
                "held", "confirmed", "released"}
            if seen.status != 200 or seen.body["status"] not in allowed:
                wrong.append(f"{key}: {hold['id']} should be {allowed}: {seen}")
            again = self.shop.hold(self.drop, SKU, key=key)
            if again.status != 201 or again.body["id"] != hold["id"]:
                wrong.append(f"{key} had {hold['id']}, and again: {again}")
        for key, order in self.orders.items():
            if self.shop.call("GET", f"/v1/orders/{order['id']}", token=order["secret"]).status != 200:
                wrong.append(f"order {order['id']} is gone")
        row = next(row for row in self.shop.stock(SKU))
        taken = row["held"] + row["sold"]
        sure = len(self.holds) - len(self.released)
        if not sure - self.unanswered - self.refused <= taken <= sure + self.unanswered:
            wrong.append(f"{taken} units are taken, {sure} acknowledged, {self.unanswered} not answered")
        return wrong


__all__ = ["SKU", "UNITS", "Day", "Faulty", "Preloaded", "Shop", "ShopError", "faulty_copy", "prepare"]
