// `dropsmith lab elasticity`: the slopes of stated prices and units (somebody's history, a published panel), by group,
// partially pooled, with the same code that reads the shop's own periods. What it says is the plain regressions'
// answer: where nobody drew the prices nothing better can be had, and the answer says so. Pure. Covered by
// sim/lab_elasticity_test.cpp and tests/replay/dominicks.py.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace dropsmith::sim {

struct ElasticityColumns {
    std::string price = "price", units = "units", group;  // group "": all rows are one
};
// table: CSV with a header line. The error is one sentence for a person, naming the row.
Result<std::string, std::string> lab_elasticity(std::string_view table, const ElasticityColumns& columns);

}  // namespace dropsmith::sim
