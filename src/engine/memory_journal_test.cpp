// The journal in memory keeps the contract of journals, and refuses when it is told to.
#include "engine/memory_journal.h"

#include "tests/contract/journal_contract.h"

namespace dropsmith::engine::contract::memory_journal_test {
namespace {

struct MemoryFixture {
    MemoryJournal journal;
    Journal& make() { return journal; }
    Journal& again() { return journal; }
};
INSTANTIATE_TYPED_TEST_SUITE_P(Memory, JournalContract, MemoryFixture);

}  // namespace
}  // namespace dropsmith::engine::contract::memory_journal_test
