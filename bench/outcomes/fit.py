"""Worlds of the outcomes study out of real data: what the earlier half says (parameters), and what the later half was.

Only the standard library. Used by outcomes.py; figures of the earlier half are frozen in parameters.json. Nothing here
knows a pricing policy.

A *case* is one product in one window: the forecast that the earlier half gives for it, the demand that the later half
really had at the list price, and when in the window it came.
"""
import collections
import csv
import datetime
import gzip
import math
import statistics

WORLDS = ("fresh", "gifts", "sneakers")
PERIODS = {"fresh": 16, "gifts": 42, "sneakers": 14}          # reviews in a window
CADENCE_S = {"fresh": 3600, "gifts": 14400, "sneakers": 86400}
FILES = {"fresh": "freshretailnet/freshretail_hourly_part.csv.gz",
         "gifts": "online_retail/online_retail_2010-12_2011-08.csv.gz",
         "sneakers": "stockx_2019/stockx_2019_sales.csv.gz"}
CASES_MAX = 150


def rows(shared, world):
    with gzip.open(shared / "data" / FILES[world], "rt", encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


class Sighting:
    """One product in one window: units by period, the price as a share of list, whether demand was seen whole."""
    __slots__ = ("product", "start", "units", "price", "whole", "day")

    def __init__(self, product, start, periods):
        self.product, self.start, self.units, self.price, self.whole = product, start, [0.0] * periods, 1.0, True


def fresh(shared, series_max=1500):
    """A store's product on a day, hours 6 … 21. Sales come in steps of .1; a step counts as a unit."""
    out, seen = [], {}
    for row in rows(shared, "fresh"):
        product = (row["store_id"], row["product_id"])
        if product not in seen and len(seen) >= series_max:
            continue
        seen[product] = True
        sighting = Sighting(product, datetime.date.fromisoformat(row["dt"]), 16)
        sighting.units = [10 * float(value) for value in row["hours_sale"].split()[6:22]]
        sighting.whole = "1" not in row["hours_stock_status"].split()[6:22]
        sighting.price = float(row["discount"])
        out.append(sighting)
    return out


def gifts(shared):
    """A stock code in a week from Monday; a unit is an invoice line: wholesale quantities carry their own prices."""
    prices = collections.defaultdict(collections.Counter)
    weeks = {}
    for row in rows(shared, "gifts"):
        code, quantity, price = row["StockCode"], int(row["Quantity"]), float(row["UnitPrice"])
        if row["InvoiceNo"][0] in "CA" or quantity <= 0 or price <= 0 or not code[:5].isdigit():
            continue
        at = datetime.datetime.fromisoformat(row["InvoiceDate"])
        monday = (at - datetime.timedelta(days=at.weekday())).date()
        hour = int((at - datetime.datetime.combine(monday, datetime.time())).total_seconds() // 14400)
        sighting = weeks.setdefault((code, monday), Sighting(code, monday, 42))
        sighting.units[hour] += 1
        prices[code, monday][price] += 1
    usual = collections.defaultdict(list)
    for (code, _), counted in prices.items():
        usual[code].append(counted.most_common(1)[0][0])
    for (code, monday), sighting in weeks.items():
        # the list price: the highest price that was the usual one in at least a fifth of its weeks
        counted = collections.Counter(usual[code])
        listed = max(price for price, n in counted.items() if n >= .2 * len(usual[code]))
        sighting.price = prices[code, monday].most_common(1)[0][0] / listed
    return list(weeks.values())


def sneakers(shared):
    """A shoe in fourteen days; resale: the list price is the median of the four weeks before."""
    days = collections.defaultdict(lambda: collections.defaultdict(list))
    for row in rows(shared, "sneakers"):
        day = datetime.date.fromisoformat(row["Order Date"])
        days[row["Sneaker Name"].lower()][day].append(float(row["Sale Price"]))
    out = []
    first, step = datetime.date(2017, 9, 1), datetime.timedelta(days=14)
    for name, sold in days.items():
        start = first
        while start <= max(sold):
            sighting = Sighting(name, start, 14)
            paid, before = [], []
            for day in range(14):
                found = sold.get(start + datetime.timedelta(days=day), [])
                sighting.units[day] = float(len(found))
                paid += found
            for day in range(1, 29):
                before += sold.get(start - datetime.timedelta(days=day), [])
            if paid and before:
                sighting.price = statistics.median(paid) / statistics.median(before)
                out.append(sighting)
            start += step
    return out


def halves(sightings):
    """By date: the earlier half of the span, the later half."""
    first, last = min(s.start for s in sightings), max(s.start for s in sightings)
    middle = first + (last - first) / 2
    return [s for s in sightings if s.start <= middle], [s for s in sightings if s.start > middle], middle


def within_slope(points):
    """points: (product, log price, log units less its date's mean) -> slope, s.e., products, windows used."""
    groups = collections.defaultdict(list)
    for product, x, y in points:
        groups[product].append((x, y))
    sxx = sxy = syy = 0.0
    n = used = 0
    for pairs in groups.values():
        if len(pairs) < 3:
            continue
        mx, my = (statistics.fmean(values) for values in zip(*pairs))
        part = sum((x - mx) ** 2 for x, _ in pairs)
        if part < 1e-3:
            continue
        used += 1
        sxx += part
        sxy += sum((x - mx) * (y - my) for x, y in pairs)
        syy += sum((y - my) ** 2 for _, y in pairs)
        n += len(pairs) - 1
    slope = sxy / sxx
    return slope, math.sqrt(max(0.0, syy - slope * sxy) / max(1, n - 1) / sxx), used, n


def elasticity(sightings):
    """Within products, after the date's own level: log units on log price of windows that were seen whole."""
    whole = [s for s in sightings if s.whole and sum(s.units) > 0 and s.price > 0]
    level = collections.defaultdict(list)
    for s in whole:
        level[s.start].append(math.log(sum(s.units)))
    mean = {date: statistics.fmean(values) for date, values in level.items()}
    return within_slope([(s.product, math.log(s.price), math.log(sum(s.units)) - mean[s.start]) for s in whole])


def demand_at_list(sighting, slope):
    return sum(sighting.units) * sighting.price ** -slope


def forecasts(sightings, slope, at_least=4):
    by_product = collections.defaultdict(list)
    for s in sightings:
        if s.whole:
            by_product[s.product].append(demand_at_list(s, slope))
    return {product: statistics.fmean(values) for product, values in by_product.items()
            if len(values) >= at_least and statistics.fmean(values) >= 5}


def log_error_sd(earlier, slope):
    """Forecast from the first half of the earlier half, actual in its second half: robust sd of the log ratio."""
    first, second, _ = halves(earlier)
    forecast = forecasts(first, slope, 2)
    ratios = [math.log(demand_at_list(s, slope) / forecast[s.product]) for s in second
              if s.whole and s.product in forecast and demand_at_list(s, slope) > 0]
    middle = statistics.median(ratios)
    spread = 1.4826 * statistics.median(abs(ratio - middle) for ratio in ratios)
    return spread, middle, len(ratios)


def curve(sightings):
    total = [0.0] * len(sightings[0].units)
    for s in sightings:
        if s.whole:
            for i, units in enumerate(s.units):
                total[i] += units
    return [units / sum(total) for units in total]


def cases(earlier, later, slope_then, slope_now):
    """Products with a forecast from the earlier half, each in up to two windows of the later half, evenly picked."""
    forecast = forecasts(earlier, slope_then)
    by_product = collections.defaultdict(list)
    for s in later:
        if s.product in forecast and s.whole and sum(s.units) > 0:
            by_product[s.product].append(s)
    products = sorted(by_product, key=str)
    step = max(1, math.ceil(2 * len(products) / CASES_MAX))
    out = []
    for product in products[::step]:
        seen = sorted(by_product[product], key=lambda s: s.start)
        for s in (seen[len(seen) // 3], seen[2 * len(seen) // 3]) if len(seen) > 2 else seen[:1]:
            shares = [units / sum(s.units) for units in s.units]
            out.append({"product": "/".join(product) if isinstance(product, tuple) else product, "start": str(s.start),
                        "forecast": forecast[product], "actual": demand_at_list(s, slope_now), "shares": shares})
    return out


READ = {"fresh": fresh, "gifts": gifts, "sneakers": sneakers}
