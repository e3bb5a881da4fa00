// Every gate at once: random plans in every mode, lines, channels (half of the further ones with prices of their own),
// costs, brands, overrides, halts and kills, with a policy that asks for any band it may; and shoppers who look every
// hour. Not one decision may break a law. Some 20,000 decisions here; a million with DROPSMITH_ACCEPTANCE=1 (and by
// tests/long/price_laws for as long as one likes). The judge is proven first: a naive policy that ignores one gate is
// caught by the name of that gate, for each of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/sized_testing.h"
#include "flow/decide/contradictions.h"
#include "flow/decide/exposure.h"
#include "flow/decide/guardrail.h"
#include "flow/decide/modes.h"
#include "flow/decide/opening.h"
#include "flow/decide/price_inside.h"
#include "flow/decide/prior_price.h"
#include "flow/decide/sample_shop_testing.h"
#include "flow/sell/price_now.h"

namespace dropsmith::decide::gate_laws_test {
namespace {

std::int64_t between(Random& random, std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
}
bool chance(Random& random, int percent) { return random.below(100) < static_cast<std::uint64_t>(percent); }

struct World {
    SampleShop shop;
    DropId drop;
    std::vector<LineKey> keys;
    bool schedulable = false;

    explicit World(Random& random) {
        shop.state.shop.tax[0].rate = Rate{between(random, 0, 250'000)};
        shop.state.catalogue.skus[1].terms.unit_cost = Money{between(random, 0, 900)};
        for (auto& product : shop.state.catalogue.products) product.brand = "Harbour";
        shop.state.prices.rules.brands = {{"Harbour", Rate{between(random, 50'000, 900'000)}}};
        auto terms = shop.terms();
        terms.closes_at = terms.opens_at + hours(between(random, 12, 72));
        terms.pricing = pricing(random);
        const auto lines = between(random, 1, 2), channels = between(random, 1, 3);
        for (std::int64_t c = 2; c <= channels; ++c) {
            const ChannelId id{shop.state.places.channels.size() + 1};
            shop.state.places.channels.push_back(
                {id, 1, "channel " + std::to_string(c), ChannelMode::own, chance(random, 50), {}});
            terms.channels.push_back(id);
        }
        terms.lines.clear();
        for (std::int64_t i = 0; i < lines; ++i) terms.lines.push_back(line(random, i ? shop.bare : shop.cup, terms));
        drop = shop.draft(terms);
        schedulable = std::all_of(terms.lines.begin(), terms.lines.end(), [](auto& l) { return l.bands.size() > 1; });
        auto& step = shop.drop(drop).terms.pricing.max_step;
        while (schedulable && !shop.ask(ScheduleDrop{drop}).ok()) {  // a step that reaches no band is made longer
            schedulable = step && *step < Rate{900'000};
            if (schedulable) *step += Rate{50'000};
        }
        if (!schedulable) return;
        shop.now = terms.opens_at, shop.state.at = shop.now;
        shop.drop(drop).status = DropStatus::open;
        shop.take(DropOpened{drop, terms.closes_at});
        for (std::uint32_t i = 0; i < terms.lines.size(); ++i)
            for (const auto channel : terms.channels) keys.push_back({drop, i, channel});
    }

    static PricingTerms pricing(Random& random) {
        PricingTerms out;
        out.mode = static_cast<PriceMode>(random.below(5));
        const bool engine = out.mode == PriceMode::interval || out.mode == PriceMode::cohort;
        out.policy = engine ? PricePolicy::bandit : PricePolicy::fixed;
        out.explore_share = Rate{between(random, 200'000, 1'000'000)};
        out.cohort_share = Rate{between(random, 1, 200'000)};
        if (chance(random, 50) && out.mode != PriceMode::taper) out.max_step = Rate{between(random, 20'000, 400'000)};
        if (chance(random, 30)) out.max_step_up = Rate{between(random, 10'000, 300'000)};
        if (chance(random, 50) && out.mode != PriceMode::taper) out.min_dwell = hours(between(random, 1, 5));
        if (chance(random, 40) && engine) out.revenue_at_risk = Rate{between(random, 20'000, 400'000)};
        if (out.mode == PriceMode::ladder)
            out.ladder = {{hours(2), Rate{900'000}, Rate{50'000}}, {hours(6), Rate{950'000}, Rate{250'000}}};
        return out;
    }

    LineTerms line(Random& random, SkuId sku, const DropTerms& terms) {
        LineTerms out = terms.lines.empty() ? shop.terms().lines[0] : terms.lines[0];
        out.sku = sku, out.places.clear(), out.bands.clear(), out.min_margin.reset(), out.max_discount.reset();
        for (std::int64_t price = between(random, 1'500, 4'000), k = between(random, 2, 6); k > 0;
             --k, price += between(random, 50, 700))
            out.bands.push_back(Money{price});
        out.list_price = Money{between(random, out.bands.front().n, out.bands.back().n + 300)};
        out.floor = Money{between(random, 0, 2'500)};
        if (chance(random, 40)) out.min_margin = Rate{between(random, 0, 400'000)};
        if (chance(random, 40)) out.max_discount = Rate{between(random, 50'000, 600'000)};
        out.return_share = Rate{between(random, 0, 200'000)}, out.return_cost = Money{between(random, 0, 500)};
        out.below_cost_ok = true;
        for (const auto channel : terms.channels)
            if (channel != shop.web && chance(random, 50)) out.channels.push_back(own_prices_of(random, channel));
        for (const auto channel : terms.channels) {  // bands that could not be scheduled go, as a merchant would do
            const auto unit = unit_economics(shop.state, out, channel, shop.now);
            const auto floor = floor_of(in_channel(out, channel), *unit);
            if (!floor) return out.bands.clear(), out;
            auto& bands = bands_in(out, channel);
            std::erase_if(bands, [&](Money band) { return band < floor->price; });
            if (bands.size() < 2) return out.bands.clear(), out;
        }
        return out;
    }

    static ChannelPricing own_prices_of(Random& random, ChannelId channel) {
        ChannelPricing out{channel, {}, {}, {}};
        for (std::int64_t price = between(random, 1'200, 5'000), k = between(random, 2, 6); k > 0;
             --k, price += between(random, 50, 700))
            out.bands.push_back(Money{price});
        if (chance(random, 70)) out.list_price = Money{between(random, out.bands.front().n, out.bands.back().n + 300)};
        if (chance(random, 60)) out.floor = Money{between(random, 0, 3'000)};
        return out;
    }
    static std::vector<Money>& bands_in(LineTerms& line, ChannelId channel) {
        for (auto& own : line.channels)
            if (own.channel == channel && !own.bands.empty()) return own.bands;
        return line.bands;
    }

    ProposePrice proposal(Random& random, const LineKey& key) const {
        ProposePrice out;
        out.key = key;
        const auto& drop_now = shop.state.drops.drops[key.drop.n - 1];
        const auto bands = bands_of(in_channel(drop_now.lines[key.line].terms, key.channel));
        const auto best = random.below(bands.size());
        out.arm = static_cast<std::uint32_t>(random.below(bands.size()));
        for (const auto band : bands) out.inputs.arms.push_back({band, 0, 0, Rate{}});
        out.inputs.arms[best].propensity = whole;
        if (out.arm != best) {
            const auto share = drop_now.terms.pricing.explore_share;
            out.inputs.arms[best].propensity -= share, out.inputs.arms[out.arm].propensity = share;
        }
        out.inputs.based_on = shop.state.head, out.inputs.policy = "any/1", out.inputs.periods_left = 1;
        return out;
    }
};

bool over(Money from, Money to, Rate share) {
    const auto change = from > to ? from - to : to - from;
    return static_cast<__int128>(change.n) * whole.n > static_cast<__int128>(from.n) * share.n;
}

// What the plan says of a channel, read by hand: the judge does not ask the code that it judges.
LineTerms said_of(const LineTerms& line, ChannelId channel) {
    LineTerms out = line;
    for (const auto& own : line.channels)
        if (own.channel == channel) {
            out.bands = own.bands;
            out.list_price = own.list_price.value_or(out.list_price), out.floor = own.floor ? own.floor : out.floor;
        }
    return out;
}

// "" when the decision keeps every law, else the law that it breaks. `state` is that before it.
std::string broken(const State& state, const PriceSet& set, Instant now) {
    const auto& drop = state.drops.drops[set.key.drop.n - 1];
    const auto terms = said_of(drop.lines[set.key.line].terms, set.key.channel);
    const auto& pricing = drop.terms.pricing;
    const auto* before = state.prices.find(set.key);
    const auto unit = *unit_economics(state, terms, set.key.channel, now);
    const auto floor = floor_of(terms, unit);
    const bool moved =
        set.kind == DecisionKind::bandit || set.kind == DecisionKind::taper || set.kind == DecisionKind::ladder;
    const auto is = [](Guardrail by) { return [by](const Clamp& clamp) { return clamp.by == by; }; };
    const auto bound = [&](Guardrail by) { return std::any_of(set.clamps.begin(), set.clamps.end(), is(by)); };
    std::vector<Money> asked{set.price};
    if (set.cohort) asked.push_back(set.cohort->price);
    for (const auto price : asked) {
        if (set.kind != DecisionKind::override_) {
            const bool all_unlawful = floor && terms.bands.back() < floor->price;
            if (price < terms.bands.front() || (price > terms.bands.back() && !all_unlawful)) return "band";
        }
        if (set.kind == DecisionKind::override_) continue;
        if (terms.floor && price < *terms.floor) return "floor";
        if (terms.max_discount && static_cast<__int128>(price.n) * whole.n <
                                      static_cast<__int128>(terms.list_price.n) * (whole - *terms.max_discount).n)
            return "max_discount";
        if (terms.min_margin && static_cast<__int128>(contribution(unit, price).n) * whole.n <
                                    static_cast<__int128>(net_price(unit, price).n) * terms.min_margin->n)
            return "min_margin";
    }
    if (set.kind == DecisionKind::override_ && (!set.until || set.reason.empty())) return "override";
    if (set.kind == DecisionKind::kill && (set.cohort || set.price < std::min(terms.list_price, terms.bands.back())))
        return "kill";
    Money trail = set.wanted;
    for (const auto& clamp : set.clamps) {
        if (clamp.by == Guardrail::explore_share) continue;
        if (clamp.from != trail) return "trail";
        trail = clamp.to;
    }
    const bool cohort = mode_of(pricing) == PriceMode::cohort && set.kind == DecisionKind::bandit &&
                        !bound(Guardrail::cannibalisation);
    if (trail != set.price && !(cohort && (!set.cohort || trail == set.cohort->price || trail >= set.price)))
        return "trail";
    if (set.prior_price &&
        prior_price(state.prices, terms.sku, set.key.channel, std::max(now, drop.terms.opens_at)) != set.prior_price)
        return "prior_price";
    if (!moved || !before) return "";
    const auto from = cohort && before->cohort ? before->cohort->price : before->price;
    const auto to = cohort && set.cohort ? set.cohort->price : set.price;
    const bool lifted = floor && from < floor->price;
    const bool rises = to > from && !(cohort && !set.cohort);
    if (before->halted_by == Guardrail::cascade && set.price != before->price && !lifted &&
        !bound(Guardrail::band_high))  // an edit may have lowered the bands
        return "cascade";
    const auto& step = rises && pricing.max_step_up ? pricing.max_step_up : pricing.max_step;
    const bool governed = bound(Guardrail::cannibalisation) || bound(Guardrail::revenue_at_risk) ||
                          bound(Guardrail::brand_exposure) || set.kind == DecisionKind::taper;
    if (step && !lifted && !governed && over(from, to, *step)) return "max_step";
    if (!lifted && !governed && to != from && before->changed_at + pricing.min_dwell > now) return "dwell";
    if (never_rises(pricing) && rises && !lifted && !bound(Guardrail::cannibalisation)) return "constancy";
    Rate sum, most;
    for (const auto& arm : set.inputs.arms) sum += arm.propensity, most = std::max(most, arm.propensity);
    if (set.kind == DecisionKind::bandit && (sum != whole || whole - most > pricing.explore_share))
        return "explore_share";
    if (set.cohort && set.cohort->share > pricing.explore_share) return "explore_share";
    const bool halted = before->halted_by == Guardrail::cascade;
    const bool stands = bound(Guardrail::constancy) || halted || (cohort && !set.cohort);
    const auto least = exposure_floor(state, set.key);
    if (least && set.kind != DecisionKind::taper && !stands && to < *least && to != terms.bands.back())
        return "brand_exposure";
    const auto baseline = floor ? baseline_band(terms, floor->price) : std::nullopt;
    const bool back = !lifted && !bound(Guardrail::brand_exposure) && !stands;
    if (before->halted_by == Guardrail::cannibalisation && set.kind == DecisionKind::bandit && back && baseline &&
        !cohort && to != *baseline)
        return "cannibalisation";
    if (set.kind == DecisionKind::bandit && pricing.revenue_at_risk && baseline && back) {
        const auto risky = too_risky(state, set.key, *find_line(state, set.key, now), *baseline, now);
        if (std::find(risky.begin(), risky.end(), to) != risky.end()) return "revenue_at_risk";
    }
    return "";
}

struct Tally {
    std::uint64_t decisions = 0, worlds = 0, looks = 0, edits = 0;
    std::map<std::string, std::uint64_t> bound;
    std::map<PriceMode, std::uint64_t> modes;
    std::uint64_t own = 0, outside_the_lines = 0;  // at a channel's own bands; of these, where the line's have no price
};

void judge(World& world, const State& before, const Verdict& verdict, Tally& tally) {
    if (!verdict) return;
    for (const auto& fact : *verdict)
        if (const auto* set = fact.as<PriceSet>()) {
            ++tally.decisions;
            ++tally.modes[mode_of(world.shop.drop(world.drop).terms.pricing)];
            for (const auto& clamp : set->clamps) ++tally.bound[std::string(word_of(clamp.by))];
            const auto& line = before.drops.drops[set->key.drop.n - 1].lines[set->key.line].terms;
            const bool outside = set->price < line.bands.front() || set->price > line.bands.back();
            if (own_prices(line, set->key.channel) && set->kind != DecisionKind::override_)
                ++tally.own, tally.outside_the_lines += outside;
            ASSERT_EQ(broken(before, *set, world.shop.now), "")
                << word_of(set->kind) << " " << set->wanted.n << " -> " << set->price.n << " mode "
                << word_of(mode_of(world.shop.drop(world.drop).terms.pricing)) << " decision " << set->decision.n;
        }
}

template <class C>
void judged(World& world, const C& command, Tally& tally) {
    State before;  // what the judge reads of it
    before.shop = world.shop.state.shop, before.catalogue = world.shop.state.catalogue;
    before.places = world.shop.state.places, before.drops = world.shop.state.drops;
    before.prices = world.shop.state.prices;
    judge(world, before, world.shop.ask(command), tally);
}

// A shopper's price in a drop that promised not to rise; a person's override and the kill switch are not promises of
// it.
void look(World& world, std::map<std::pair<LineKey, std::uint64_t>, Money>& seen, Tally& tally) {
    const auto& pricing = world.shop.drop(world.drop).terms.pricing;
    for (const auto& key : world.keys) {
        const auto& line = world.shop.price(key);
        const auto terms = said_of(world.shop.drop(world.drop).lines[key.line].terms, key.channel);
        const auto floor = floor_of(terms, *unit_economics(world.shop.state, terms, key.channel, world.shop.now));
        for (std::uint64_t session = 1; session <= 8; ++session) {
            const auto price = sell::price_now(world.shop.state.prices, key, world.shop.now, session)->price;
            auto& last = seen[{key, session}];
            const bool promised = never_rises(pricing) && !line.override_until && !line.killed && !line.halted_by &&
                                  line.kind != DecisionKind::override_ended && line.kind != DecisionKind::override_ &&
                                  line.kind != DecisionKind::kill_undone;
            if (last > Money{} && promised && floor && last >= floor->price) {
                ASSERT_LE(price, last) << "session " << session;
            }
            last = promised ? price : Money{};
            ++tally.looks;
        }
    }
}

void sell_some(World& world, Random& random) {
    for (const auto& key : world.keys) {
        const auto price = sell::price_now(world.shop.state.prices, key, world.shop.now, 1 + random.below(50));
        world.shop.sell_at(key, Quantity{between(random, 0, 2)}, price->price, price->decision);
    }
}

// A person edits the plan: another list price, floor or bands. What the kill switch and overrides left standing must be
// lawful afterwards as well.
void edit_some(World& world, Random& random, Tally& tally) {
    auto& shop = world.shop;
    const auto floor_now = [&](const LineKey& key) {
        const auto terms = said_of(shop.drop(world.drop).lines[key.line].terms, key.channel);
        return floor_of(terms, *unit_economics(shop.state, terms, key.channel, shop.now));
    };
    DropEdited edit{world.drop, whole_terms(shop.drop(world.drop)), {}, "test"};
    auto& line = edit.terms.lines[random.below(edit.terms.lines.size())];
    const auto by = Money{between(random, -400, 400)};
    if (chance(random, 50)) line.floor = Money{between(random, 0, 3'500)};
    if (chance(random, 50)) line.list_price = std::max(Money{1}, line.list_price + by);
    if (chance(random, 50))
        for (auto& band : line.bands) band += by;
    for (auto& own : line.channels)
        for (auto& band : own.bands) band -= by;
    const auto verdict = replan(shop.state, edit, Moment{shop.now, shop.who, shop.random, {}});
    if (!verdict) return;
    std::map<LineKey, Money> floors;
    for (const auto& key : world.keys)
        if (const auto floor = floor_now(key)) floors[key] = floor->price;
    shop.take(Fact(edit));
    State before;
    before.shop = shop.state.shop, before.catalogue = shop.state.catalogue, before.places = shop.state.places;
    before.drops = shop.state.drops, before.prices = shop.state.prices;
    judge(world, before, verdict, tally);
    for (const auto& fact : *verdict) shop.take(fact);
    for (const auto& key : world.keys) {
        const auto terms = said_of(shop.drop(world.drop).lines[key.line].terms, key.channel);
        const auto& price = shop.price(key);
        const auto floor = floor_now(key);
        if (!floor) continue;
        if (price.killed) {
            auto list = std::max(terms.bands.front(), std::min(terms.list_price, terms.bands.back()));
            const auto lawful = std::lower_bound(terms.bands.begin(), terms.bands.end(), floor->price);
            if (list < floor->price) list = lawful == terms.bands.end() ? floor->price : *lawful;
            ASSERT_EQ(price.price, list) << "killed, and edited";
            ASSERT_EQ(price.list_price, terms.list_price) << "killed, and edited";
        } else if (price.override_until) {
            ASSERT_LE(price.price, cap_price(terms)) << "overridden, and edited";
            ASSERT_TRUE(price.price >= floor->price || price.price < floors[key]) << "overridden, and edited";
        }
        ++tally.edits;
    }
}

void run(World& world, Random& random, Tally& tally) {
    auto& shop = world.shop;
    std::map<std::pair<LineKey, std::uint64_t>, Money> seen;
    const auto closes = shop.drop(world.drop).terms.closes_at;
    for (; shop.now < closes; shop.now = shop.now + minutes(30)) {
        shop.state.at = shop.now;
        sell_some(world, random);
        if (chance(random, 1)) shop.state.catalogue.skus[0].terms.unit_cost = Money{between(random, 0, 1'500)};
        if (random.below(1'000) < 3) {
            judged(world, KillPrices{world.drop, "test"}, tally);
            seen.clear();  // it alone puts back the list price, and may be undone within the hour
        }
        if (random.below(1'000) < 5) (void)shop.ask(ResumePrices{world.drop, "test"});
        if (random.below(1'000) < 10) edit_some(world, random, tally), seen.clear();
        if (random.below(1'000) < 5)
            shop.take(Fact(PricesHalted{world.drop, world.keys[random.below(world.keys.size())],
                                        Guardrail::cannibalisation, "test"}));
        if (random.below(1'000) < 30) judged(world, UndoKill{world.drop, "test"}, tally);
        for (const auto& key : world.keys) {
            const auto& line = shop.price(key);
            if (line.override_until && *line.override_until <= shop.now)
                judged(world, OverrideDue{key}, tally);
            else if (line.override_until && chance(random, 10))
                judged(world, EndOverride{key, "test"}, tally);
            else if (chance(random, 1))
                judged(world, OverridePrice{key, Money{between(random, 1, 6'000)}, shop.now + hours(2), "test"}, tally);
            if (line.next_review != Instant{} && line.next_review <= shop.now) judged(world, ReviewDue{key}, tally);
            if (!line.killed && !line.override_until && decided_by_engine(shop.drop(world.drop).terms.pricing))
                judged(world, world.proposal(random, key), tally);
            if (testing::Test::HasFatalFailure()) return;
        }
        look(world, seen, tally);
        if (testing::Test::HasFatalFailure()) return;
    }
}

TEST(GateLaws, NotOneDecisionBreaksOne) {
    const std::uint64_t wanted = std::getenv("DROPSMITH_ACCEPTANCE") ? 1'000'000 : sized(20'000U, 3'000U);
    Random random(static_cast<std::uint64_t>(testing::UnitTest::GetInstance()->random_seed()) + 1);
    Tally tally;
    while (tally.decisions < wanted && !HasFatalFailure()) {
        World world(random);
        if (!world.schedulable) continue;
        ++tally.worlds;
        run(world, random, tally);
    }
    for (const auto mode :
         {PriceMode::interval, PriceMode::cohort, PriceMode::taper, PriceMode::ladder, PriceMode::fixed})
        EXPECT_GT(tally.modes[mode], 0u) << word_of(mode);
    EXPECT_GT(tally.own, tally.decisions / 20) << "channels with prices of their own";
    EXPECT_GT(tally.outside_the_lines, 0u);
    for (const auto* word : {"band_high", "max_step", "dwell", "revenue_at_risk", "brand_exposure", "constancy",
                             "override", "killed", "explore_share"})
        if (!sanitized && std::string(word) != "band_high") {
            EXPECT_GT(tally.bound[word], 0u) << word << " never bound: what never binds is not tested";
        }
    RecordProperty("decisions", std::to_string(tally.decisions));
    RecordProperty("plans", std::to_string(tally.worlds));
    EXPECT_GT(tally.edits, 0u);
    RecordProperty("looks", std::to_string(tally.looks));
}

// One naive policy for each gate: it does as it likes there, and the judge must say which law it broke.
TEST(GateLaws, TheNaivePolicyIsCaughtAtEachGate) {
    SampleShop shop;
    auto terms = shop.terms();
    terms.lines[0].min_margin = Rate{300'000}, terms.lines[0].max_discount = Rate{300'000};
    terms.lines[0].bands = {Money{2'400}, Money{2'700}, Money{3'000}, Money{3'600}};
    terms.pricing.max_step = Rate{200'000}, terms.pricing.min_dwell = hours(2);
    auto key = shop.open(terms);
    const auto naive = [&](auto spoil) {
        PriceSet set;
        set.key = key, set.kind = DecisionKind::bandit, set.sku = shop.cup, set.reason = "cut until it moves";
        set.wanted = set.price = shop.price(key).price;
        for (const auto band : bands_of(shop.drop(key.drop).lines[0].terms))
            set.inputs.arms.push_back({band, 0, 0, Rate{}});
        set.inputs.arms.back().propensity = whole;
        spoil(set);
        return broken(shop.state, set, shop.now);
    };
    const auto to = [](std::int64_t price) {
        return [price](PriceSet& set) { set.wanted = set.price = Money{price}; };
    };
    EXPECT_EQ(naive([](PriceSet&) {}), "");
    EXPECT_EQ(naive(to(9'900)), "band");
    EXPECT_EQ(naive(to(3'000)), "dwell");
    shop.now = shop.now + hours(3);
    EXPECT_EQ(naive(to(3'000)), "");
    EXPECT_EQ(naive(to(2'400)), "max_step");
    EXPECT_EQ(naive([](PriceSet& set) { set.price = Money{3'000}; }), "trail");
    EXPECT_EQ(naive([](PriceSet& set) { set.inputs.arms[0].propensity = Rate{300'000}; }), "explore_share");
    EXPECT_EQ(naive([](PriceSet& set) { set.prior_price = Money{3'600}; }), "prior_price");
    EXPECT_EQ(naive([](PriceSet& set) { set.kind = DecisionKind::override_; }), "override");
    EXPECT_EQ(naive([](PriceSet& set) { set.kind = DecisionKind::kill, set.wanted = set.price = Money{2'400}; }),
              "kill");
    auto& line = shop.drop(key.drop).lines[0].terms;
    line.floor = Money{3'100};
    EXPECT_EQ(naive(to(3'000)), "floor");
    line.floor = Money{0}, line.max_discount = Rate{50'000}, line.list_price = Money{3'600};
    EXPECT_EQ(naive(to(3'000)), "max_discount");
    line.max_discount.reset(), shop.state.catalogue.skus[0].terms.unit_cost = Money{2'000};
    EXPECT_EQ(naive(to(3'000)), "min_margin");
    shop.state.catalogue.skus[0].terms.unit_cost = Money{100};
    shop.state.catalogue.products[0].brand = "Harbour";
    shop.state.prices.lines.at(key).list_price = Money{3'600};
    shop.state.prices.rules.brands = {{"Harbour", Rate{10'000}}};
    EXPECT_EQ(naive(to(3'000)), "brand_exposure");
    shop.state.prices.rules.brands.clear();
    shop.drop(key.drop).terms.pricing.revenue_at_risk = Rate{50'000};
    EXPECT_EQ(naive(to(3'000)), "revenue_at_risk");
    shop.drop(key.drop).terms.pricing.revenue_at_risk.reset();
    shop.state.prices.lines.at(key).halted_by = Guardrail::cannibalisation;
    EXPECT_EQ(naive(to(3'000)), "cannibalisation");
    shop.state.prices.lines.at(key).halted_by = Guardrail::cascade;
    EXPECT_EQ(naive(to(3'000)), "cascade");
    shop.state.prices.lines.at(key).halted_by.reset();
    shop.drop(key.drop).terms.pricing.mode = PriceMode::cohort;
    shop.state.prices.lines.at(key).cohort = CohortPrice{Money{2'700}, 1u, Rate{100'000}};
    EXPECT_EQ(naive([](PriceSet& set) {
                  set.wanted = Money{3'000}, set.cohort = CohortPrice{Money{3'000}, 2u, Rate{1}};
              }),
              "constancy");
    EXPECT_EQ(naive([](PriceSet& set) {
                  set.wanted = Money{2'700}, set.cohort = CohortPrice{Money{2'700}, 1u, whole};
              }),
              "explore_share");
}

// A policy that asks the line's prices everywhere is caught where a channel has its own.
TEST(GateLaws, TheLinesPriceIsCaughtInAChannelWithItsOwn) {
    SampleShop shop;
    shop.state.places.channels[1].mode = ChannelMode::own;
    auto terms = shop.terms();
    terms.channels = {shop.web, shop.outside};
    terms.lines[0].channels = {{shop.outside, {Money{2'500}, Money{3'200}, Money{3'500}}, Money{3'200}, Money{2'450}}};
    const auto key = shop.open(terms);
    const auto naive = [&](ChannelId channel, std::int64_t price) {
        PriceSet set;
        set.key = {key.drop, 0, channel}, set.kind = DecisionKind::bandit, set.sku = shop.cup;
        set.wanted = set.price = Money{price};
        set.inputs.arms = {{Money{price}, 0, 0, whole}};
        return broken(shop.state, set, shop.now);
    };
    EXPECT_EQ(naive(shop.web, 3'600) + naive(shop.outside, 2'500), "");
    for (const auto price : {2'400, 3'600}) EXPECT_EQ(naive(shop.outside, price), "band") << price;
    shop.drop(key.drop).lines[0].terms.channels[0].floor = Money{2'600};
    EXPECT_EQ(naive(shop.outside, 2'500), "floor");
    EXPECT_EQ(naive(shop.web, 2'400), "");
}

}  // namespace
}  // namespace dropsmith::decide::gate_laws_test
