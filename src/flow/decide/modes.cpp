// Covered by flow/decide/modes_test.cpp.
#include "flow/decide/modes.h"

#include <algorithm>

#include "flow/decide/guardrail.h"

namespace dropsmith::decide {

std::vector<TaperStep> taper_of(const DropTerms& terms, const LineTerms& line) {
    const auto bands = bands_of(line);
    const auto n = static_cast<std::int64_t>(bands.size());
    std::vector<TaperStep> out;
    const auto window = (terms.closes_at - terms.opens_at).n;
    for (std::int64_t k = 0; k < n; ++k)
        out.push_back({terms.opens_at + Duration{checked(try_mul_div_floor(window, k, n))},
                       bands[static_cast<std::size_t>(n - 1 - k)]});
    return out;
}

Money tapered(const DropTerms& terms, const LineTerms& line, Instant now) {
    Money price;
    for (const auto& step : taper_of(terms, line))
        if (price == Money{} || step.at <= now) price = step.price;
    return price;
}

Instant next_taper(const DropTerms& terms, const LineTerms& line, Instant now) {
    for (const auto& step : taper_of(terms, line))
        if (step.at > now && step.at > terms.opens_at) return step.at;
    return Instant{};
}

Money fixed_price(const LineTerms& line) { return line.bands.size() == 1 ? line.bands.front() : line.list_price; }

Money ladder_price(const LineTerms& line, const LadderStage& stage) {
    const auto bands = bands_of(line);
    const auto most = Money{checked(try_mul_div_floor(line.list_price.n, (whole - stage.discount).n, whole.n))};
    Money price = bands.front();
    for (const auto band : bands)
        if (band <= most) price = band;
    return price;
}

std::optional<Money> laddered(const DropTerms& terms, const LineTerms& line, Quantity gone, Money now_asked,
                              Instant now) {
    for (const auto& stage : terms.pricing.ladder) {
        const auto price = ladder_price(line, stage);
        if (price >= now_asked) continue;  // taken already
        const bool slow =
            static_cast<__int128>(gone.n) * whole.n <= static_cast<__int128>(line.cap.n) * stage.sold_below.n;
        if (now < terms.opens_at + stage.after || !slow) return std::nullopt;
        return price;
    }
    return std::nullopt;
}

std::optional<Money> baseline_band(const LineTerms& line, Money floor) {
    std::optional<Money> best;
    const auto away = [&](Money band) { return std::max(band - line.list_price, line.list_price - band); };
    for (const auto band : bands_of(line))
        if (band >= floor && (!best || away(band) < away(*best))) best = band;
    return best;
}

bool decided_by_engine(const PricingTerms& terms) {
    const auto mode = mode_of(terms);
    return terms.policy == PricePolicy::bandit && (mode == PriceMode::interval || mode == PriceMode::cohort);
}

bool reviewed(const PricingTerms& terms) { return mode_of(terms) != PriceMode::fixed; }

bool never_rises(const PricingTerms& terms) {
    const auto mode = mode_of(terms);
    return mode == PriceMode::cohort || mode == PriceMode::taper || mode == PriceMode::ladder;
}

}  // namespace dropsmith::decide
