// The policies that the laboratory compares. Covered by flow/decide/lab_test.cpp.
#include <charconv>

#include "flow/decide/lab.h"

namespace dropsmith::decide {
namespace {

class Fixed final : public LabPolicy {
  public:
    explicit Fixed(std::size_t arm) : arm_(arm) {}
    std::optional<std::size_t> price(std::size_t, std::int64_t, Random&) override { return arm_; }
    void saw(std::size_t, bool) override {}

  private:
    std::size_t arm_;
};

class KnownOptimum final : public LabPolicy {
  public:
    explicit KnownOptimum(const Optimum& optimum) : optimum_(optimum) {}
    std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random&) override {
        return optimum_.arm(period, stock);
    }
    void saw(std::size_t, bool) override {}

  private:
    const Optimum& optimum_;
};

// A policy of the engine that learns from its own looks. `renew` plans for the stock and looks that are left
// (TS-update, the engine); without it for those of the beginning (TS-fixed).
class Learner final : public LabPolicy {
  public:
    Learner(const Policy& policy, const LabProblem& problem, bool renew, bool may_rest)
        : policy_(policy), renew_(renew) {
        ask_.model = DemandModel::one_look;
        ask_.may_rest = may_rest;
        for (std::size_t k = 0; k < problem.values.size(); ++k) {
            const ArmView seen = k < problem.history.size() ? problem.history[k] : ArmView{};
            ask_.arms.push_back({problem.values[k], seen.looks, seen.sales, true});
        }
        looks_left_.assign(problem.arrivals.size() + 1, 0.0);
        for (std::size_t t = problem.arrivals.size(); t-- > 0;)
            looks_left_[t] = looks_left_[t + 1] + problem.arrivals[t];
        ask_.stock_left = static_cast<double>(problem.stock);
        ask_.periods_left = looks_left_[0];
    }
    std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random& random) override {
        if (renew_) ask_.stock_left = static_cast<double>(stock), ask_.periods_left = looks_left_[period];
        return policy_.draw(ask_, random);
    }
    void saw(std::size_t arm, bool sold) override { ask_.arms[arm].looks += 1, ask_.arms[arm].sales += sold; }

  private:
    const Policy& policy_;
    bool renew_;
    PolicyAsk ask_;
    std::vector<double> looks_left_;
};

}  // namespace

std::unique_ptr<LabPolicy> lab_policy(std::string_view name, const LabProblem& problem, const Optimum& optimum) {
    static const TsUpdate thompson;
    if (name == "engine") return std::make_unique<Learner>(engine_policy(), problem, true, false);
    if (name == "ts-update") return std::make_unique<Learner>(thompson, problem, true, true);
    if (name == "ts-fixed") return std::make_unique<Learner>(thompson, problem, false, true);
    if (name == "dp-known") return std::make_unique<KnownOptimum>(optimum);
    if (name.starts_with("fixed:")) {
        std::size_t arm = 0;
        const auto digits = name.substr(6);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), arm);
        if (error == std::errc{} && end == digits.data() + digits.size() && arm < problem.values.size())
            return std::make_unique<Fixed>(arm);
    }
    return nullptr;
}

}  // namespace dropsmith::decide
