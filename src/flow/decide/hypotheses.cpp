// The points and their weights. Covered by flow/decide/hypotheses_test.cpp.
#include "flow/decide/hypotheses.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "flow/decide/points.h"
#include "flow/decide/price_law.h"

namespace dropsmith::decide {
namespace {

constexpr double same_market = 0.7;      // one_look: prior chance that the scale is 1
constexpr double same_market_points = 0.5;  // of the points: the others look closer at weak markets
constexpr double scale_centre = 3.5;     // otherwise it lies around this many times the rate that would sell the stock
constexpr double scale_spread_looks = 0.7, scale_spread_counts = 1.0;  // sd of its log
constexpr double any_order = 0.01;       // prior weight of vectors whose order is not descending by construction
constexpr double any_order_points = 0.15;
constexpr double rate_least = 1e-4, chance_most = 0.999;
struct Scales {  // a discrete stand-in for the prior of the market's scale
    std::array<double, 33> at{}, weight{}, above{};
    explicit Scales(const DemandPrior& prior) {
        const bool looks = prior.model == DemandModel::one_look;
        const double centre = scale_centre * prior.expected, spread = looks ? scale_spread_looks : scale_spread_counts;
        const double low = looks ? std::min(0.05, prior.expected) : centre * std::exp(-2.5 * spread);
        const double high = looks ? 1 : centre * std::exp(2.5 * spread);
        double sum = 0;
        for (std::size_t i = 0; i < 32; ++i) {
            at[i] = low * std::pow(high / low, (static_cast<double>(i) + 0.5) / 32);
            const double z = std::log(at[i] / centre) / spread;
            sum += weight[i] = std::exp(-0.5 * z * z);
        }
        for (std::size_t i = 0; i < 32; ++i) weight[i] *= (looks ? 1 - same_market : 1) / sum;
        at[32] = high, weight[32] = looks ? same_market : 0;
        double density = 0;
        for (std::size_t i = at.size(); i-- > 0;) {
            density += weight[i] * std::pow(at[i], -static_cast<double>(prior.arms));
            above[i] = std::log(density + 1e-300);
        }
    }
    double quantile(double u, double& used) const {  // the scale at u of the points, and its prior over its share
        std::size_t i = 0;
        const double atom = weight[32] > 0 ? same_market_points : 0;
        if (u < atom) return used = weight[32] / atom, at[32];
        const double place = (u - atom) / (1 - atom) * 32;  // from the greatest down
        i = 31 - std::min<std::size_t>(31, static_cast<std::size_t>(place));
        used = weight[i] * 32 / (1 - atom);
        return at[31] * std::pow(at[0] / at[1], place - 0.5);
    }
    double log_density(double greatest) const {  // of a vector of rates
        const auto first = std::lower_bound(at.begin(), at.end(), greatest);
        return first == at.end() ? std::log(1e-300) : above[static_cast<std::size_t>(first - at.begin())];
    }
};

bool falls(const float* rates, std::size_t stride, std::size_t arms) {
    for (std::size_t k = 1; k < arms; ++k)
        if (rates[k * stride] > rates[(k - 1) * stride]) return false;
    return true;
}

constexpr double impossible = -1e300;

void normalise(std::vector<float>& weight, const std::vector<double>& logs) {
    const double top = *std::max_element(logs.begin(), logs.end());
    if (top <= impossible) return std::fill(weight.begin(), weight.end(), 0.0F);
    double sum = 0;
    for (std::size_t j = 0; j < logs.size(); ++j) {
        const double w = std::exp(logs[j] - top);
        sum += w, weight[j] = static_cast<float>(w);
    }
    for (auto& w : weight) w = static_cast<float>(w / sum);
}

void tell_logs(Hypotheses& set) {
    set.log_rate.clear();
    for (const float rate : set.rate) set.log_rate.push_back(std::log(rate));
}
bool has_law(const DemandPrior& prior) {
    return prior.model == DemandModel::counts && prior.law.price.size() == prior.arms && prior.curves.size() < 2;
}

double log_factorial(std::size_t n) { return std::lgamma(static_cast<double>(n) + 1); }

// The evidence of the informed arms as a normal law of their log rates: today's looks, and history with its shift.
struct Laplace {
    std::vector<std::size_t> arms;  // informed
    std::vector<double> mean;
    std::vector<std::vector<double>> root;  // lower triangle of the covariance's root

    Laplace(const DemandPrior& prior, const std::vector<Seen>& seen) {
        const auto known = [&](std::size_t k) { return k < prior.history.size() && prior.history[k].looks > 0; };
        for (std::size_t k = 0; k < prior.arms; ++k)
            if (seen[k].looks > 0 || known(k)) arms.push_back(k);
        const std::size_t n = arms.size();
        std::vector<std::vector<double>> precision(n, std::vector<double>(n, 0.0));
        std::vector<double> pull(n, 0.0);
        // history: log rate = its own - shift + noise; the shift couples its arms (Sherman and Morrison)
        double total = 0;
        std::vector<double> own(n, 0.0), at(n, 0.0);
        for (std::size_t i = 0; i < n; ++i)
            if (known(arms[i])) total += own[i] = sharpness(prior.model, prior.history[arms[i]], at[i]);
        const double shared = 1 / (1 / (prior.history_shift * prior.history_shift) + total);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j) {
                const double p = (i == j ? own[i] : 0) - own[i] * own[j] * shared;
                precision[i][j] += p, pull[i] += p * at[j];
            }
        for (std::size_t i = 0; i < n; ++i) {
            if (seen[arms[i]].looks <= 0) continue;
            double middle = 0;
            const double p = sharpness(prior.model, seen[arms[i]], middle);
            precision[i][i] += p, pull[i] += p * middle;
        }
        solve(precision, pull);
    }

    static double sharpness(DemandModel model, const Seen& seen, double& middle) {
        const double s = seen.sales + 0.5;
        if (model == DemandModel::counts) return middle = std::log(s / seen.looks), s;
        const double looks = seen.looks + 1, q = std::min(s / looks, 1 - 0.5 / looks);
        return middle = std::log(q), q * looks / (1 - q);
    }

    void solve(std::vector<std::vector<double>>& precision, std::vector<double>& pull) {
        const std::size_t n = arms.size();
        std::vector<std::vector<double>> l(n, std::vector<double>(n, 0.0));
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j <= i; ++j) {
                double sum = precision[i][j] * (i == j ? 1.000001 : 1) + (i == j ? 1e-9 : 0);
                for (std::size_t k = 0; k < j; ++k) sum -= l[i][k] * l[j][k];
                l[i][j] = i == j ? std::sqrt(std::max(sum, 1e-9)) : sum / l[j][j];
            }
        mean = pull;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t k = 0; k < i; ++k) mean[i] -= l[i][k] * mean[k];
            mean[i] /= l[i][i];
        }
        back(l, mean);
        root = std::move(l);
    }
    static void back(const std::vector<std::vector<double>>& l, std::vector<double>& x) {
        for (std::size_t i = x.size(); i-- > 0;) {
            for (std::size_t k = i + 1; k < x.size(); ++k) x[i] -= l[k][i] * x[k];
            x[i] /= l[i][i];
        }
    }
};

}  // namespace

double Hypotheses::alive() const {
    double squares = 0;
    for (const float w : weight) squares += static_cast<double>(w) * static_cast<double>(w);
    return squares > 0 ? 1 / squares : 0;
}

double log_likelihood(DemandModel model, const float* rates, std::size_t stride, const std::vector<Seen>& seen) {
    double sum = 0;
    for (std::size_t k = 0; k < seen.size(); ++k) {
        if (seen[k].looks <= 0) continue;
        const double q = static_cast<double>(rates[k * stride]);
        sum += seen[k].sales * std::log(q);
        sum += model == DemandModel::one_look ? std::max(0.0, seen[k].looks - seen[k].sales) * std::log1p(-q)
                                              : -seen[k].looks * q;
    }
    return sum;
}

double log_history(const DemandPrior& prior, const float* rates, std::size_t stride) {
    if (prior.history.empty()) return 0;
    constexpr double node[] = {0, 1.154405394739968, 2.366759410734541, 3.750439717725742};  // Gauss-Hermite, 7
    constexpr double share[] = {0.457142857142857, 0.240123178605013, 0.030757123967587, 0.000548268855972};
    std::array<double, 7> logs{};
    double top = -1e300;
    for (std::size_t i = 0; i < 7; ++i) {
        const std::size_t n = (i + 1) / 2;
        const double shift = std::exp((i % 2 ? 1 : -1) * node[n] * prior.history_shift);
        double sum = std::log(share[n]);
        for (std::size_t k = 0; k < prior.arms && k < prior.history.size(); ++k) {
            const auto& seen = prior.history[k];
            if (seen.looks <= 0) continue;
            double q = static_cast<double>(rates[k * stride]) * shift;
            if (prior.model == DemandModel::one_look) {
                q = std::min(q, chance_most);
                sum += std::max(0.0, seen.looks - seen.sales) * std::log1p(-q);
            } else {
                sum -= seen.looks * q;
            }
            sum += seen.sales * std::log(q);
        }
        logs[i] = sum, top = std::max(top, sum);
    }
    double all = 0;
    for (const double l : logs) all += std::exp(l - top);
    return top + std::log(all);
}

Hypotheses hypotheses(const DemandPrior& prior) {
    Hypotheses out{prior.arms, prior.count, std::vector<float>(prior.arms * prior.count),
                   std::vector<float>(prior.count), {}, {}};
    const Scales scales(prior);
    std::vector<double> logs(prior.count), vector(prior.arms);
    double ordered = 0;
    std::vector<bool> free(prior.count);
    for (std::size_t j = 0; j < prior.count; ++j) {
        double used = 1;
        const double scale = scales.quantile(point(j, 0), used);
        for (std::size_t k = 0; k < prior.arms; ++k) vector[k] = point(j, k + 1);
        free[j] = point(j, prior.arms + 1) < any_order_points;
        if (!free[j]) std::sort(vector.rbegin(), vector.rend()), ordered += used;
        for (std::size_t k = 0; k < prior.arms; ++k) {
            double rate = std::max(vector[k] * scale, rate_least * scale);
            if (prior.model == DemandModel::one_look) rate = std::min(rate, chance_most);
            out.rate[k * prior.count + j] = static_cast<float>(rate);
        }
        logs[j] = std::log(used);
    }
    double loose = 0;
    for (std::size_t j = 0; j < prior.count; ++j)
        if (free[j]) loose += std::exp(logs[j]);
    for (std::size_t j = 0; j < prior.count; ++j) {
        logs[j] += free[j] ? std::log(any_order / loose) : std::log((1 - any_order) / ordered);
        logs[j] += log_history(prior, out.rate.data() + j, prior.count);
    }
    if (prior.curves.size() > 1) {  // each curve has its share of the points, by one more coordinate
        out.curve.resize(prior.count);
        std::vector<double> points(prior.curves.size(), 0.0);
        const double all = std::accumulate(prior.curves.begin(), prior.curves.end(), 0.0);
        for (std::size_t j = 0; j < prior.count; ++j) {
            const double u = point(j, prior.arms + 2);
            out.curve[j] = static_cast<std::uint8_t>(u * static_cast<double>(prior.curves.size()));
            points[out.curve[j]] += std::exp(logs[j]);
        }
        for (std::size_t j = 0; j < prior.count; ++j)
            logs[j] += std::log(prior.curves[out.curve[j]] / all / std::max(points[out.curve[j]], 1e-300));
    }
    normalise(out.weight, logs);
    tell_logs(out);
    return out;
}

Hypotheses refined(const DemandPrior& prior, const std::vector<Seen>& seen) {
    if (has_law(prior)) return laid_by_law(prior, seen);
    Hypotheses out{prior.arms, prior.count, std::vector<float>(prior.arms * prior.count),
                   std::vector<float>(prior.count), {}, {}};
    const Scales scales(prior);
    const Laplace near(prior, seen);
    const double most = prior.model == DemandModel::one_look ? chance_most : scales.at[31];
    const double widen = 1.2;
    std::vector<double> logs(prior.count), z(near.arms.size()), x(prior.arms);
    std::vector<bool> informed(prior.arms, false);
    for (const auto k : near.arms) informed[k] = true;
    for (std::size_t j = 0; j < prior.count; ++j) {
        const bool free = point(j, prior.arms + 1) < any_order_points;
        double log_proposal = 0;
        for (std::size_t i = 0; i < z.size(); ++i) {
            z[i] = widen * normal_point(j, near.arms[i] + 1);
            log_proposal += std::log(near.root[i][i] / widen) - 0.5 * z[i] * z[i] / (widen * widen);
        }
        Laplace::back(near.root, z);
        bool inside = true;
        for (std::size_t i = 0; i < z.size(); ++i) {
            const double rate = std::exp(near.mean[i] + z[i]);
            x[near.arms[i]] = rate, log_proposal -= std::log(rate);  // the density of the rate, not of its log
            inside = inside && rate > 0 && rate < most * 1.0001;
        }
        for (std::size_t k = 0; k < prior.arms; ++k) {  // what nothing is known of lies between its neighbours
            if (informed[k]) continue;
            double high = k > 0 && !free ? x[k - 1] : most, low = 0;
            for (std::size_t i = k + 1; i < prior.arms && !free; ++i)
                if (informed[i]) {
                    low = x[i];
                    break;
                }
            if (high <= low) inside = false, high = low + rate_least;
            x[k] = low + (high - low) * point(j, k + 1);
            log_proposal -= std::log(high - low);
        }
        for (std::size_t k = 0; k < prior.arms; ++k)
            out.rate[k * prior.count + j] = static_cast<float>(std::clamp(x[k], rate_least * scales.at[0], most));
        const float* rates = out.rate.data() + j;
        if (!inside || (!free && !falls(rates, prior.count, prior.arms))) {
            logs[j] = impossible;
            continue;
        }
        const double greatest = *std::max_element(x.begin(), x.end());
        logs[j] = scales.log_density(greatest) + log_likelihood(prior.model, rates, prior.count, seen) +
                  log_history(prior, rates, prior.count) - log_proposal;
        logs[j] += free ? std::log(any_order / any_order_points)
                        : std::log((1 - any_order) / (1 - any_order_points)) + log_factorial(prior.arms);
    }
    normalise(out.weight, logs);
    tell_logs(out);
    return out;
}

Hypotheses with_history(const DemandPrior& prior) {
    if (has_law(prior)) return laid_by_law(prior, std::vector<Seen>(prior.arms));
    auto out = hypotheses(prior);
    if (prior.history.empty() || prior.curves.size() > 1) return out;
    auto near = refined(prior, std::vector<Seen>(prior.arms));
    return near.alive() > out.alive() ? near : out;
}

}  // namespace dropsmith::decide
