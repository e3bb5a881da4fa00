// The commonest of all replies by hand: a hold of one line, to the octets that write_placed_hold gives it. Loop's
// thread. Covered by edge/http/board_test.cpp, which compares the two.
#include <algorithm>
#include <charconv>

#include "edge/http/views.h"

namespace dropsmith::http {

bool append_placed_hold(std::string& out, const State& state, const UnitsHeld& fact, const Words& words) {
    if (fact.lines.size() != 1) return false;
    const auto& line = fact.lines.front();
    const auto* known = state.catalogue.find(line.sku);
    const std::string_view sku = known ? std::string_view(known->terms.sku) : std::string_view();
    const auto stands_for_itself = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (!std::all_of(sku.begin(), sku.end(), stands_for_itself)) return false;
    out.append(R"({"id":")");
    words.ids.show_to(out, HoldTag::prefix, fact.hold.n);
    out.append(R"(","secret":")");
    words.ids.secret_to(out, HoldTag::prefix, fact.hold.n);
    out.append(R"(","status":"held","drop":")");
    words.ids.show_to(out, DropTag::prefix, fact.drop.n);
    out.append(fact.preorder ? R"(","preorder":true,"lines":[{"sku":")" : R"(","preorder":false,"lines":[{"sku":")");
    char digits[24];
    const auto units = std::to_chars(digits, digits + sizeof digits, line.units.n).ptr;
    out.append(sku).append(R"(","units":)").append(digits, units).append(R"(,"unit_price":)");
    write_json_money(out, line.unit_price.n, words.currency);
    out.append(R"(}],"total":)");
    write_json_money(out, (line.unit_price * line.units).n, words.currency);
    // All holds of a batch end at one time, as a rule.
    thread_local Instant shown;
    thread_local std::string text;
    if (text.empty() || shown != fact.expires_at) {
        shown = fact.expires_at;
        text = R"(,"expires_at":)";
        write_json_instant(text, shown.ms);
        text += '}';
    }
    out.append(text);
    return true;
}

}  // namespace dropsmith::http
