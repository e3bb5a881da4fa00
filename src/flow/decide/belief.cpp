// Weights and worth. Sums run in sixteen lanes so that every compiler and machine adds in the same order. Covered by
// flow/decide/belief_test.cpp.
#include "flow/decide/belief.h"

#include <algorithm>
#include <cmath>

#include "flow/decide/lanes.h"

namespace dropsmith::decide {
namespace {

constexpr std::array<std::size_t, 3> look_sizes{1, 4, 12};
constexpr double learning_share = 0.1;  // of what looks would teach; a greedy choice learns most of it anyway
constexpr std::array<float, 2> period_counts{2, 8};
constexpr std::array<float, 4> ladder{-1, 0, 1, 2};  // deviations from what is expected
constexpr double learning_share_of_counts = 0.3;  // chosen on the made-up markets of bench_pricing --table live
constexpr double alive_least = 12;
constexpr float weight_least = 1e-7F;

float factor_of(const std::vector<float>& by_curve, const Hypotheses& set, std::size_t j) {
    return set.curve.empty() ? by_curve[0] : by_curve[set.curve[j]];
}

std::vector<float> narrow(const std::vector<double>& values) {
    std::vector<float> out;
    for (const double value : values) out.push_back(static_cast<float>(value));
    return out;
}

}  // namespace

std::shared_ptr<const Prepared> Prepared::of(const DemandPrior& prior, const std::vector<double>& values) {
    return of(prior, narrow(values), with_history(prior));
}

std::shared_ptr<const Prepared> Prepared::of(const DemandPrior& prior, std::vector<float> values, Hypotheses set) {
    auto out = std::make_shared<Prepared>();
    out->prior = prior, out->values = std::move(values), out->set = std::move(set);
    const auto count = out->set.count;
    out->hulls = price_hulls(out->values, out->set.rate, count);
    if (prior.model == DemandModel::counts) return out;
    for (std::size_t k = 0; k < prior.arms; ++k)
        for (const auto looks : look_sizes) {
            auto& chance = out->chance_of.emplace_back((looks + 1) * count);
            for (std::size_t j = 0; j < count; ++j) {
                const double q = static_cast<double>(out->set.of(k)[j]), odds = q / (1 - q);
                double p = std::pow(1 - q, static_cast<double>(looks));
                for (std::size_t s = 0; s <= looks; ++s) {
                    chance[s * count + j] = static_cast<float>(p);
                    p *= odds * static_cast<double>(looks - s) / static_cast<double>(s + 1);
                }
            }
        }
    return out;
}

Belief::Belief(std::shared_ptr<const Prepared> prepared)
    : prepared_(std::move(prepared)), weight_(prepared_->set.weight), seen_(prepared_->prior.arms) {}

Belief Belief::after(const DemandPrior& prior, const std::vector<double>& values, const std::vector<Seen>& seen) {
    Belief out(Prepared::of(prior, narrow(values), refined(prior, seen)));
    out.seen_ = seen;
    for (const auto& at : seen) out.looks_ += at.sales + (at.looks > 0 ? 1 : 0);
    out.check_at_ = 1.1 * out.looks_ + 1;
    return out;
}

void Belief::normalise() {
    const float sum = sum_lanes(weight_.size(), [&](std::size_t j) { return weight_[j]; });
    if (sum <= 0) return std::fill(weight_.begin(), weight_.end(), 1 / static_cast<float>(weight_.size()));
    const float scale = 1 / sum;
    for (auto& w : weight_) w *= scale;
}

void Belief::saw(std::size_t arm, double looks, double sales) {
    const float* q = prepared_->set.of(arm);
    const auto count = weight_.size();
    const bool one = prepared_->prior.model == DemandModel::one_look;
    if (one && looks == 1) {
        if (sales > 0)
            for (std::size_t j = 0; j < count; ++j) weight_[j] *= q[j];
        else
            for (std::size_t j = 0; j < count; ++j) weight_[j] *= 1 - q[j];
        normalise();
    } else {
        std::vector<float> logs(count);
        const float* log_q = prepared_->set.log_rate.data() + arm * count;
        const auto s = static_cast<float>(sales), l = static_cast<float>(looks);
        const float out = one ? 0 : l;
        float* const log = logs.data();
        each_lane(count, [=](std::size_t j) { log[j] = s * log_q[j] - out * q[j]; });
        for (std::size_t j = 0; j < count && one; ++j) logs[j] += std::max(0.0F, l - s) * std::log1p(-q[j]);
        multiply(logs);
    }
    seen_[arm].looks += looks, seen_[arm].sales += sales, looks_ += one ? looks : sales + 1;
    refine_if_few();
}

void Belief::saw_period(std::size_t arm, bool sold, const std::vector<float>& look_by_curve) {
    const float* q = prepared_->set.of(arm);
    for (std::size_t j = 0; j < weight_.size(); ++j) {
        const float p = q[j] * factor_of(look_by_curve, prepared_->set, j);
        weight_[j] *= sold ? p : 1 - p;
    }
    normalise();
    whole_ = false;
    seen_[arm].looks += 1, seen_[arm].sales += sold;
}

void Belief::saw_counts(std::size_t arm, double sales, const std::vector<float>& exposure_by_curve) {
    if (prepared_->set.curve.empty()) return saw(arm, static_cast<double>(exposure_by_curve[0]), sales);
    double variance = 0;
    const double even = expected(arm, std::vector<float>(exposure_by_curve.size(), 1.0F), variance);
    const double looks = even > 0 ? expected(arm, exposure_by_curve, variance) / even : 0;
    const float* q = prepared_->set.of(arm);
    const auto s = static_cast<float>(sales);
    std::vector<float> logs(weight_.size());
    const float* log_q = prepared_->set.log_rate.data() + arm * logs.size();
    for (std::size_t j = 0; j < logs.size(); ++j)
        logs[j] = s * log_q[j] - q[j] * factor_of(exposure_by_curve, prepared_->set, j);
    multiply(logs);
    whole_ = false;
    seen_[arm].looks += looks, seen_[arm].sales += sales;
}

void Belief::favour(const std::vector<float>& log_by_curve) {
    if (prepared_->set.curve.empty()) return;
    std::vector<float> logs(weight_.size());
    for (std::size_t j = 0; j < logs.size(); ++j) logs[j] = log_by_curve[prepared_->set.curve[j]];
    multiply(logs);
}

DROPSMITH_WIDE_LANES
void Belief::multiply(const std::vector<float>& logs) {
    float top = -3e38F;
    for (std::size_t j = 0; j < logs.size(); ++j)
        if (weight_[j] > 0) top = std::max(top, logs[j]);
    float* const weight = weight_.data();
    const float* const log = logs.data();
    each_lane(logs.size(), [=](std::size_t j) { weight[j] *= exp_of(log[j] < top ? log[j] - top : 0); });
    normalise();
}

void Belief::refine_if_few() {
    if (!whole_ || looks_ < check_at_ || !prepared_->set.curve.empty()) return;
    const double squares = static_cast<double>(
        sum_lanes(weight_.size(), [&](std::size_t j) { return weight_[j] * weight_[j]; }));
    if (squares * alive_least < 1) return;
    check_at_ = 1.1 * looks_ + 1;  // not at every look, whatever comes of it
    auto anew = refined(prepared_->prior, seen_);
    if (anew.alive() * squares <= 1) return;
    prepared_ = Prepared::of(prepared_->prior, prepared_->values, std::move(anew));
    weight_ = prepared_->set.weight;
}

Worth Belief::worth(double stock, const std::vector<float>& left_by_curve,
                    const std::vector<float>& now_by_curve, bool learns) const {
    const auto& set = prepared_->set;
    // of a look at each price, under each hypothesis, weighted
    std::vector<float> gain(set.arms * set.count), left(set.count), weight(set.count), bids(set.count);
    for (std::size_t j = 0; j < set.count; ++j) {
        left[j] = factor_of(left_by_curve, set, j);
        weight[j] = weight_[j] < weight_least ? 0 : weight_[j] * factor_of(now_by_curve, set, j);
    }
    bid_prices(prepared_->hulls, prepared_->prior.model, left, static_cast<float>(stock), bids);
    for (std::size_t k = 0; k < set.arms; ++k) {
        float* const to = gain.data() + k * set.count;
        const float *const q = set.of(k), *const w = weight.data(), *const bid = bids.data();
        const float value = prepared_->values[k];
        each_lane(set.count, [=](std::size_t j) { to[j] = w[j] * q[j] * (value - bid[j]); });
    }
    Worth out{};
    for (std::size_t k = 0; k < set.arms; ++k) {
        const float* of = gain.data() + k * set.count;
        out[k] = static_cast<double>(sum_lanes(set.count, [&](std::size_t j) { return of[j]; }));
    }
    if (!learns) return out;
    const auto ahead = static_cast<double>(sum_lanes(set.count, [&](std::size_t j) { return weight_[j] * left[j]; }));
    if (prepared_->prior.model == DemandModel::counts)
        add_learning_of_counts(out, gain, ahead);
    else
        add_learning(out, gain, ahead);
    return out;
}

DROPSMITH_WIDE_LANES
void Belief::add_learning(Worth& worth, const std::vector<float>& gain, double left) const {
    const auto& set = prepared_->set;
    const double best = *std::max_element(worth.begin(), worth.begin() + static_cast<std::ptrdiff_t>(set.arms));
    for (std::size_t k = 0; k < set.arms; ++k) {
        double most = 0;
        for (std::size_t size = 0; size < look_sizes.size(); ++size) {
            const std::size_t looks = look_sizes[size];
            const auto ahead = static_cast<double>(looks);
            if (ahead > left) break;
            const auto& chance = prepared_->chance_of[k * look_sizes.size() + size];
            double after = 0;
            for (std::size_t s = 0; s <= looks; ++s) {
                const float* at = chance.data() + s * set.count;
                float top = -3e38F;
                for (std::size_t other = 0; other < set.arms; ++other) {
                    const float* of = gain.data() + other * set.count;
                    top = std::max(top, sum_lanes(set.count, [&](std::size_t j) { return at[j] * of[j]; }));
                }
                after += static_cast<double>(top);
            }
            most = std::max(most, (left + 1 - ahead) / ahead * std::max(0.0, after - best));
        }
        worth[k] += learning_share * most;
    }
}

// What so many periods at a price sell is heard as the step of a ladder that it reaches: that teaches less than the
// count itself, which would have to be summed to its end.
DROPSMITH_WIDE_LANES
void Belief::add_learning_of_counts(Worth& worth, const std::vector<float>& gain, double left) const {
    const auto& set = prepared_->set;
    const Worth plain = worth;
    const double best = *std::max_element(plain.begin(), plain.begin() + static_cast<std::ptrdiff_t>(set.arms));
    std::vector<float> reaches(set.count);
    for (std::size_t k = 0; k < set.arms; ++k) {
        const float *const q = set.of(k), *const weight = weight_.data();
        const float mean = sum_lanes(set.count, [=](std::size_t j) { return weight[j] * q[j]; });
        const float square = sum_lanes(set.count, [=](std::size_t j) { return weight[j] * q[j] * q[j]; });
        const float variance = std::max(0.0F, square - mean * mean);
        double most = 0;
        for (const float periods : period_counts) {
            const auto ahead = static_cast<double>(periods);
            if (ahead > left) break;
            const float spread = std::sqrt(periods * mean + periods * periods * variance);
            double after = 0;
            float edge = 0;
            Worth above = plain;  // what each price is worth, times the chance that the edge is reached
            for (const float deviation : ladder) {
                const float next = std::max(edge + 1, std::round(periods * mean + deviation * spread));
                edge = next;
                chances_of_counts({q, set.count}, periods, edge, reaches);
                double step = -1e300;
                for (std::size_t other = 0; other < set.arms; ++other) {
                    const float *const of = gain.data() + other * set.count, *const chance = reaches.data();
                    const auto higher = static_cast<double>(
                        sum_lanes(set.count, [=](std::size_t j) { return chance[j] * of[j]; }));
                    step = std::max(step, above[other] - higher);
                    above[other] = higher;
                }
                after += step;
            }
            after += *std::max_element(above.begin(), above.begin() + static_cast<std::ptrdiff_t>(set.arms));
            most = std::max(most, (left + 1 - ahead) / ahead * std::max(0.0, after - best));
        }
        worth[k] += learning_share_of_counts * most;
    }
}

double Belief::expected(std::size_t arm, const std::vector<float>& exposure_by_curve,
                        double& relative_variance) const {
    const float* q = prepared_->set.of(arm);
    double mean = 0, square = 0;
    for (std::size_t j = 0; j < weight_.size(); ++j) {
        const double w = static_cast<double>(weight_[j]);
        const double r = static_cast<double>(q[j] * factor_of(exposure_by_curve, prepared_->set, j));
        mean += w * r, square += w * r * r;
    }
    relative_variance = mean > 0 ? std::max(0.0, square / (mean * mean) - 1) : 0;
    return mean;
}

}  // namespace dropsmith::decide
