// Refusals are folded: not one fact each, but one counting fact a shop-second, by drop and code, and what was sold out
// while its substitute was there by the pair of both. Core's thread.
// Covered by engine/core_test.cpp.
#pragma once

#include <map>
#include <optional>
#include <tuple>

#include "model/fact.h"
#include "model/shop.h"
#include "model/state.h"

namespace dropsmith::engine {

class RefusalCounts {
public:
    // command: null when none was built
    void add(const State& state, const Command* command, const Refusal& refusal, Instant at);
    void add(DropId drop, RefusalCode code, std::uint64_t times, Instant due);  // gathered elsewhere until `due`
    std::optional<Instant> due() const;      // when what has gathered shall be written down; nullopt: nothing has
    CountRefusals take();                    // and takes it off

private:
    std::map<std::tuple<DropId, std::uint16_t, SkuId, SkuId>, std::uint64_t> times_;
    Instant due_;
};

}  // namespace dropsmith::engine
