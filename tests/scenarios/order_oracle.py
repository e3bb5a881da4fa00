#!/usr/bin/env python3
"""The independent judge of an order's money: computes totals, tax and refunds from docs/concepts/money-and-tax.md with
Python's decimal arithmetic, and compares with what the shop's own rules did (order_dump). Nothing here was taken from
the C++ code; only the page's rules. Stops at the first difference and shows it.

    order_oracle.py --program build/release/order_dump --orders 1000000 --seed 1

Before it believes itself, it falsifies one figure of each kind in the first orders and must notice every time; and it
counts how often rounding each line by itself would have answered differently, which must not be never.
"""
import argparse
import copy
import json
import subprocess
import sys
import time
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, getcontext

getcontext().prec = 60
PLACES = {"GBP": 2, "JPY": 0, "BHD": 3}
MILLION = Decimal(1_000_000)


class Differs(Exception):
    """What differs, with both answers."""


def same(what, ours, theirs):
    if ours != theirs:
        raise Differs(f"{what}: by the page {ours}, by the program {theirs}")


def rate_of(rates, category, zone, at):
    """The newest row of the closest zone; a category without a row is taxed as standard; none at all: 0."""
    zones = [zone]
    if "-" in zone:
        zones.append(zone.split("-")[0])
    if "" not in zones:
        zones.append("")
    for name in (category, "standard"):
        for near in zones:
            rows = [row for row in rates if row[0] == name and row[1] == near and row[3] <= at]
            if rows:
                return max(rows, key=lambda row: row[3])[2]
    return 0


def taxes(items, unit):
    """items: (amount, rate in millionths, includes tax). The tax of each, by pools and largest remainders."""
    answer = [Decimal(0)] * len(items)
    for pool_of in sorted({(rate, includes) for _, rate, includes in items}):
        pool = [i for i, (_, rate, includes) in enumerate(items) if (rate, includes) == pool_of]
        rate, includes = Decimal(pool_of[0]) / MILLION, pool_of[1]
        # exact taxes as fractions over one divisor, so that nothing is rounded before its time
        divisor = 1 + rate if includes else Decimal(1)
        numerators = {i: items[i][0] * rate for i in pool}
        in_units = {i: numerators[i] / unit for i in pool}
        floors = {i: in_units[i] // divisor for i in pool}
        remainders = {i: in_units[i] - floors[i] * divisor for i in pool}
        whole = sum(in_units.values())
        rounded = (2 * whole + divisor) // (2 * divisor)  # half up
        missing = int(rounded - sum(floors.values()))
        for i in sorted(pool, key=lambda i: (-remainders[i], i))[:missing]:
            floors[i] += 1
        for i in pool:
            answer[i] = floors[i] * unit
    return answer


def worth_of_first(amount, k, n, unit):
    return (amount / unit * k / n).to_integral_value(rounding=ROUND_FLOOR) * unit


def money(text, places):
    number = Decimal(text)
    if -number.as_tuple().exponent != places:
        raise Differs(f"{text} has not the currency's {places} places")
    return number


def judge(order, naive):
    places = PLACES[order["currency"]]
    unit = Decimal(1).scaleb(-places)
    result, at = order["result"], order["at"]
    sells = at < order["closes_at"]
    items, prices = [], []
    for line in order["lines"]:
        price = money(line["held"], places)
        if sells:
            price = min(price, money(line["now"], places))
        prices.append(price)
        rate = rate_of(order["rates"], line["category"], order["zone"], at)
        items.append((price * line["units"], rate, order["channel_includes"]))
    charge_rate = rate_of(order["rates"], order["charge_category"], order["zone"], at)
    items.append((money(order["charge"], places), charge_rate, order["shop_includes"]))
    tax = taxes(items, unit)
    gross = [amount if includes else amount + tax[i] for i, (amount, _, includes) in enumerate(items)]
    for i, line in enumerate(result["lines"]):
        told = [money(line[0], places), money(line[1], places), money(line[2], places), line[3]]
        same(f"line {i} (unit price, gross, tax, rate)", [prices[i], gross[i], tax[i], items[i][1]], told)
    same("lines", len(items) - 1, len(result["lines"]))
    same("delivery (gross, tax)", [gross[-1], tax[-1]], [money(m, places) for m in result["delivery"]])
    rows = {}
    for i, (amount, rate, _) in enumerate(items):
        if amount:
            base, sum_of = rows.get(rate, (Decimal(0), Decimal(0)))
            rows[rate] = (base + gross[i] - tax[i], sum_of + tax[i])
    same("tax rows", [[r, *rows[r]] for r in sorted(rows)],
         [[r, money(b, places), money(a, places)] for r, b, a in result["tax"]])
    total = sum(gross)
    same("total", total, money(result["total"], places))
    fee = (total * order["fee"][0] / MILLION).quantize(unit, ROUND_HALF_UP) + money(order["fee"][1], places)
    same("payment fee", fee, money(result["fee"], places))
    judge_refunds(order, gross, tax, total, places, unit)
    for i, (amount, rate, includes) in enumerate(items):
        share = Decimal(rate) / MILLION
        alone = amount * share / (1 + share) if includes else amount * share
        if alone.quantize(unit, ROUND_HALF_UP) != tax[i]:
            naive["orders"] += 1
            break


def judge_refunds(order, gross, tax, total, places, unit):
    units = [line["units"] for line in order["lines"]]
    before, delivery_gone, refunded = [0] * len(units), False, Decimal(0)
    charge = gross[-1]
    for refund in order["refunds"]:
        refused, lines, amount = "", [], Decimal(0)
        if not order["paid"]:
            refused = "not_paid"
        elif not refund["ask"] and not refund["delivery"]:
            refused = "bad_value"
        elif any(before[i] + n > units[i] for i, n in refund["ask"]):
            refused = "over_refund"
        elif refund["delivery"] and delivery_gone:
            refused = "over_refund"
        elif not refund["ask"] and charge == 0:
            refused = "bad_value"
        else:
            for i, n in refund["ask"]:
                back = [worth_of_first(whole, before[i] + n, units[i], unit) -
                        worth_of_first(whole, before[i], units[i], unit) for whole in (gross[i], tax[i])]
                lines.append(back)
                amount += back[0]
                before[i] += n
            if refund["delivery"]:
                amount += charge
                delivery_gone = charge != 0
            refunded += amount
        same("refund refused", refused, refund["refused"])
        same("refund's lines (amount, tax)", lines, [[money(m, places) for m in line] for line in refund["lines"]])
        same("refund", amount, money(refund["amount"], places))
    if order["cancel"]:
        paid = total if order["paid"] else Decimal(0)
        same("cancelling", ["", paid - refunded], [order["cancel"][0], money(order["cancel"][1], places)])
        refunded = paid
    same("refunded in all", refunded, money(order["refunded"], places))
    if refunded > total:
        raise Differs(f"{refunded} went back of {total}")
    state = "none" if refunded == 0 else "fully" if refunded == total else "partly"
    same("refund state", state, order["refund_state"])


def falsify(order):
    """One wrong figure of each kind; each must be noticed."""
    unit = Decimal(1).scaleb(-PLACES[order["currency"]])

    def wrong(text):
        return str(Decimal(text) + unit)

    spots = [lambda o: o["result"].update(total=wrong(o["result"]["total"])),
             lambda o: o["result"].update(fee=wrong(o["result"]["fee"])),
             lambda o: o["result"]["lines"][0].__setitem__(1, wrong(o["result"]["lines"][0][1])),
             lambda o: o["result"]["lines"][-1].__setitem__(2, wrong(o["result"]["lines"][-1][2])),
             lambda o: o["result"]["tax"][0].__setitem__(2, wrong(o["result"]["tax"][0][2])),
             lambda o: o["result"]["delivery"].__setitem__(0, wrong(o["result"]["delivery"][0])),
             lambda o: o.update(refunded=wrong(o["refunded"]))]
    if order["refunds"]:
        spots.append(lambda o: o["refunds"][0].update(amount=wrong(o["refunds"][0]["amount"])))
    for number, spoil in enumerate(spots):
        copied = copy.deepcopy(order)
        spoil(copied)
        try:
            judge(copied, {"orders": 0})
        except Differs:
            continue
        sys.exit(f"the alarm does not ring: falsehood {number} in order {order['n']} went unnoticed")
    return len(spots)


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("--program", required=True, help="path of order_dump")
    options.add_argument("--orders", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    counts, naive, rung, refunds, started = {}, {"orders": 0}, 0, 0, time.monotonic()
    command = [options.program, str(options.orders), str(options.seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as run:
        for text in run.stdout:
            order = json.loads(text)
            try:
                judge(order, naive)
            except Differs as difference:
                run.kill()
                sys.exit(f"order {order['n']} (seed {options.seed}): {difference}\n{text}")
            if order["n"] % max(1, options.orders // 40) == 1:
                rung += falsify(order)
            key = (order["regime"], order["currency"])
            counts[key] = counts.get(key, 0) + 1
            refunds += sum(1 for r in order["refunds"] if not r["refused"])
    if run.returncode != 0:
        sys.exit(f"order_dump ended with {run.returncode}")
    judged = sum(counts.values())
    if judged != options.orders:
        sys.exit(f"{judged} orders judged, {options.orders} asked")
    if options.orders >= 4_500 and len(counts) != 9:
        sys.exit(f"not all regimes and currencies came up: {counts}")
    if naive["orders"] == 0:
        sys.exit("rounding line by line never differed: these orders prove nothing")
    for (regime, currency), n in sorted(counts.items()):
        print(f"   {regime:9} {currency}  {n:9,} orders")
    print(f"{judged:,} orders and {refunds:,} refunds equal to the minor unit; {rung} falsehoods all found; rounding "
          f"line by line would have differed in {naive['orders']:,} orders; seed {options.seed}, "
          f"{time.monotonic() - started:.0f} s")


if __name__ == "__main__":
    main()
