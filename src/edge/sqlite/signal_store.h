// signals.db behind engine/signal_log.h: one transaction a call, an event once by 16 octets of BLAKE2b over source
// and id. Any thread, one call at a time (it locks). Covered by edge/sqlite/signal_store_test.cpp.
#pragma once

#include <memory>
#include <string>

#include "engine/signal_log.h"

namespace dropsmith::sqlite {

class SignalStore final : public engine::SignalLog {
    struct Inside;

public:
    static Result<std::unique_ptr<SignalStore>, Fault> open(const std::string& folder);
    explicit SignalStore(std::unique_ptr<Inside> inside);
    ~SignalStore() override;

    Result<engine::SignalsKept, Fault> append(std::span<const engine::SignalEvent> events) override;
    Result<std::optional<FoldDemand>, Fault> next_fold(std::uint64_t folded_to) override;
    Result<std::uint64_t, Fault> forget(std::uint64_t folded_to, Instant received_before) override;

private:
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::sqlite
