// Who may do what: a grant is role x scope (all, or places, brands, channels), with limits. Tokens are random 256-bit
// secrets, shown once; the journal keeps only their BLAKE2b digest. Codes 040-069. Roles and routes meet in
// edge/http/routes.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/fact.h"
#include "model/ids.h"

namespace dropsmith {

enum class Role : std::uint8_t { owner, operator_, pricing, finance, fulfilment, legal, till, viewer };
DROPSMITH_CHOICE(Role, "owner", "operator", "pricing", "finance", "fulfilment", "legal", "till", "viewer")

struct Scope {                       // an empty list means all
    std::vector<PlaceId> places;
    std::vector<ChannelId> channels;
    std::vector<std::string> brands;
};
DROPSMITH_RECORD(Scope, places, channels, brands)

struct GrantLimits {                 // absent: no limit of its own (owner, operator) or none at all (other roles)
    std::optional<Money> refund_max;
    std::optional<Quantity> write_off_max;
    bool override_below_floor = false;
};
DROPSMITH_RECORD(GrantLimits, refund_max, write_off_max, override_below_floor)

struct IssueGrant {
    static constexpr CommandCode code{40};
    Role role = Role::viewer;
    Scope scope;
    GrantLimits limits;
    std::string name;                // for the audit trail: a job or device, not a person's data
    std::string token_digest;        // 64 hex letters
    std::optional<Instant> expires_at;
    bool one_time = false;           // the set-up link: ends with its first use
};
struct EndGrant {
    static constexpr CommandCode code{41};
    GrantId grant;
};

struct GrantIssued {
    static constexpr FactCode code{40};
    static constexpr std::uint8_t version = 1;
    GrantId grant;
    Role role = Role::viewer;
    Scope scope;
    GrantLimits limits;
    std::string name;
    std::string token_digest;        // 64 hex letters
    std::optional<Instant> expires_at;
    bool one_time = false;
};
DROPSMITH_RECORD(GrantIssued, grant, role, scope, limits, name, token_digest, expires_at, one_time)

struct GrantEnded {
    static constexpr FactCode code{41};
    static constexpr std::uint8_t version = 1;
    GrantId grant;
};
DROPSMITH_RECORD(GrantEnded, grant)

struct ErasePerson {                 // the vault's row goes with the same batch (engine/core.cpp)
    static constexpr CommandCode code{42};
    PersonId person;
    std::string reason;
};
struct PersonErased {
    static constexpr FactCode code{42};
    static constexpr std::uint8_t version = 1;
    PersonId person;                 // random: says nothing without the vault
    std::string reason;
};
DROPSMITH_RECORD(PersonErased, person, reason)

struct Grant {
    GrantId id;
    Role role = Role::viewer;
    Scope scope;
    GrantLimits limits;
    std::string name;
    std::string token_digest;        // hex
    std::optional<Instant> expires_at;
    bool one_time = false;
    bool ended = false;
};
DROPSMITH_RECORD(Grant, id, role, scope, limits, name, token_digest, expires_at, one_time, ended)

struct Access {
    std::vector<Grant> grants;       // grant id - 1 is the index
    std::vector<PersonId> erased;    // in order of id; a vault that still has one was restored from an older copy
};
DROPSMITH_RECORD(Access, grants, erased)

}  // namespace dropsmith
