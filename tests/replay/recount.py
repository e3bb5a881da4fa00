#!/usr/bin/env python3
"""Recounts a drop from outside: every order, page by page over the HTTP API, against the drop's lines and
the stock's rows.

    python3 tests/replay/recount.py http://127.0.0.1:8080 TOKEN DROP   prints one JSON object; exit 1: figures differ

Knows nothing but the contract: sold units are the units of orders that are not cancelled, less what was refunded and
went back on sale; sold + free = cap per line; received + returned + moved in + short = free + held + sold + moved out +
written off per SKU and place, none negative.
"""
import collections
import json
import sys
import urllib.request


def get(base, token, path):
    request = urllib.request.Request(base + path, headers={"Authorization": "Bearer " + token})
    with urllib.request.urlopen(request, timeout=60) as reply:
        return json.load(reply)


def pages(base, token, path):
    cursor = None
    while True:
        page = get(base, token, path + ("&cursor=" + cursor if cursor else ""))
        yield from page["data"]
        cursor = page.get("next")
        if not cursor:
            return


def recount(base, token, drop_id):
    drop = get(base, token, f"/v1/drops/{drop_id}")
    sold, revenue, orders = collections.Counter(), 0, 0
    for order in pages(base, token, f"/v1/orders?drop={drop['id']}&limit=200"):
        if order["status"] == "cancelled":
            continue
        orders += 1
        revenue += order["total"]["amount"]
        for line in order["lines"]:
            sold[line["sku"]] += line["units"]
    faults = []
    lines = {}
    for line in drop["lines"]:
        sku, cap, free = line["sku"], line["cap"], line["available"]
        lines[sku] = {"cap": cap, "sold": sold[sku], "free": free}
        if sold[sku] > cap:
            faults.append(f"{sku}: {sold[sku]} sold of a cap of {cap}")
        if not isinstance(free, int) or sold[sku] + free != cap:
            faults.append(f"{sku}: {sold[sku]} sold + {free} free is not the cap of {cap}")
        for row in get(base, token, f"/v1/stock?sku={sku}")["data"]:
            came = row["received"] + row["returned"] + row["moved_in"] + row["short"]
            went = row["free"] + row["held"] + row["sold"] + row["moved_out"] + row["written_off"]
            amounts = [value for key, value in row.items() if key not in ("sku", "place")]
            if came != went or min(amounts) < 0:
                faults.append(f"{sku}: the stock law does not hold: {row}")
    return {"drop": drop["id"], "orders": orders, "revenue": revenue, "lines": lines, "faults": faults}


if __name__ == "__main__":
    found = recount(*sys.argv[1:4])
    print(json.dumps(found))
    sys.exit(1 if found["faults"] else 0)
