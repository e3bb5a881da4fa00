// The gate around a policy. Covered by sim/lab_test.cpp.
#include "sim/lab_guarded.h"

#include <algorithm>
#include <cmath>

namespace dropsmith::sim {
namespace {

Rate rate(double share) { return Rate{std::llround(share * static_cast<double>(whole.n))}; }

class Guarded final : public decide::LabPolicy {
  public:
    Guarded(std::unique_ptr<decide::LabPolicy> inner, const LabGate& gate) : inner_(std::move(inner)), gate_(gate) {}

    std::optional<std::size_t> price(std::size_t period, std::int64_t stock, Random& random) override {
        const auto& bands = gate_.terms.bands;
        decide::GateAsk ask;
        ask.wanted = bands[inner_->price(period, stock, random).value_or(bands.size() - 1)];
        if (stands_) ask.stepping_from = bands[*stands_];
        const auto gated = decide::pass_gate(gate_.terms, gate_.pricing, gate_.unit, ask);
        if (gated && gated->arm) stands_ = *gated->arm;
        return stands_;
    }
    void saw(std::size_t period, std::size_t arm, bool sold) override { inner_->saw(period, arm, sold); }

  private:
    std::unique_ptr<decide::LabPolicy> inner_;
    const LabGate& gate_;
    std::optional<std::size_t> stands_;
};

}  // namespace

Result<LabGate, std::string> gate_of(const LabGuardrails& guardrails, const LabInstance& instance) {
    LabGate gate;
    for (const auto price : instance.prices) gate.terms.bands.push_back(Money{price});
    if (!std::is_sorted(gate.terms.bands.begin(), gate.terms.bands.end()))
        return Failure{std::string("/prices: guardrails need prices that ascend")};
    gate.terms.list_price = gate.terms.bands.back();
    gate.terms.cap = Quantity{1};
    if (guardrails.floor) gate.terms.floor = Money{*guardrails.floor};
    if (guardrails.min_margin) gate.terms.min_margin = rate(*guardrails.min_margin);
    if (guardrails.max_step) gate.pricing.max_step = rate(*guardrails.max_step);
    gate.unit.unit_cost = Money{std::llround(instance.unit_cost.value_or(0))};
    decide::GateAsk ask;
    ask.wanted = gate.terms.bands.back();
    const auto top = decide::pass_gate(gate.terms, gate.pricing, gate.unit, ask);
    if (!top || !top->arm) return Failure{std::string("guardrails: no price of /prices is lawful under them")};
    return gate;
}

std::unique_ptr<decide::LabPolicy> guarded(std::unique_ptr<decide::LabPolicy> policy, const LabGate& gate) {
    return std::make_unique<Guarded>(std::move(policy), gate);
}

}  // namespace dropsmith::sim
