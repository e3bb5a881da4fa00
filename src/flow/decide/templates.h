// Templates of peaks: the program's own (an evening, pay day, a market at the weekend, a holiday week, a creator's
// announcement), the shop's, and how one is found by name: the shop's first. A plan is drafted from one by draft.h; the
// template itself promises nothing. Pure; the state's thread. Covered by flow/decide/templates_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/plan_template.h"
#include "model/price.h"

namespace dropsmith::decide {

PlanTemplate plain_template();  // what a draft without a template is made of; it has no name
const std::vector<PlanTemplate>& built_in_templates();

struct KnownTemplate {
    PlanTemplate plan;
    bool built_in = false;
};
std::vector<KnownTemplate> all_templates(const Prices& prices);  // by name
std::optional<PlanTemplate> template_named(const Prices& prices, const std::string& name);

}  // namespace dropsmith::decide
