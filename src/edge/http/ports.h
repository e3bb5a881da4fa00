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

// What a payment provider's signed event is about.
struct ProviderEvent {
    std::string id;
    std::string checkout;  // public id; "": not one of ours
    bool relevant = false;  // says something that is worth a look
    bool over = false;      // says that nothing will come
    bool refund = false;    // is about money that was given back
};

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
    // A webhook's signature header and body, read at this instant -> the event; the error is for the log and the
    // provider. Empty: no provider is set up. Network threads; no call leaves the machine.
    std::function<Result<ProviderEvent, std::string>(std::string_view signature, std::string_view body, Instant now)>
        provider_event;
    bool payment_pages = false;  // a provider makes payment pages for this shop
    // The demo's figures, already JSON; empty when this is no demo.
    std::function<std::string()> demo;
    std::function<bool()> demo_kill;
};

}  // namespace dropsmith::http
