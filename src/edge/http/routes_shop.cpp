// The shop's terms: tax, delivery, payment fee. Covered by tests/http/routes.py.
#include "edge/http/routes.h"

#include "edge/http/handling.h"

namespace dropsmith::http {
namespace routes_shop {
namespace {

void get_shop(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        return json_reply(200, [&](JsonWriter& json) { write_shop(json, answer.state.shop, words_of(c)); });
    });
}

void patch_shop(CallPtr call) {
    const auto asked = body<ShopPatch>(*call);
    if (!asked) return;
    SetTerms terms;
    terms.name = asked->name;
    if (asked->tax) {
        terms.tax.emplace();
        for (const auto& row : *asked->tax) terms.tax->push_back({row.category, row.zone, row.rate, row.valid_from});
    }
    if (asked->delivery) {
        terms.delivery.emplace();
        for (const auto& row : *asked->delivery)
            terms.delivery->push_back({row.code, row.title.empty() ? row.code : row.title, row.charge.value_or(Money{}),
                                       row.subsidy.value_or(Money{}), row.tax_category});
    }
    if (asked->payment_fee)
        terms.payment_fee = PaymentFee{asked->payment_fee->share, asked->payment_fee->fixed.value_or(Money{})};
    command(
        std::move(call), [terms](const State&, const Moment&) -> Result<Command, Refusal> { return Command(terms); },
        [](const engine::Answer& answer, Call& c) {
            return json_reply(200, [&](JsonWriter& json) { write_shop(json, answer.state.shop, words_of(c)); });
        });
}

constexpr Route table[] = {
    {"GET",
     "/v1/shop",
     needs<Role::operator_, Role::pricing, Role::finance, Role::fulfilment, Role::legal, Role::till, Role::viewer>(
         ScopeKind::none),
     get_shop,
     {.summary = "The shop: currency, time zone, tax, delivery, payment fee", .gives = "the shop"}},
    {"PATCH",
     "/v1/shop",
     needs<Role::finance>(ScopeKind::shop),
     patch_shop,
     {.summary = "Replaces tax, delivery methods, payment fee or name",
      .key = KeyRule::optional,
      .body = type_of<ShopPatch>,
      .gives = "the shop"}},
};

}  // namespace
}  // namespace routes_shop

std::span<const Route> shop_routes() { return routes_shop::table; }

}  // namespace dropsmith::http
