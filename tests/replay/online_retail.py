#!/usr/bin/env python3
"""The whole loop on real orders: import, audit, plan, serve, then a real 72-hour stretch of purchases as shoppers over
HTTP.

    python3 tests/replay/online_retail.py      REPLAY_SPEED=8640 shop seconds a second: 72 h in 30 s (default 17280)

Data: UCI Online Retail (CC BY 4.0, Daqing Chen), the part 2010-12 … 2011-08, found beside the project or by
$DROPSMITH_SHARED; without it the test says so and is skipped. Caps are 60 % of what was bought in the stretch.
  units: every unit is a shopper of its own (hold, confirm): exactly the caps are sold, every later refusal is sold_out.
  lines: every invoice line is a shopper, one after the other: a refusal asked for more than was free at that moment.
The figures are recounted by recount.py, and `report` and `verify` must agree with them. Judges the program from
outside.
"""
import collections
import concurrent.futures
import csv
import datetime
import gzip
import os
import pathlib
import sys
import time
import unittest
import uuid

HERE = pathlib.Path(__file__).resolve()
sys.path.insert(0, str(HERE.parents[1] / "support"))
from shop import Shop, gbp, utc  # noqa: E402
from recount import recount  # noqa: E402

ROOT = HERE.parents[2]
SPEED = int(os.environ.get("REPLAY_SPEED", "17280"))
STRETCH = datetime.datetime(2010, 12, 6), datetime.datetime(2010, 12, 9)   # local UK time, Monday to Wednesday
SKUS = ("22867", "22633", "85123A")
EXPECTED = {"rows": 320705, "net": 576193138, "gross": 630482606, "returned": -52077056,
            "returns": 2554, "customers": 3360}


def find_data():
    folder = pathlib.Path(os.environ.get("DROPSMITH_SHARED", ROOT.parent / "shared"))
    path = folder / "data/online_retail/online_retail_2010-12_2011-08.csv.gz"
    if not path.is_file():
        raise unittest.SkipTest(f"{path.name} is not here: set DROPSMITH_SHARED to the folder above data/")
    return str(path)


def purchases(path):
    """(moment, sku, units) of the stretch, in order of time."""
    bought = []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["StockCode"] not in SKUS or row["InvoiceNo"][0] in "CA":
                continue
            moment = datetime.datetime.fromisoformat(row["InvoiceDate"])
            if STRETCH[0] <= moment < STRETCH[1] and int(row["Quantity"]) > 0 and float(row["UnitPrice"]) > 0:
                bought.append((moment, row["StockCode"], int(row["Quantity"])))
    return sorted(bought, key=lambda purchase: purchase[0])


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def import_and_plan(shop, path):
    mapping = str(ROOT / "docs/examples/online-retail.toml")
    began = time.monotonic()
    found = shop.command("import", "orders", "--format", "csv", "--map", mapping, path)
    took = time.monotonic() - began
    for field, value in EXPECTED.items():
        have = found[field]["amount"] if isinstance(found[field], dict) else found[field]
        check(have == value, f"import: {field} is {have}, the provenance says {value}")
    print(f"imported {found['rows']} lines in {took:.1f} s; totals equal the provenance to the penny")
    again = shop.command("import", "orders", "--format", "csv", "--map", mapping, path)
    check(again["taken"] == 0 and again["unchanged"] == EXPECTED["rows"],
          f"the same file again changed something: {again}")
    audit = shop.command("audit", "velocity", "--top", "0.1")
    check(audit["picked"] == -(-audit["skus"] // 10) or audit["picked"] == audit["skus"] // 10,
          "the top tenth is picked")
    print(f"audit: {audit['picked']} of {audit['skus']} SKUs picked; fastest {audit['data'][0]['sku']}")
    plan = shop.command("plan", "--skus", ",".join(SKUS), "--window", "72h")
    planned = plan["drop"]
    check({line["sku"] for line in planned["lines"]} == set(SKUS), "the plan has the three SKUs")
    return planned


def stock_up(shop, caps):
    """The planned SKUs are known from history only: give them prices, costs and real stock."""
    place = shop.place("Warehouse", "warehouse")
    for sku in caps:
        product = shop.staff("GET", f"/v1/products?sku={sku}")["data"][0]["id"]
        shop.staff("PATCH", f"/v1/products/{product}",
                   {"skus": [{"sku": sku, "unit_cost": gbp(80), "list_price": gbp(210)}]})
    shop.receipt(place, list(caps.items()), unit_cost=80)
    return place


def open_plan(shop, planned, caps, place, speed):
    """The drafted plan with the caps of the test, opened now, 72 hours of shop time."""
    clock = datetime.datetime.fromisoformat(shop.call("GET", "/v1/drops").headers["shop-time"].replace("Z", "+00:00"))
    opens = clock + datetime.timedelta(seconds=2 * speed)
    drop = {**planned, "slug": f"capsule-{uuid.uuid4().hex[:8]}", "opens_at": utc(opens), "hold_seconds": 43200,
            "closes_at": utc(opens + datetime.timedelta(hours=72)), "channels": ["web"]}
    drop.pop("explanations", None)
    drop.pop("assumptions", None)
    for line in drop["lines"]:
        line.update(cap=caps[line["sku"]], places={place: caps[line["sku"]]}, preorder_share=0)
        line.pop("per_person_limit", None)
    made = shop.staff("POST", "/v1/drops", drop)
    shop.staff("POST", f"/v1/drops/{made['id']}/schedule", {})
    return shop.wait_status(made["id"], "open"), time.monotonic()


def buy(shop, drop, sku, units, key):
    """A hold and its confirmation: "sold", or the refusal's answer. A price that moved in between is no refusal."""
    held = shop.hold(drop, sku, units, key=key)
    if held.status != 201:
        return held
    order = shop.confirm(held.body, key=key + "-confirm", fulfilment={"method": "ship"})
    check(order.status == 201, f"a live hold was not confirmed: {order}")
    return "sold"


def run(path, mode, speed):
    bought = purchases(path)
    total = collections.Counter()
    for _, sku, units in bought:
        total[sku] += units
    caps = {sku: total[sku] * 6 // 10 for sku in SKUS}
    with_init = Shop(arguments=["--simulated"])
    with_init.command("init", "--currency", "GBP", "--simulated", "--speed", str(speed), "--seed", "7")
    planned = import_and_plan(with_init, path)
    with with_init as shop:
        place = stock_up(shop, caps)
        drop, opened = open_plan(shop, planned, caps, place, speed)
        sold, refused = collections.Counter(), collections.Counter()

        def wait_for(moment):
            due = opened + (moment - STRETCH[0]).total_seconds() / speed
            time.sleep(max(0.0, due - time.monotonic()))

        if mode == "units":
            shoppers = [(moment, sku) for moment, sku, units in bought for _ in range(units)]

            def one(numbered):
                number, (moment, sku) = numbered
                wait_for(moment)
                return sku, buy(shop, drop, sku, 1, f"unit-{number}")

            with concurrent.futures.ThreadPoolExecutor(8) as pool:
                for sku, outcome in pool.map(one, enumerate(shoppers)):
                    if outcome == "sold":
                        sold[sku] += 1
                    else:
                        check(outcome.status == 409 and outcome.code == "sold_out", f"refused otherwise: {outcome}")
                        refused[outcome.code] += 1
            check(dict(sold) == caps, f"sold {dict(sold)}, the caps are {caps}")
        else:
            for number, (moment, sku, units) in enumerate(bought):
                wait_for(moment)
                free = caps[sku] - sold[sku]
                outcome = buy(shop, drop, sku, units, f"line-{number}")
                if outcome == "sold":
                    check(units <= free, f"{units} of {sku} were sold with {free} free")
                    sold[sku] += units
                else:
                    check(outcome.status == 409 and units > free,
                          f"{units} of {sku} refused with {free} free: {outcome}")
                    check(outcome.code == ("insufficient_stock" if free else "sold_out"), f"{free} free: {outcome}")
                    check(free == 0 or outcome.body["available"] == free, f"available is not {free}: {outcome}")
                    refused[outcome.code] += 1
        found = recount(f"http://127.0.0.1:{shop.port}", shop.token(), drop["id"])
        check(not found["faults"], f"recount: {found['faults']}")
        for sku in SKUS:
            check(found["lines"][sku]["sold"] == sold[sku],
                  f"recount: {found['lines'][sku]}, the shoppers got {sold[sku]}")
        report = shop.staff("GET", f"/v1/drops/{drop['id']}/report")
        check(report["units_sold"] == sum(sold.values()),
              f"report says {report['units_sold']}, sold {sum(sold.values())}")
        verified = shop.verify()
        print(f"{mode}: {len(bought)} invoice lines, caps {caps}, sold {dict(sold)}, refused {dict(refused)}; "
              f"recount, report and verify agree ({verified['facts']} facts)")


class OnlineRetail(unittest.TestCase):
    def test_every_unit_a_shopper(self):
        run(find_data(), "units", SPEED)

    def test_every_line_a_shopper(self):
        run(find_data(), "lines", SPEED)


if __name__ == "__main__":
    unittest.main(verbosity=2)
