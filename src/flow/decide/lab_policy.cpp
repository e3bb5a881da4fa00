// The policies that the laboratory compares. Covered by flow/decide/lab_test.cpp.
#include <charconv>
#include <cmath>
#include <numeric>

#include "flow/decide/engine_line.h"
#include "flow/decide/lab.h"
#include "flow/decide/mix.h"
#include "flow/decide/sample.h"

namespace dropsmith::decide {
namespace {

std::vector<double> looks_from(const std::vector<double>& arrivals) {  // the looks from each period on
    std::vector<double> left(arrivals.size() + 1, 0.0);
    for (std::size_t t = arrivals.size(); t-- > 0;) left[t] = left[t + 1] + arrivals[t];
    return left;
}

class Fixed final : public LabPolicy {
  public:
    explicit Fixed(std::size_t arm) : arm_(arm) {}
    std::optional<std::size_t> price(std::size_t, std::int64_t, Random&) override { return arm_; }
    void saw(std::size_t, std::size_t, bool) override {}

  private:
    std::size_t arm_;
};

class KnownOptimum final : public LabPolicy {
  public:
    explicit KnownOptimum(const Optimum& optimum) : optimum_(optimum) {}
    std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random&) override {
        return optimum_.arm(period, stock);
    }
    void saw(std::size_t, std::size_t, bool) override {}

  private:
    const Optimum& optimum_;
};

class KnownFluid final : public LabPolicy {
  public:
    explicit KnownFluid(const LabProblem& problem) : problem_(problem), left_(looks_from(problem.arrivals)) {}
    std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random& random) override {
        const auto mix = best_mix(problem_.values, problem_.chances,
                                  static_cast<double>(stock) / std::max(1e-9, left_[period]));
        const double u = draw_uniform(random);
        if (u < mix.first_share) return mix.first;
        if (u < mix.first_share + mix.second_share) return mix.second;
        return std::nullopt;
    }
    void saw(std::size_t, std::size_t, bool) override {}

  private:
    const LabProblem& problem_;
    std::vector<double> left_;
};

// The published learner. `renew` plans for the stock and looks that are left (TS-update); without it for those of the
// beginning (TS-fixed).
class Thompson final : public LabPolicy {
  public:
    Thompson(const LabProblem& problem, bool renew) : renew_(renew), looks_left_(looks_from(problem.arrivals)) {
        ask_.model = DemandModel::one_look;
        ask_.may_rest = true;
        for (std::size_t k = 0; k < problem.values.size(); ++k) {
            const ArmView seen = k < problem.history.size() ? problem.history[k] : ArmView{};
            ask_.arms.push_back({problem.values[k], seen.looks, seen.sales, true});
        }
        ask_.stock_left = static_cast<double>(problem.stock);
        ask_.periods_left = looks_left_[0];
    }
    std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random& random) override {
        if (renew_) ask_.stock_left = static_cast<double>(stock), ask_.periods_left = looks_left_[period];
        return TsUpdate().draw(ask_, random);
    }
    void saw(std::size_t, std::size_t arm, bool sold) override {
        ask_.arms[arm].looks += 1, ask_.arms[arm].sales += sold;
    }

  private:
    bool renew_;
    PolicyAsk ask_;
    std::vector<double> looks_left_;
};

// What the engine is told of a problem, made once for all runs.
struct EngineSetting {
    std::shared_ptr<const Prepared> prepared;
    std::vector<ArmView> arms;
    std::vector<std::vector<float>> now, left;  // by period, then by curve
    bool looks_seen = true;

    EngineSetting(const LabProblem& problem, bool known, bool learns) : looks_seen(problem.looks_seen) {
        DemandPrior prior;
        prior.arms = problem.values.size();
        const auto periods = problem.arrivals.size();
        std::vector<std::vector<double>> curves{known ? problem.arrivals : std::vector<double>(periods, 1.0)};
        if (learns) {
            prior.curves = {0.5}, prior.count = 512;
            for (const double decay : {0.7, 1.5, 2.5, 4.0}) {
                prior.curves.push_back((1 - prior.curves[0]) / 4);
                auto& curve = curves.emplace_back();
                for (std::size_t t = 0; t < periods; ++t)
                    curve.push_back(std::exp(-decay * static_cast<double>(t) / static_cast<double>(periods)));
            }
        }
        const double looks = std::accumulate(curves[0].begin(), curves[0].end(), 0.0);
        prior.expected = std::max(1e-3, static_cast<double>(problem.stock) / std::max(1.0, looks));
        for (const auto& seen : problem.history) prior.history.push_back({seen.looks, seen.sales});
        prepared = Prepared::of(prior, problem.values);
        for (const double value : problem.values) arms.push_back({value, 0, 0, true});
        now.resize(periods), left.resize(periods);
        for (const auto& curve : curves) {
            const auto from = looks_from(curve);
            for (std::size_t t = 0; t < periods; ++t)
                now[t].push_back(static_cast<float>(curve[t])), left[t].push_back(static_cast<float>(from[t + 1]));
        }
    }
};

class Engine final : public LabPolicy {
  public:
    explicit Engine(std::shared_ptr<const EngineSetting> setting)
        : setting_(std::move(setting)),
          line_(setting_->prepared, setting_->looks_seen && setting_->now[0].size() == 1) {}
    std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random& random) override {
        if (setting_->looks_seen && setting_->now[0].size() > 1)
            for (; counted_ < period; ++counted_) arrivals(counted_, false);
        const auto shares = shares_of(
            line_.worth(static_cast<double>(stock), setting_->left[period], setting_->now[period]), setting_->arms);
        double ticket = draw_uniform(random) * std::accumulate(shares.begin(), shares.end(), 0.0);
        for (std::size_t k = 0; k < shares.size(); ++k)
            if ((ticket -= shares[k]) <= 0 && shares[k] > 0) return k;
        return setting_->arms.size() - 1;
    }
    void saw(std::size_t period, std::size_t arm, bool sold) override {
        if (setting_->looks_seen && setting_->now[period].size() > 1) {
            arrivals(period, true), counted_ = period + 1;
            line_.belief().saw(arm, 1, sold);
        } else if (setting_->looks_seen)
            line_.saw(arm, {1}, sold);
        else
            line_.belief().saw_period(arm, sold, setting_->now[period]);
    }

  private:
    void arrivals(std::size_t period, bool look) {  // what a look, or none, says of the curves
        std::vector<float> logs;
        for (const float factor : setting_->now[period])
            logs.push_back(std::log(std::max(1e-3F, look ? factor : 1 - factor)));
        line_.belief().favour(logs);
    }
    std::shared_ptr<const EngineSetting> setting_;
    EngineLine line_;
    std::size_t counted_ = 0;  // periods whose look, or none, is in the belief
};

}  // namespace

LabBench::LabBench(const LabProblem& problem, const Optimum& optimum, std::string_view policy) {
    if (policy == "ts-update") make_ = [&problem] { return std::make_unique<Thompson>(problem, true); };
    if (policy == "ts-fixed") make_ = [&problem] { return std::make_unique<Thompson>(problem, false); };
    if (policy == "dp-known") make_ = [&optimum] { return std::make_unique<KnownOptimum>(optimum); };
    if (policy == "lp-known") make_ = [&problem] { return std::make_unique<KnownFluid>(problem); };
    if (policy == "engine" || policy == "engine-flat" || policy == "engine-learn") {
        auto setting =
            std::make_shared<const EngineSetting>(problem, policy == "engine", policy == "engine-learn");
        make_ = [setting] { return std::make_unique<Engine>(setting); };
    }
    if (policy.starts_with("fixed:")) {
        std::size_t arm = 0;
        const auto digits = policy.substr(6);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), arm);
        if (error == std::errc{} && end == digits.data() + digits.size() && arm < problem.values.size())
            make_ = [arm] { return std::make_unique<Fixed>(arm); };
    }
}

}  // namespace dropsmith::decide
