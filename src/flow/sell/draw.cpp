// See the header. Covered by flow/sell/draw_test.cpp.
#include "flow/sell/draw.h"

#include <algorithm>
#include <numeric>

#include "base/check.h"
#include "base/digest.h"
#include "base/text.h"

namespace dropsmith::sell {
namespace {

std::string_view view(const Digest256& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

void append_64(std::string& out, std::uint64_t n) {
    for (int shift = 56; shift >= 0; shift -= 8) out.push_back(static_cast<char>(n >> shift & 0xFF));
}

}  // namespace

std::optional<std::string> octets_of(std::string_view hex_digits) {
    auto octets = parse_hex(hex_digits);
    if (!octets || octets->size() != 32) octets.reset();
    return octets;
}

std::string commitment_of(std::string_view seed_hex) {
    const auto seed = octets_of(seed_hex);
    return seed ? hex(blake2b(*seed)) : std::string{};
}

std::string ticket_text(std::uint64_t ticket) {
    std::string out(16, '0');
    for (std::size_t i = 16; i-- > 0; ticket >>= 4) out[i] = "0123456789abcdef"[ticket & 15];
    return out;
}

std::uint64_t ticket_of(DropId drop, std::uint32_t number, std::uint64_t session, PersonId person) {
    std::string text;
    append_64(text, drop.n), append_64(text, number), append_64(text, session), append_64(text, person.n);
    return first_64(blake2b(text, "dropsmith ticket"));
}

std::vector<std::uint32_t> draw_order(std::string_view seed_hex, const std::vector<std::string>& tickets) {
    const auto seed = octets_of(seed_hex);
    CHECK_BECAUSE(seed, "a room's seed is 64 hex digits");
    Blake2b all;
    for (std::size_t i = 0; i < tickets.size(); ++i) {
        if (i > 0) all.add(std::string_view("\n"));
        all.add(std::string_view(tickets[i]));
    }
    const auto listed = all.finish();
    const auto key = blake2b(*seed + std::string(view(listed)));
    std::vector<Digest256> scores;
    scores.reserve(tickets.size());
    for (const auto& ticket : tickets) scores.push_back(blake2b(ticket, view(key)));
    std::vector<std::uint32_t> order(tickets.size());
    std::iota(order.begin(), order.end(), 0u);
    std::sort(order.begin(), order.end(),
              [&](std::uint32_t a, std::uint32_t b) { return scores[a] != scores[b] ? scores[a] < scores[b] : a < b; });
    return order;
}

}  // namespace dropsmith::sell
