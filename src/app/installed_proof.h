// The prover on the program as it is installed: the real server on a scratch folder of the operator's own disk, buyers
// and a till who repeat every request until it is answered, SIGKILL at random moments. Afterwards everything that was
// acknowledged must be there, once: each hold with the status it was told, each order with the money given back for
// it, units received = free + held + sold, and `verify` over the journal. One call at a time, threads of its own.
// Covered by tests/http/commands.py, where a folder that is set back must ring.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/fault.h"
#include "base/result.h"

namespace dropsmith::app {

struct InstalledSettings {
    std::string on;             // a folder on the disk in question; a scratch folder is made in it
    unsigned kills = 20, buyers = 8;
    std::uint64_t seed = 1;     // of what the buyers do and when the kills come; not of how threads meet
    bool set_back = false;      // a planted fault: after a kill the folder is put back to what it was a kill before
};

struct InstalledProof {
    std::vector<std::string> breaches;  // at most ten, in words
    std::uint64_t breached = 0;
    unsigned kills = 0;
    std::uint64_t requests = 0, repeated = 0;  // repeated: asked again with the same key, since no answer came
    std::uint64_t holds = 0, released = 0, orders = 0, refunds = 0;
    std::int64_t slowest_restart_ms = 0;       // from the start of the process to its first answer
    std::uint64_t facts = 0;
    std::string head_hash;
    std::string kept;           // the scratch folder, when something broke; it is removed otherwise
};

// A fault: the shop could not even be started there.
Result<InstalledProof, Fault> prove_installed(const InstalledSettings& settings,
                                              const std::function<void(unsigned kills)>& progress = {});

std::string installed_json(const InstalledProof& proof);

}  // namespace dropsmith::app
