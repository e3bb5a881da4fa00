// The draw of a ballot, as anyone can recompute it (docs/concepts/fair-opening.md):
//   commitment = BLAKE2b-256(seed)                         published when the drop is scheduled
//   key        = BLAKE2b-256(seed + BLAKE2b-256(tickets joined by "\n", in order of arrival))
//   order      = tickets sorted by BLAKE2b-256(ticket) under that key; equal ones in order of arrival
// The key depends on every ticket, and a ticket on the entrant's own session, so that knowing the seed alone does not
// tell who will be first, and arriving early changes nothing. Pure; any thread. Covered by flow/sell/draw_test.cpp
// (uniformity, published vector), tests/draw/recompute.py (another language).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/room.h"

namespace dropsmith::sell {

// The octets of 64 hex digits.
std::optional<std::string> octets_of(std::string_view hex_digits);
std::string commitment_of(std::string_view seed_hex);
std::string ticket_text(std::uint64_t ticket);  // 16 hex digits
std::uint64_t ticket_of(DropId drop, std::uint32_t number, std::uint64_t session, PersonId person);

// Indexes of `tickets` in the order of admission. seed_hex: 64 hex digits.
std::vector<std::uint32_t> draw_order(std::string_view seed_hex, const std::vector<std::string>& tickets);

}  // namespace dropsmith::sell
