#!/usr/bin/env python3
"""The brief's outcomes on real data: markdown cost -30 %, markdown depth 18 % instead of 35 %, sell-through +27 %.

    ./bench/outcomes/outcomes.py             the later half under every policy, with intervals and sensitivity: tables
    ./bench/outcomes/outcomes.py --fit       parameters.json anew from the earlier half (frozen: see docs/outcomes.md)
    ./bench/outcomes/outcomes.py --smoke     a made-up world in a second, without data: proves that it runs

Data is found beside the project or by $DROPSMITH_SHARED; the program by $DROPSMITH_BUILD (default build/release). Every
rule of the comparison (windows, caps, bands, policies, figures) stands in this folder and was committed with
parameters.json before any policy was compared. Standard library only.
"""
import argparse
import json
import math
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import fit  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PARAMETERS = HERE / "parameters.json"
SEED, RUNS, TUNING_RUNS, RESAMPLES = 1, 20, 200, 2000
CAP_OVER_FORECAST = 1.2
LIST = 3000
# (name, factor on the elasticity of the market, factor on its arrivals)
SENSITIVITY = (("as fitted", 1, 1), ("elasticity -50 %", .5, 1), ("elasticity +50 %", 1.5, 1),
               ("arrivals -30 %", 1, .7), ("arrivals +30 %", 1, 1.3))
POLICIES = ("engine", "engine-alone", "tuned", "habit", "list", "ts-update", "clairvoyant")


def shared():
    return pathlib.Path(os.environ.get("DROPSMITH_SHARED", ROOT.parent / "shared"))


def program():
    build = pathlib.Path(os.environ.get("DROPSMITH_BUILD", ROOT / "build/release"))
    path = build / "outcomes_market"
    if not path.is_file():
        sys.exit(f"{path} is not built: ninja -C build/release outcomes_market")
    return path


def have(world):
    return (shared() / "data" / fit.FILES[world]).is_file()


def fit_earlier():
    out = {"cap_over_forecast": CAP_OVER_FORECAST, "elasticity_sd": .6, "worlds": {}}
    for world in fit.WORLDS:
        if not have(world):
            sys.exit(f"{fit.FILES[world]} is not under {shared()}/data: set DROPSMITH_SHARED")
        earlier, _, middle = fit.halves(fit.READ[world](shared()))
        slope, error, products, n = fit.elasticity(earlier)
        measured = {"slope": round(slope, 4), "se": round(error, 4), "products": products, "windows": n}
        # Gifts: prices hardly move by chance there; a slope above -1 would say that no shop should ever discount.
        used = -2.62 if world == "gifts" else round(slope, 4)
        spread, middle_error, forecasts = fit.log_error_sd(earlier, used)
        out["worlds"][world] = {
            "file": fit.FILES[world], "earlier_until": str(middle), "windows_seen": len(earlier),
            "window": fit.READ[world].__doc__.strip(), "periods": fit.PERIODS[world],
            "cadence_s": fit.CADENCE_S[world],
            "elasticity_measured": measured, "elasticity": used,
            "elasticity_from": "mean of published retail estimates (Bijmolt, van Heerde, Pieters 2005)"
            if world == "gifts" else "within products, after each date's own level, windows seen whole",
            "log_forecast_error": {"sd": round(spread, 4), "median": round(middle_error, 4),
                                   "forecasts": forecasts},
            "arrival_shares": [round(share, 5) for share in fit.curve(earlier)],
            "windows_below_97_percent_of_list": round(sum(s.price < .97 for s in earlier) / len(earlier), 4)}
        print(world, measured, file=sys.stderr)
    PARAMETERS.write_text(json.dumps(out, indent=1) + "\n", encoding="utf-8")


def play(parameters, world, cases, true_elasticity, elasticity_factor, arrivals_factor, runs=RUNS, tuning=TUNING_RUNS):
    """{policy: [(cap, sold, paid, units below list, paid for them, left)]} by case."""
    at = parameters["worlds"][world]
    error = at["log_forecast_error"]
    lines = [f'{at["cadence_s"]} {SEED} {runs} {tuning} {-at["elasticity"]} {parameters["elasticity_sd"]} '
             f'{error["sd"]} {error["median"]} {-true_elasticity * elasticity_factor} {arrivals_factor}',
             " ".join(map(str, at["arrival_shares"]))]
    for case in cases:
        cap = max(1, math.ceil(parameters["cap_over_forecast"] * case["forecast"]))
        shares = " ".join(f"{share:.6f}" for share in case["shares"])
        lines.append(f'{case["forecast"]:.6f} {case["actual"]:.6f} {cap} {shares}')
    done = subprocess.run([program()], input="\n".join(lines) + "\n", check=True, capture_output=True, text=True)
    out = {policy: [] for policy in POLICIES}
    for line in done.stdout.splitlines():
        _, policy, *figures, _tuned = line.split()
        out[policy].append(tuple(map(float, figures)))
    return out


def figures(rows):
    cap, sold, paid, below, below_paid, left = (sum(column) for column in zip(*rows))
    return {"markdown cost": LIST * below - below_paid,
            "depth": 1 - below_paid / (LIST * below) if below > 0 else 0.0,
            "sell-through": sold / cap, "revenue": paid, "units below list": below / sold if sold else 0.0,
            "leftovers": left / cap}


def change(ours, theirs):
    """Relative change of markdown cost, depth, sell-through, revenue: ours against theirs."""
    a, b = figures(ours), figures(theirs)
    return {key: (a[key] / b[key] - 1) if b[key] else float("nan")
            for key in ("markdown cost", "depth", "sell-through", "revenue")}


def intervals(played, rival, clusters):
    """95 % by resampling products: a product's windows stay together."""
    chance = random.Random(SEED)
    members = {}
    for i, product in enumerate(clusters):
        members.setdefault(product, []).append(i)
    names = sorted(members)
    found = []
    for _ in range(RESAMPLES):
        index = [i for name in chance.choices(names, k=len(names)) for i in members[name]]
        found.append(change([played["engine"][i] for i in index], [played[rival][i] for i in index]))
    out = {}
    for key in found[0]:
        values = sorted(one[key] for one in found if one[key] == one[key])
        n = len(values)
        out[key] = (values[int(.025 * n)], values[int(.975 * n)]) if values else (math.nan, math.nan)
    return out


def percent(value):
    return "n/a" if value != value else f"{100 * value:+.1f} %"


def report(parameters, world, cases, true_elasticity):
    clusters = [case["product"] for case in cases]
    print(f"\n### {world}: {len(cases)} windows of {len(set(clusters))} products, elasticity of the market "
          f"{true_elasticity:.2f}\n")
    fitted = play(parameters, world, cases, true_elasticity, 1, 1)
    print("| policy | revenue against tuned | sell-through | units below list | depth of those | markdown cost, share "
          "of list value sold | left over |\n|---|---|---|---|---|---|---|")
    base = figures(fitted["tuned"])
    for policy in POLICIES:
        at = figures(fitted[policy])
        sold = sum(row[1] for row in fitted[policy])
        print(f'| {policy} | {percent(at["revenue"] / base["revenue"] - 1)} | {100 * at["sell-through"]:.1f} % | '
              f'{100 * at["units below list"]:.1f} % | {100 * at["depth"]:.1f} % | '
              f'{100 * at["markdown cost"] / (LIST * sold):.1f} % | {100 * at["leftovers"]:.1f} % |')
    print("\n| engine against | market | markdown cost | depth | sell-through | revenue |\n|---|---|---|---|---|---|")
    for name, elasticity_factor, arrivals_factor in SENSITIVITY:
        played = fitted if name == "as fitted" else play(parameters, world, cases, true_elasticity, elasticity_factor,
                                                         arrivals_factor)
        for rival in ("tuned", "habit") if name == "as fitted" else ("tuned",):
            found, around = change(played["engine"], played[rival]), intervals(played, rival, clusters)
            print(f"| {rival} | {name} | " + " | ".join(
                f"{percent(found[key])} [{percent(around[key][0])}, {percent(around[key][1])}]"
                for key in found) + " |", flush=True)


def smoke():
    shares = [1 / 16] * 16
    parameters = {"cap_over_forecast": 1.2, "elasticity_sd": .6, "worlds": {"fresh": {
        "cadence_s": 3600, "elasticity": -2.0, "log_forecast_error": {"sd": .4, "median": 0},
        "arrival_shares": shares}}}
    cases = [{"forecast": 12.0 + i, "actual": 8.0 + 2 * i, "shares": shares, "product": str(i)} for i in range(4)]
    played = play(parameters, "fresh", cases, -2.0, 1, 1, runs=4, tuning=20)
    for policy in POLICIES:
        assert len(played[policy]) == 4, policy
        for cap, sold, paid, below, below_paid, left in played[policy]:
            assert abs(sold + left - cap) < 1e-3 and 0 <= below <= sold + 1e-3 and below_paid <= paid + 1e-1, policy
    assert all(row[3] == 0 for row in played["list"]), "the list price is no markdown"
    best = figures(played["clairvoyant"])["revenue"]
    assert all(figures(rows)["revenue"] <= 1.1 * best for rows in played.values())
    print("outcomes: a made-up world played under", ", ".join(POLICIES))


def main():
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--fit", action="store_true", help="parameters.json anew from the earlier half")
    asked.add_argument("--smoke", action="store_true", help="a made-up world, without data")
    given = asked.parse_args()
    if given.smoke:
        return smoke()
    if given.fit:
        return fit_earlier()
    parameters = json.loads(PARAMETERS.read_text(encoding="utf-8"))
    for world in fit.WORLDS:
        if not have(world):
            print(f"\n{world}: {fit.FILES[world]} is not under {shared()}/data: skipped; set DROPSMITH_SHARED")
            continue
        earlier, later, _ = fit.halves(fit.READ[world](shared()))
        slope = parameters["worlds"][world]["elasticity"]
        now = fit.elasticity(later)[0] if world != "gifts" else slope
        report(parameters, world, fit.cases(earlier, later, slope, now), now)


if __name__ == "__main__":
    main()
