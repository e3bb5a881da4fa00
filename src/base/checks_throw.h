// While a ChecksThrow stands on its thread, a broken CHECK is thrown as a std::exception instead of ending the process.
// For one place only, engine/replay.cpp: it judges facts that somebody may have forged, and a rule that one of them
// breaks is a finding about the journal, not a bug (docs/decisions/0140-forged-facts-end-in-a-message.md). Any thread.
// Covered by engine/forged_test.cpp.
#pragma once

namespace dropsmith {

class ChecksThrow {
  public:
    ChecksThrow();
    ~ChecksThrow();
    ChecksThrow(const ChecksThrow&) = delete;
    ChecksThrow& operator=(const ChecksThrow&) = delete;
};

}  // namespace dropsmith
