// The only place that knows the whole vocabulary at run time: command -> handle, fact -> its evolve in every slice
// that has one, and the table of facts (code, version, name, field table) for journal, docs and fuzzers. Pure; any
// thread that owns the state. A fact or command without a handler does not compile. Covered by
// engine/dispatch_test.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

#include "model/fact.h"
#include "model/moment.h"
#include "model/stamp.h"
#include "model/state.h"

namespace dropsmith::engine {

struct FactInfo {
    std::uint16_t code;
    std::uint8_t version;
    std::string_view name;
    const Type* type;
    void (*evolve)(State&, const void* fact, const Stamp&);
    Fact (*copy)(const void* fact);
    Fact (*take)(void* fact);                        // moves out of it
};

struct CommandInfo {
    std::uint16_t code;
    std::string_view name;
    Verdict (*handle)(const State&, const void* command, const Moment&);
};

// One reusable object of every kind of fact, so that replay decodes into the same memory again and again. One thread.
class FactScratch {
public:
    FactScratch();
    ~FactScratch();
    FactScratch(const FactScratch&) = delete;
    FactScratch& operator=(const FactScratch&) = delete;
    void* object(const FactInfo& info);              // a valid value of that kind, whatever was decoded into it last

private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

std::span<const FactInfo> all_facts();
std::span<const CommandInfo> all_commands();
const FactInfo* fact_info(std::uint16_t code);       // nullptr: not in this program's vocabulary
const CommandInfo* command_info(std::uint16_t code);

Verdict dispatch(const State& state, const Command& command, const Moment& moment);
void evolve_all(State& state, const Fact& fact, const Stamp& stamp);

}  // namespace dropsmith::engine
