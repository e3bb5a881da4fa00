// Covered by tests/http/access_matrix.py.
#include "edge/http/grants.h"

#include <array>

#include <sodium.h>

#include "base/digest.h"
#include "base/text.h"

namespace dropsmith::http {

std::string new_token() {
    std::array<char, 32> octets;
    randombytes_buf(octets.data(), octets.size());
    return "dst_" + base32({octets.data(), octets.size()});
}

std::string token_digest(std::string_view token) { return hex(blake2b(token, "dropsmith token")); }

void Grants::load(const State& state) {
    auto table = std::make_shared<Table>();
    for (const auto& grant : state.access.grants)
        if (!grant.ended) table->emplace(grant.token_digest, std::make_shared<const Grant>(grant));
    const std::lock_guard lock(mutex_);
    table_ = std::move(table);
}

void Grants::stored(const State& state, const engine::Batch& batch) {
    for (const auto& entry : batch.entries)
        for (const auto& fact : entry.facts)
            if (fact.as<GrantIssued>() || fact.as<GrantEnded>()) return load(state);
}

std::shared_ptr<const Grant> Grants::find(std::string_view token, Instant wall) const {
    std::shared_ptr<const Table> table;
    {
        const std::lock_guard lock(mutex_);
        table = table_;
    }
    const auto digest = token_digest(token);
    const auto it = table->find(digest);
    if (it == table->end() || !equal_in_constant_time(it->first, digest)) return nullptr;
    if (it->second->expires_at && *it->second->expires_at <= wall) return nullptr;
    return it->second;
}

bool Grants::any_owner() const {
    const std::lock_guard lock(mutex_);
    for (const auto& [digest, grant] : *table_)
        if (grant->role == Role::owner && !grant->one_time) return true;
    return false;
}

}  // namespace dropsmith::http
