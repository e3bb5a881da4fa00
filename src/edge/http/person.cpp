// Covered by edge/http/words_test.cpp.
#include "edge/http/person.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "edge/http/resolve.h"

namespace dropsmith::http {

// What every mail system takes for an address, no more: the proof is a mail that arrives.
bool plausible_email(std::string_view email) {
    const auto at = email.find('@');
    if (email.size() > 254 || at == 0 || at == std::string_view::npos || at != email.rfind('@')) return false;
    const auto host = email.substr(at + 1);
    if (host.empty() || host.front() == '.' || host.back() == '.' || host.find("..") != std::string_view::npos)
        return false;
    return std::none_of(email.begin(), email.end(), [](char c) {
        return static_cast<unsigned char>(c) <= ' ' || c == 0x7f || c == ',' || c == '<' || c == '>';
    });
}

Result<engine::PersonData, JsonError> person_of(const PersonBody& person,
                                                const std::optional<FulfilmentBody>& fulfilment) {
    const auto email = trim(person.email);
    if (!plausible_email(email))
        return Failure<JsonError>{
            {"/person/email", "is not an e-mail address; it is needed to find the order again", false}};
    if (person.name.size() > limits::name_max)
        return Failure<JsonError>{
            {"/person/name", "is longer than " + std::to_string(limits::name_max) + " bytes", false}};
    std::string address = person.address;
    if (fulfilment && fulfilment->address) address = *fulfilment->address;
    if (address.size() > limits::text_max)
        return Failure<JsonError>{
            {"/fulfilment/address", "is longer than " + std::to_string(limits::text_max) + " bytes", false}};
    return engine::PersonData{std::string(email), person.name, std::move(address)};
}

std::optional<Failure<Refusal>> nobody_named(const State& state, const Moment& moment, HoldId hold) {
    if (moment.person || !state.holds.table.find(hold)) return std::nullopt;
    const auto said = state.holds.details.find(hold);
    if (said != state.holds.details.end() && said->second.person) return std::nullopt;
    return bad_field("/person", "is required: the hold does not say who it is for");
}

}  // namespace dropsmith::http
