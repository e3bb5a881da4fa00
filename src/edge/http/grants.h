// Tokens and grants as the network threads see them: an immutable table, exchanged whole after each fact about grants.
// Tokens are "dst_" + base32 of 32 random octets; only their BLAKE2b digest is kept anywhere. Any thread reads; the
// loop's thread writes. Covered by tests/http/access_matrix.py.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "engine/core.h"
#include "model/access.h"

namespace dropsmith::http {

std::string new_token();
std::string token_digest(std::string_view token);  // 64 hex letters, as in IssueGrant

class Grants final : public engine::Watcher {
  public:
    void load(const State& state);
    void stored(const State& state, const engine::Batch& batch) override;
    // null: unknown, ended or expired.
    std::shared_ptr<const Grant> find(std::string_view token, Instant wall) const;
    bool any_owner() const;

  private:
    using Table = std::unordered_map<std::string, std::shared_ptr<const Grant>>;
    mutable std::mutex mutex_;
    std::shared_ptr<const Table> table_ = std::make_shared<Table>();
};

}  // namespace dropsmith::http
