// What the waiting room hands out, sealed under keys derived from the shop's, so that a client carries it and cannot
// change it: the place token (which entrant of which room, for which session) and the admission (until when this
// session may hold in this drop). And the codes of passes. Nothing is stored, so a restart changes none of it; the same
// admission is the same text however often it is asked for. Any thread. Covered by edge/http/admission_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/public_id.h"
#include "model/ids.h"
#include "model/room.h"

namespace dropsmith::http {

struct PlaceInRoom {
    DropId drop;
    std::uint32_t number = 0;
    std::uint64_t session = 0;               // digest
};
DROPSMITH_RECORD(PlaceInRoom, drop, number, session)

std::string seal_admission(const Admission& admission, std::string_view mac_key);  // "adm_…"
std::optional<Admission> unseal_admission(std::string_view token, std::string_view mac_key);
std::string seal_place(const PlaceInRoom& place, std::string_view mac_key);  // "plr_…"
std::optional<PlaceInRoom> unseal_place(std::string_view token, std::string_view mac_key);

// "pass_….…": the id and its MAC. What is none of ours becomes an id that nobody has, so that the rules refuse it.
std::string pass_code(PassId pass, const PublicIds& ids);
PassId pass_of(std::string_view code, const PublicIds& ids);

std::string random_hex();                    // 64 digits from the system's chance
// A session for whoever has none: the same for the same seed (an Idempotency-Key's scope), random without one.
std::string new_session(std::string_view seed, std::string_view mac_key);

}  // namespace dropsmith::http
