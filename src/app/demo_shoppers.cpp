// Covered by tests/http/commands.py.
#include "app/demo_shoppers.h"

#include "base/json.h"
#include "base/text.h"
#include "edge/cli/json_pick.h"

namespace dropsmith::app {
// Once more on a connection of its own when the first was lost: keys make that safe, and a killed shop is back in a
// moment.
std::optional<cli::Exchange> ShopperPlayer::ask(cli::Asked asked, const std::string& bearer) {
    for (int attempt = 0; attempt < 2; ++attempt)
        if (auto exchange = client_.ask(asked, bearer)) return std::move(exchange).value();
    return std::nullopt;
}

void ShopperPlayer::play() {
    const auto ready = ask({"GET", "/readyz", {}, {}, {}});
    if (!ready || ready->told.status != 200) return;
    const auto now = parse_rfc3339(ready->shop_time);
    if (!now) return;
    for (const auto& intent : shoppers_.until(*now)) one(intent);
    send_looks();
}

void ShopperPlayer::look(const sim::Intent& intent) {
    const auto event = [&](std::string_view type, bool of_sku) {
        std::string text;
        JsonWriter json(text);
        json.object().key("specversion").text("1.0").key("id").text(std::to_string(++event_)).key("source");
        json.text(source_).key("type").text(type).key("time").instant(intent.at.ms).key("data").object();
        json.key("drop").text(intent.drop);
        if (of_sku && !intent.sku.empty()) json.key("sku").text(intent.sku);
        json.key("channel").text("web").end().end();
        looks_ += (looks_.empty() ? "" : ",") + text;
        ++looks_count_;
    };
    if (came_.insert(intent.shopper).second) event("session.started", false);
    event("page.viewed", true);
    if (looks_count_ >= 500) send_looks();
}

void ShopperPlayer::send_looks() {
    if (looks_.empty()) return;
    (void)ask({"POST", "/v1/signals", {}, "[" + looks_ + "]", {}});
    looks_.clear();
    looks_count_ = 0;
}

void ShopperPlayer::one(const sim::Intent& intent) {
    const auto who = std::to_string(intent.shopper);
    const std::string method = intent.ships ? "ship" : "pickup";
    switch (intent.kind) {
        case sim::IntentKind::browse:
            return look(intent);
        case sim::IntentKind::hold: {
            if (held_.contains(intent.shopper)) return;
            std::string quote;
            JsonWriter asking(quote);
            asking.object().key("drop").text(intent.drop).key("channel").text("web").key("lines").array().object();
            asking.key("sku")
                .text(intent.sku)
                .key("units")
                .integer(intent.units.n)
                .end()
                .end()
                .key("session")
                .text("demo-" + who)
                .end();
            const auto quoted = ask({"POST", "/v1/quotes", {}, quote, {}});
            if (!quoted || quoted->told.status != 201) return;
            const auto price = cli::pick_integer(quoted->told.body, "/lines/0/unit_price/amount");
            if (!price || Money{*price} > intent.max_price) return;
            std::string body;
            JsonWriter json(body);
            json.object().key("quote").text(cli::pick_text(quoted->told.body, "/token")).end();
            const auto placed = ask({"POST", "/v1/holds", {}, body, "demo-hold-" + who});
            if (!placed || placed->told.status != 201) return;
            held_[intent.shopper] = {cli::pick_text(placed->told.body, "/id"),
                                     cli::pick_text(placed->told.body, "/secret")};
            return;
        }
        case sim::IntentKind::confirm: {
            const auto it = held_.find(intent.shopper);
            if (it == held_.end()) return;
            std::string body;
            JsonWriter json(body);
            json.object().key("person").object().key("email").text(intent.email).key("name").text(intent.name).end();
            json.key("fulfilment").object().key("method").text(method).end();
            json.key("payment").object().key("method").text("manual").end().end();
            (void)ask({"POST", "/v1/holds/" + it->second.id + "/confirm", {}, body, "demo-confirm-" + who},
                      it->second.secret);
            held_.erase(it);
            return;
        }
        case sim::IntentKind::abandon: {
            const auto it = held_.find(intent.shopper);
            if (it == held_.end()) return;
            (void)ask({"DELETE", "/v1/holds/" + it->second.id, {}, {}, "demo-abandon-" + who}, it->second.secret);
            held_.erase(it);
            return;
        }
    }
}

}  // namespace dropsmith::app
