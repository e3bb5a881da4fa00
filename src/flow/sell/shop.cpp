// Rules of the shop itself. The genesis batch opens the shop with terms that work at once: one tax row of 0 (so that a
// merchant is never silently taxed at a guess), free pick-up and free shipping, the channel "web", and the first
// writer's epoch. Loop's thread. Covered by flow/sell/shop_test.cpp.
#include "flow/sell/shop.h"

#include <set>
#include <tuple>

#include "base/limits.h"
#include "base/text.h"
#include "flow/sell/refusing.h"
#include "model/bounded.h"

namespace dropsmith::sell {
namespace {

bool good_charge(Money amount) { return amount.n >= 0 && amount.n <= limits::money_max; }

std::optional<Refusal> wrong_terms(const SetTerms& terms) {
    using namespace refusals;
    if (terms.name && (terms.name->empty() || terms.name->size() > limits::name_max))
        return refuse_field(bad_value, "name", "/name", "the shop's name has 1 to 200 bytes").error;
    std::set<std::tuple<std::string, std::string, Instant>> rows;
    std::size_t i = 0;
    for (const auto& row : terms.tax.value_or(std::vector<TaxRate>{})) {
        const auto pointer = "/tax/" + std::to_string(i++);
        if (row.category.empty()) return refuse_field(bad_value, "tax", pointer + "/category", "name a category").error;
        if (row.rate < Rate{0} || row.rate > whole)
            return refuse_field(bad_value, "tax", pointer + "/rate", "a tax rate is a share from 0 to 1").error;
        if (!rows.emplace(row.category, row.zone, row.valid_from).second)
            return refuse_field(bad_value, "tax", pointer, "two rates of one category and zone from the same instant")
                .error;
    }
    std::set<std::string> codes;
    i = 0;
    for (const auto& method : terms.delivery.value_or(std::vector<DeliveryMethod>{})) {
        const auto pointer = "/delivery/" + std::to_string(i++);
        if (method.code.empty() || !codes.insert(method.code).second)
            return refuse_field(bad_value, "delivery", pointer + "/code", "each delivery method has a code of its own")
                .error;
        if (!good_charge(method.charge) || !good_charge(method.subsidy))
            return refuse_field(bad_value, "delivery", pointer + "/charge", "charge and subsidy are 0 or more").error;
    }
    if (terms.delivery && terms.delivery->empty())
        return refuse_field(bad_value, "delivery", "/delivery", "a shop needs at least one delivery method").error;
    if (terms.payment_fee && (terms.payment_fee->share < Rate{0} || terms.payment_fee->share >= whole ||
                              !good_charge(terms.payment_fee->fixed)))
        return refuse_field(bad_value, "payment_fee", "/payment_fee",
                            "the fee is a share from 0 to below 1 and a fixed part")
            .error;
    return std::nullopt;
}

}  // namespace

Verdict handle(const State& state, const OpenShop& command, const Moment&) {
    using namespace refusals;
    if (state.shop.open) return refuse(wrong_state, "this folder already holds the shop \"" + state.shop.name + "\"");
    if (command.name.empty() || command.name.size() > limits::name_max)
        return refuse_field(bad_value, "name", "/name", "give the shop a name of 1 to 200 bytes");
    if (!known_currency(command.currency))
        return refuse_field(bad_value, "currency", "/currency",
                            "not an ISO 4217 currency that we know: " + command.currency);
    if (command.time_zone.empty())
        return refuse_field(bad_value, "time_zone", "/time_zone", "give the shop's IANA time zone, like Europe/London");
    if (command.speed < 1 || (command.speed != 1 && !command.simulated))
        return refuse_field(bad_value, "speed", "/speed",
                            "only a simulated shop's clock may run faster, and never below 1");
    TermsSet terms{
        command.name,
        {{"standard", "", Rate{0}, Instant{}}},
        {{"pickup", "Pick-up", Money{0}, Money{0}, "standard"}, {"ship", "Delivery", Money{0}, Money{0}, "standard"}},
        {}};
    Channel web{ChannelId{1}, 1, "web", ChannelMode::own, command.prices_include_tax, {}};
    return bounded_facts(ShopOpened{command.name, command.currency, command.time_zone, command.prices_include_tax,
                                    command.simulated, command.speed, command.seed},
                         std::move(terms), ChannelSet{std::move(web)}, WriterStarted{state.shop.epoch + 1});
}

Verdict handle(const State& state, const SetTerms& command, const Moment&) {
    if (!state.shop.open) return refuse(refusals::wrong_state, "open the shop first");
    if (auto wrong = wrong_terms(command)) return Failure<Refusal>{std::move(*wrong)};
    const auto& shop = state.shop;
    return bounded_facts(TermsSet{command.name.value_or(shop.name), command.tax.value_or(shop.tax),
                                  command.delivery.value_or(shop.delivery),
                                  command.payment_fee.value_or(shop.payment_fee)});
}

Verdict handle(const State& state, const StartWriter&, const Moment&) {
    return facts(WriterStarted{state.shop.epoch + 1});
}

Verdict handle(const State&, const CountRefusals& command, const Moment&) {
    if (command.rows.empty()) return refuse(refusals::bad_value, "nothing to count");
    return bounded_facts(RefusalsCounted{command.rows});
}

void evolve(Shop& shop, const ShopOpened& fact, const Stamp&) {
    shop.open = true;
    shop.name = fact.name;
    shop.currency = fact.currency;
    shop.time_zone = fact.time_zone;
    shop.prices_include_tax = fact.prices_include_tax;
    shop.simulated = fact.simulated;
    shop.speed = fact.speed;
    shop.seed = fact.seed;
}

void evolve(Shop& shop, const TermsSet& fact, const Stamp&) {
    shop.name = fact.name;
    shop.tax = fact.tax;
    shop.delivery = fact.delivery;
    shop.payment_fee = fact.payment_fee;
}

void evolve(Shop& shop, const WriterStarted& fact, const Stamp&) { shop.epoch = fact.epoch; }

void evolve(Drops& drops, const RefusalsCounted& fact, const Stamp&) {
    for (const auto& row : fact.rows) drops.refused[{row.drop, row.refusal}] += row.times;
}

}  // namespace dropsmith::sell
