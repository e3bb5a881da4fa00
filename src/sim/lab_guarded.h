// A laboratory policy behind the gate that real drops have: the same code (flow/decide/guardrail.h), with the floor,
// margin and largest step of a stated set. What the gate refuses leaves the last price standing; a policy that would
// rest asks the highest band, as a page must. One run, one thread. Covered by sim/lab_test.cpp.
#pragma once

#include <memory>

#include "flow/decide/guardrail.h"
#include "flow/decide/lab.h"
#include "sim/lab_instance.h"

namespace dropsmith::sim {

struct LabGate {
    LineTerms terms;
    PricingTerms pricing;
    decide::UnitEconomics unit;
};
// The error names what no gate can hold: prices that do not ascend, or none that is lawful.
Result<LabGate, std::string> gate_of(const LabGuardrails& guardrails, const LabInstance& instance);

std::unique_ptr<decide::LabPolicy> guarded(std::unique_ptr<decide::LabPolicy> policy, const LabGate& gate);

}  // namespace dropsmith::sim
