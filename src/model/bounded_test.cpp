// What fits the journal becomes facts; what does not is refused, one byte beyond included.
#include "model/bounded.h"

#include <gtest/gtest.h>

#include "model/drop.h"

namespace dropsmith::bounded_test {
namespace {

TEST(BoundedTest, RefusesWhatTheJournalWouldNotTake) {
    DropPaused fact{DropId{1}, std::string(limits::fact_bytes_max - 100, 'x')};
    EXPECT_TRUE(bounded_facts(fact).ok());
    fact.reason.resize(limits::fact_bytes_max);
    const auto verdict = bounded_facts(DropResumed{DropId{1}}, fact);
    ASSERT_FALSE(verdict.ok());
    EXPECT_EQ(verdict.error().code.word, "bad_value");
}

}  // namespace
}  // namespace dropsmith::bounded_test
