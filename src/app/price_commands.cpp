// `dropsmith prices …`: overrides and who approves them, the kill switch and its undoing, going on after a halt, and
// the merchant's rules; the routes of the same names. Covered by tests/http/prices.py.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/command_parts.h"
#include "app/commands.h"
#include "app/door.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/cli/control_door.h"
#include "edge/cli/json_pick.h"
#include "edge/cli/output.h"
#include "edge/files/text.h"

namespace dropsmith::app {
namespace {

struct Asked {
    Common common;
    std::string what, sku, channel, price, until, reason;
    bool yes = false, no = false;
};

int wrong(const std::string& said) {
    std::fprintf(stderr, "dropsmith prices: %s\n", said.c_str());
    return 2;
}

std::string reason_body(const std::string& reason) {
    std::string body;
    JsonWriter json(body);
    json.object().key("reason").text(reason).end();
    return body;
}

// POST of a reason to /v1/HEAD/ID/VERB.
int say_why(const Asked& asked, const char* head, const char* verb) {
    const auto path = std::string("/v1/") + head + "/" + cli::encode_query(asked.what) + "/" + verb;
    return ask_and_print(existing(asked.common.data), asked.common.json,
                         {"POST", path, {}, reason_body(asked.reason), {}});
}

// An amount as people write it, 24.90, in the shop's own currency.
int override_price(const Asked& asked) {
    auto door = open_door(existing(asked.common.data));
    if (!door) return fail(door.error());
    const auto shop = (*door)->ask({"GET", "/v1/shop", {}, {}, {}});
    if (!shop) return fail(shop.error());
    if (!shop->good()) return cli::print_answer(*shop, asked.common.json);
    const auto currency = cli::pick_text(shop->body, "/currency");
    const auto amount = parse_decimal(asked.price, std::max(0, currency_places(currency)));
    if (!amount || amount->rounded)
        return wrong("--price needs an amount in " + currency + " such as 24.90, got '" + asked.price + "'");
    std::string body;
    JsonWriter json(body);
    json.object().key("sku").text(asked.sku).key("channel").text(asked.channel);
    json.key("price").money(amount->scaled, currency).key("until").text(asked.until);
    json.key("reason").text(asked.reason).key("dry_run").boolean(asked.yes).end();
    const auto answer =
        (*door)->ask({"POST", "/v1/drops/" + cli::encode_query(asked.what) + "/overrides", {}, body, {}});
    return answer ? cli::print_answer(*answer, asked.common.json) : fail(answer.error());
}

void line_options(Verb sub, Asked& to) {
    sub.add_option("drop", to.what, "Id or slug").required();
    sub.add_option("--sku", to.sku, "SKU of the line").required();
    sub.add_option("--channel", to.channel, "Channel in which it is sold").required();
    sub.add_option("--reason", to.reason, "Why; it stands in the journal").required();
}

void add_override(Verb prices) {
    auto asked = std::make_shared<Asked>();
    auto sub = prices.command("override", "Sets a price by hand until a stated time; says what it is expected to cost",
                              "dropsmith prices override winter-glass --sku MUG --channel web --price 24.00 --until "
                              "2026-12-05T18:00:00Z --reason \"promised to a customer\" --data ~/shop");
    common(sub, asked->common);
    line_options(sub, *asked);
    sub.add_option("--price", asked->price, "As shown to the buyer, 24.00").required();
    sub.add_option("--until", asked->until, "When it ends, 2026-12-05T18:00:00Z").required();
    sub.add_flag("--dry-run", asked->yes, "Only say what it would cost");
    sub.runs([asked] { return override_price(*asked); });
}

void add_end_override(Verb prices) {
    auto asked = std::make_shared<Asked>();
    auto sub = prices.command("end-override", "Ends an override before its time",
                              "dropsmith prices end-override winter-glass --sku MUG --channel web --reason \"the "
                              "promise was kept\" --data ~/shop");
    common(sub, asked->common);
    line_options(sub, *asked);
    sub.runs([asked] {
        std::string body;
        JsonWriter json(body);
        json.object().key("sku").text(asked->sku).key("channel").text(asked->channel);
        json.key("reason").text(asked->reason).end();
        return ask_and_print(existing(asked->common.data), asked->common.json,
                             {"POST", "/v1/drops/" + cli::encode_query(asked->what) + "/end-override", {}, body, {}});
    });
}

void add_waiting(Verb prices) {
    auto asked = std::make_shared<Common>();
    auto sub = prices.command("waiting", "Overrides and undoings of the kill switch that wait for a second person",
                              "dropsmith prices waiting --data ~/shop");
    common(sub, *asked);
    sub.runs([asked] {
        return ask_and_print(existing(asked->data), asked->json, {"GET", "/v1/overrides", {}, {}, {}});
    });
}

void add_neighbours(Verb prices) {
    auto asked = std::make_shared<Asked>();
    auto sub = prices.command("neighbours",
                              "What the tests of lower prices that run in a drop do to full-price sales of neighbours",
                              "dropsmith prices neighbours winter-glass --data ~/shop");
    common(sub, asked->common);
    sub.add_option("drop", asked->what, "Id or slug").required();
    sub.runs([asked] {
        return ask_and_print(existing(asked->common.data), asked->common.json,
                             {"GET", "/v1/drops/" + cli::encode_query(asked->what) + "/neighbours", {}, {}, {}});
    });
}

// A verb about one thing, named by its id, with a reason.
void add_verb(Verb prices, const char* verb, const char* what, const char* example, const char* named,
              const char* head, bool reason_required) {
    auto asked = std::make_shared<Asked>();
    auto sub = prices.command(verb, what, example);
    common(sub, asked->common);
    sub.add_option(named, asked->what, named == std::string("drop") ? "Id or slug" : "Id of the override").required();
    auto reason = sub.add_option("--reason", asked->reason, "Why; it stands in the journal");
    if (reason_required) reason.required();
    sub.runs([asked, verb = std::string(verb), head] {
        const auto path = verb == "kill" ? "kill-prices" : verb == "resume" ? "resume-prices" : verb;
        return say_why(*asked, head, path.c_str());
    });
}

void add_undo_kill(Verb prices) {
    auto asked = std::make_shared<Asked>();
    auto sub = prices.command("undo-kill", "Lets engine and plan price a drop again after the kill switch",
                              "dropsmith prices undo-kill winter-glass --reason \"the feed is right again\" "
                              "--data ~/shop");
    common(sub, asked->common);
    sub.add_option("drop", asked->what, "Id or slug").required();
    sub.add_option("--reason", asked->reason, "Why; needed to ask");
    auto yes = sub.add_flag("--approve", asked->yes, "Agree, as the second person, to what another has asked");
    sub.add_flag("--reject", asked->no, "Do not").excludes(yes);
    sub.runs([asked] {
        if (!asked->yes && !asked->no && asked->reason.empty()) return wrong("undo-kill needs --reason");
        const auto* what = asked->yes ? "undo-kill/approve" : asked->no ? "undo-kill/reject" : "undo-kill";
        return say_why(*asked, "drops", what);
    });
}

void add_rules(Verb prices) {
    auto asked = std::make_shared<Common>();
    auto sub = prices.command("rules", "The merchant's rules over the prices of all drops",
                              "dropsmith prices rules --data ~/shop");
    common(sub, *asked);
    sub.runs([asked] {
        return ask_and_print(existing(asked->data), asked->json, {"GET", "/v1/price-rules", {}, {}, {}});
    });
}

struct Rules {
    Common common;
    std::string above, free, undo, file;
    std::vector<std::string> brands;
    bool one = false;
};

// Harbour=0.2: a brand and the share of its list value that may be given away.
bool write_brands(JsonWriter& json, const std::vector<std::string>& brands) {
    if (brands.empty()) return true;
    json.key("brands").array();
    for (const auto& rule : brands) {
        const auto mark = rule.rfind('=');
        if (mark == std::string::npos || mark == 0) return false;
        const auto share = parse_decimal(rule.substr(mark + 1), 6);
        if (!share || share->rounded) return false;
        json.object().key("brand").text(rule.substr(0, mark)).key("exposure_max").rate(share->scaled).end();
    }
    json.end();
    return true;
}

int set_rules(const Rules& asked) {
    std::string body;
    if (!asked.file.empty()) {
        auto text = files::read_all(asked.file);
        if (!text) return fail(text.error());
        body = std::move(*text);
    } else {
        JsonWriter json(body);
        json.object();
        for (const auto& [name, value] :
             {std::pair{"four_eyes_above", &asked.above}, {"approval_free_change", &asked.free}}) {
            if (value->empty()) continue;
            const auto share = parse_decimal(*value, 6);
            if (!share || share->rounded)
                return wrong(std::string(name) + " needs a share such as 0.1, got '" + *value + "'");
            json.key(name).rate(share->scaled);
        }
        if (asked.one) json.key("one_person_is_enough").boolean(true);
        if (!asked.undo.empty() && asked.undo != "yes" && asked.undo != "no")
            return wrong("--four-eyes-undo-kill needs yes or no, got '" + asked.undo + "'");
        if (!asked.undo.empty()) json.key("four_eyes_undo_kill").boolean(asked.undo == "yes");
        if (!write_brands(json, asked.brands)) return wrong("--brand needs a brand and a share such as Harbour=0.2");
        json.end();
    }
    return ask_and_print(existing(asked.common.data), asked.common.json, {"PATCH", "/v1/price-rules", {}, body, {}});
}

void add_set_rules(Verb prices) {
    auto asked = std::make_shared<Rules>();
    auto sub = prices.command("set-rules", "Replaces what is given of the rules, keeps the rest",
                              "dropsmith prices set-rules --four-eyes-above 0.1 --approval-free-change 0.05 --brand "
                              "Harbour=0.2 --data ~/shop");
    common(sub, asked->common);
    auto above = sub.add_option("--four-eyes-above", asked->above,
                                "An override that moves a price by more than this share waits for a second person");
    auto one = sub.add_flag("--one-person-is-enough", asked->one, "No override waits; ends the two rules beside it");
    auto free = sub.add_option("--approval-free-change", asked->free,
                               "But one off the list price by at most this share does not; 0 takes the band away");
    one.excludes(above), one.excludes(free);
    auto undo = sub.add_option("--four-eyes-undo-kill", asked->undo,
                               "yes: a second person must agree before the kill switch is undone");
    auto brands = sub.add_option("--brand", asked->brands,
                                 "BRAND=SHARE: of its list value on offer, what may be given away; may be given again; "
                                 "replaces all of them");
    auto file = sub.add_option("--from", asked->file, "The rules as JSON, as PATCH /v1/price-rules takes them; "
                                                      "- is standard input")
                    .type_name("FILE");
    for (auto other : {above, one, free, undo, brands}) file.excludes(other);
    sub.runs([asked] { return set_rules(*asked); });
}

struct AskedOffer {
    Common common;
    std::string drop, session, jurisdiction;
    std::vector<std::string> features;
};

// As the shop's own backend would: orders_before=4 is a feature and its value.
int make_offer(const AskedOffer& asked) {
    std::string body;
    JsonWriter json(body);
    json.object().key("session").text(asked.session).key("jurisdiction").text(asked.jurisdiction);
    json.key("features").array();
    for (const auto& known : asked.features) {
        const auto mark = known.rfind('=');
        const auto value = mark == std::string::npos ? std::nullopt : parse_decimal(known.substr(mark + 1), 0);
        if (!value || value->rounded || mark == 0)
            return wrong("--feature needs a feature and a whole number such as orders_before=4, got '" + known + "'");
        json.object().key("feature").text(known.substr(0, mark)).key("value").integer(value->scaled).end();
    }
    json.end().end();
    return ask_and_print(existing(asked.common.data), asked.common.json,
                         {"POST", "/v1/drops/" + cli::encode_query(asked.drop) + "/offers", {}, body, {}});
}

void add_offer(Verb prices) {
    auto asked = std::make_shared<AskedOffer>();
    auto sub = prices.command("offer", "Asks for the offer of its own that a session gets by the plan's rules",
                              "dropsmith prices offer winter-glass --session 5f2c… --jurisdiction GB --feature "
                              "orders_before=4 --data ~/shop");
    common(sub, asked->common);
    sub.add_option("drop", asked->drop, "Id or slug").required();
    sub.add_option("--session", asked->session, "The word that the page sends as its session").required();
    sub.add_option("--jurisdiction", asked->jurisdiction, "Where the buyer is, GB or US-NY").required();
    sub.add_option("--feature", asked->features, "FEATURE=NUMBER, what is known of the session; may be given again")
        .required();
    sub.runs([asked] { return make_offer(*asked); });
}

}  // namespace

void add_prices(Verb program) {
    auto prices = program.command("prices", "Prices by hand: overrides, the kill switch, the rules",
                                  "dropsmith prices waiting --data ~/shop");
    prices.needs_command();
    add_override(prices);
    add_end_override(prices);
    add_waiting(prices);
    add_neighbours(prices);
    add_verb(prices, "approve", "Approves an override; never one's own",
             "dropsmith prices approve ovr_… --reason seen --data ~/shop", "override", "overrides", false);
    add_verb(prices, "reject", "Rejects an override, or takes one's own back",
             "dropsmith prices reject ovr_… --reason \"too low\" --data ~/shop", "override", "overrides", false);
    add_verb(prices, "kill", "The kill switch: list prices at once, no more decisions in this drop",
             "dropsmith prices kill winter-glass --reason \"the cost feed is wrong\" --data ~/shop", "drop", "drops",
             false);
    add_undo_kill(prices);
    add_verb(prices, "resume", "Lets the engine go on after the cascade breaker or the cannibalisation stop",
             "dropsmith prices resume winter-glass --reason \"looked at it\" --data ~/shop", "drop", "drops", true);
    add_offer(prices);
    add_rules(prices);
    add_set_rules(prices);
}

}  // namespace dropsmith::app
