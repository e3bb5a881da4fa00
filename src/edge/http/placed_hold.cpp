// The commonest of all replies by hand: a hold of one line, to the octets that write_placed_hold gives it. Loop's
// thread. Covered by edge/http/board_test.cpp, which compares the two.
#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "edge/http/views.h"

namespace dropsmith::http {
namespace {

// Into room that is known to suffice: each piece a copy of known size.
struct Text {
    char* at;
    template <std::size_t n>
    void put(const char (&literal)[n]) {
        std::memcpy(at, literal, n - 1);
        at += n - 1;
    }
    void put_view(std::string_view text) {
        at = std::copy(text.begin(), text.end(), at);  // may be empty, and then nowhere
    }
    void number(std::int64_t n) { at = std::to_chars(at, at + 20, n).ptr; }
    void money(std::int64_t minor, std::string_view currency) {
        put(R"({"amount":)");
        number(minor);
        put(R"(,"currency":")");
        put_view(currency);
        put(R"("})");
    }
};

}  // namespace

bool append_placed_hold(std::string& out, const State& state, const UnitsHeld& fact, const Words& words) {
    if (fact.lines.size() != 1) return false;
    const auto& line = fact.lines.front();
    const auto* known = state.catalogue.find(line.sku);
    const std::string_view sku = known ? std::string_view(known->terms.sku) : std::string_view();
    const auto stands_for_itself = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (!std::all_of(sku.begin(), sku.end(), stands_for_itself)) return false;
    std::array<char, 320> room;  // 190 without these two and with the longest numbers
    if (sku.size() > 100 || words.currency.size() > 8) return false;
    out.append(R"({"id":")");
    words.ids.show_to(out, HoldTag::prefix, fact.hold.n);
    out.append(R"(","secret":")");
    words.ids.secret_to(out, HoldTag::prefix, fact.hold.n);
    out.append(R"(","status":"held","drop":")");
    words.ids.show_to(out, DropTag::prefix, fact.drop.n);
    Text text{room.data()};
    text.put(R"(","preorder":)");
    fact.preorder ? text.put("true") : text.put("false");
    text.put(R"(,"lines":[{"sku":")");
    text.put_view(sku);
    text.put(R"(","units":)");
    text.number(line.units.n);
    text.put(R"(,"unit_price":)");
    text.money(line.unit_price.n, words.currency);
    text.put(R"(}],"total":)");
    text.money((line.unit_price * line.units).n, words.currency);
    out.append(room.data(), static_cast<std::size_t>(text.at - room.data()));
    // All holds of a batch end at one time, as a rule.
    thread_local Instant shown;
    thread_local std::string end;
    if (end.empty() || shown != fact.expires_at) {
        shown = fact.expires_at;
        end = R"(,"expires_at":)";
        write_json_instant(end, shown.ms);
        end += '}';
    }
    out.append(end);
    return true;
}

}  // namespace dropsmith::http
