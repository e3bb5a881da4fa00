// The demo's shoppers. A fifth come soon after the opening, the rest over the days, few at night; each has a limit
// for a unit and some come back when the price was above it. Covered by sim/demo_test.cpp.
#include <algorithm>
#include <cmath>

#include "flow/decide/sample.h"
#include "sim/demo.h"
#include "sim/demo_catalogue.h"

namespace dropsmith::sim {
namespace {

constexpr std::uint64_t onlookers_each = 2;  // who only look, for one who may buy
constexpr std::uint64_t abandon_ppm = 70'000, forget_ppm = 50'000, ships_ppm = 550'000, pair_ppm = 180'000,
                        comes_back_ppm = 450'000;

constexpr std::string_view first_names[] = {"Ada",  "Ben",  "Cleo", "Dan",  "Esra", "Femi", "Gwen", "Hugo",
                                            "Iris", "Jude", "Kaya", "Liam", "Mina", "Noor", "Otto", "Pia",
                                            "Ravi", "Suki", "Tess", "Uma",  "Vito", "Wren", "Yara", "Zeno"};

class Intents {
  public:
    Intents(std::uint64_t seed, Instant now) : random_(seed, 2), now_(now) {}

    std::vector<Intent> all() && {
        for (const auto& drop : demo_drops())
            for (const auto& line : drop.lines)
                for (std::int64_t i = 0; i < line.visitors; ++i) visitor(drop, line);
        std::stable_sort(out_.begin(), out_.end(), [](const Intent& a, const Intent& b) { return a.at < b.at; });
        return std::move(out_);
    }

  private:
    Duration span(Duration least, Duration most) {
        return least + Duration{static_cast<std::int64_t>(random_.below(static_cast<std::uint64_t>((most - least).n)))};
    }

    Instant arrival(Instant opens, Duration window) {
        const double length = static_cast<double>(window.n);
        for (;;) {
            const bool rush = random_.chance_ppm(180'000);
            const double after =
                rush ? -std::log(decide::draw_uniform(random_)) * length / 12 : decide::draw_uniform(random_) * length;
            if (after >= length * .98) continue;
            const auto at = opens + Duration{static_cast<std::int64_t>(after)};
            const auto hour = at.ms / hours(1).n % 24;
            if (hour >= 1 && hour < 6 && !rush && !random_.chance_ppm(250'000)) continue;
            return at;
        }
    }

    void visitor(const DemoDrop& drop, const DemoLine& line) {
        const auto opens = now_ + drop.opens_after;
        for (std::uint64_t i = 0; i < onlookers_each; ++i) browse(arrival(opens, drop.window), ++shopper_, drop, line);

        const auto& product = demo_products()[line.product];
        const auto id = ++shopper_;
        const auto at = arrival(opens, drop.window), last = opens + drop.window - minutes(5);
        browse(at, id, drop, line);
        Intent hold = intent(at + span(minutes(2), minutes(15)), IntentKind::hold, id, drop, line);
        hold.units = Quantity{random_.chance_ppm(pair_ppm) ? 2 : 1};
        hold.max_price = Money{std::llround(static_cast<double>(product.price) * line.interest *
                                            std::exp(.16 * decide::draw_normal(random_)))};
        hold.ships = random_.chance_ppm(ships_ppm);
        const auto name = first_names[random_.below(std::size(first_names))];
        hold.name = name;
        hold.email = "shopper" + std::to_string(id) + "@example.com";
        if (hold.at < last) follow_up(hold, last);
        if (!random_.chance_ppm(comes_back_ppm)) return;
        hold.at = hold.at + span(hours(6), hours(30));
        if (hold.at >= last) return;
        browse(hold.at - minutes(2), id, drop, line);
        follow_up(hold, last);
    }

    void follow_up(const Intent& hold, Instant last) {
        out_.push_back(hold);
        Intent next = hold;
        next.at = std::min(last, hold.at + span(minutes(4), minutes(30)));
        const auto fate = random_.below(1'000'000);
        if (fate < forget_ppm) return;
        next.kind = fate < forget_ppm + abandon_ppm ? IntentKind::abandon : IntentKind::confirm;
        out_.push_back(std::move(next));
    }

    void browse(Instant at, std::uint64_t shopper, const DemoDrop& drop, const DemoLine& line) {
        out_.push_back(intent(at, IntentKind::browse, shopper, drop, line));
    }

    static Intent intent(Instant at, IntentKind kind, std::uint64_t shopper, const DemoDrop& drop,
                         const DemoLine& line) {
        Intent intent;
        intent.at = at, intent.kind = kind, intent.shopper = shopper;
        intent.drop = drop.slug, intent.sku = demo_products()[line.product].sku;
        return intent;
    }

    std::vector<Intent> out_;
    Random random_;
    Instant now_;
    std::uint64_t shopper_ = 0;
};

}  // namespace

DemoShoppers::DemoShoppers(std::uint64_t seed, Instant now) : intents_(Intents(seed, now).all()) {}

std::vector<Intent> DemoShoppers::until(Instant t) {
    const auto first = next_;
    while (next_ < intents_.size() && intents_[next_].at <= t) ++next_;
    return {intents_.begin() + static_cast<std::ptrdiff_t>(first),
            intents_.begin() + static_cast<std::ptrdiff_t>(next_)};
}

}  // namespace dropsmith::sim
