// The laboratory's slopes: the closed forms through a table, groups, and refusals that name the row.
#include "sim/lab_elasticity.h"

#include <gtest/gtest.h>

namespace dropsmith::sim::lab_elasticity_test {
namespace {

constexpr std::string_view table =
    "p,kind,q\n24,a,60\n30,a,41\n36,a,29\n30,a,39\n24,a,63\n36,a,30\n10,b,100\n20,b,25\n";

TEST(LabElasticity, ClosedFormsByGroup) {
    const auto out = lab_elasticity(table, {"p", "q", "kind"});
    ASSERT_TRUE(out.ok()) << out.error();
    for (const auto* part :
         {R"("group":"a","rows":6,"least_squares":{"value":-1.815764)", R"("value":-1.830854,"se":0.378835)",
          R"("group":"b","rows":2,"least_squares":{"value":-2)"})
        EXPECT_NE(out->find(part), std::string::npos) << part << "\n" << *out;
}

TEST(LabElasticity, RefusalsNameTheRow) {
    EXPECT_NE(lab_elasticity(table, {"price", "q", ""}).error().find("price"), std::string::npos);
    EXPECT_NE(lab_elasticity("p,q\n3,4\n0,4\n", {"p", "q", ""}).error().find("row 3"), std::string::npos);
    EXPECT_FALSE(lab_elasticity("", {}).ok());
}

}  // namespace
}  // namespace dropsmith::sim::lab_elasticity_test
