// Doors that edge/http asks for and src/app fills in: other edge folders and the simulator are not to be named here.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "flow/measure/periods.h"
#include "model/state.h"

namespace dropsmith::http {

struct Ports {
    // A rehearsal: plan JSON (the body of POST /v1/drops), runs, seed, whether by the engine itself -> report JSON.
    // Slow threads.
    std::function<Result<std::string, std::string>(const State& copy, std::string_view plan, std::uint64_t runs,
                                                   std::uint64_t seed, bool full)>
        rehearse;
    // A past drop under another policy -> its JSON; the error is a sentence for a person. Slow threads.
    std::function<Result<std::string, std::string>(const State& copy, DropId drop,
                                                   const std::vector<measure::Period>& periods, std::string_view policy,
                                                   std::uint64_t seed)>
        replay;
    // The demo's figures, already JSON; empty when this is no demo.
    std::function<std::string()> demo;
    std::function<bool()> demo_kill;
};

}  // namespace dropsmith::http
