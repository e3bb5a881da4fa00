// dropsmith payments terms, open, settle, tasks: the routes of the same names. Covered by tests/payments/.
#include <charconv>
#include <memory>
#include <sstream>
#include <string>
#include <utility>

#include "app/command_parts.h"
#include "app/commands.h"
#include "base/json.h"
#include "edge/cli/control_door.h"

namespace dropsmith::app {
namespace {

// What is no whole number is refused by the shop, which names the field.
std::int64_t hours_in_seconds(const std::string& text) {
    std::int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool good = error == std::errc{} && end == text.data() + text.size() && value >= 0 && value <= 8'760;
    return good ? value * 3'600 : -1;
}

void add_terms(Verb parent) {
    struct Asked {
        Common common;
        std::string holder, iban, bic, methods, manual, transfer, pickup;
        bool none = false;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = parent.command("terms",
                              "The account that buyers transfer to, what they may choose, how long the shop waits for "
                              "the money; without options it is shown",
                              "dropsmith payments terms --holder \"Harbour Glass Ltd\" --iban GB29NWBK60161331926819 "
                              "--data ~/shop");
    common(sub, asked->common);
    auto iban = sub.add_option("--iban", asked->iban, "IBAN");
    auto holder = sub.add_option("--holder", asked->holder, "Name of the account's holder");
    iban.needs(holder), holder.needs(iban);
    sub.add_option("--bic", asked->bic, "BIC, when the bank asks for it").needs(iban);
    sub.add_flag("--no-transfers", asked->none, "Take no bank transfers any more").excludes(iban);
    sub.add_option("--methods", asked->methods,
                   "What buyers may choose, with commas: pay_at_pickup,bank_transfer,stripe,manual");
    sub.add_option("--manual-hours", asked->manual, "Unpaid orders that were arranged by hand end after; 0: never");
    sub.add_option("--transfer-hours", asked->transfer, "Unpaid orders by bank transfer end after; 0: never");
    sub.add_option("--pickup-hours", asked->pickup,
                   "Orders to be paid at pick-up end so long after the drop has closed; 0: never");
    sub.runs([asked] {
        const auto settings = existing(asked->common.data);
        const bool bank = !asked->iban.empty() || asked->none;
        const bool show = !bank && asked->methods.empty() && asked->manual.empty() && asked->transfer.empty() &&
                          asked->pickup.empty();
        if (show) return ask_and_print(settings, asked->common.json, {"GET", "/v1/payments/terms", {}, {}, {}});
        std::string body;
        JsonWriter json(body);
        json.object();
        if (bank) {
            json.key("bank").object().key("holder").text(asked->holder).key("iban").text(asked->iban);
            json.key("bic").text(asked->bic).end();
        }
        if (!asked->methods.empty()) {
            json.key("methods").array();
            std::istringstream words(asked->methods);
            for (std::string word; std::getline(words, word, ',');) json.text(word);
            json.end();
        }
        for (const auto& [name, value] : {std::pair<const char*, const std::string&>{"manual", asked->manual},
                                          {"transfer", asked->transfer},
                                          {"pickup", asked->pickup}})
            if (!value.empty()) json.key(std::string(name) + "_within_seconds").integer(hours_in_seconds(value));
        json.end();
        return ask_and_print(settings, asked->common.json, {"PATCH", "/v1/payments/terms", {}, body, {}});
    });
}

void add_list(Verb parent, const char* verb, const char* what, const char* path) {
    auto asked = std::make_shared<Common>();
    auto sub = parent.command(verb, what, std::string("dropsmith payments ") + verb + " --data ~/shop");
    common(sub, *asked);
    sub.runs([asked, path] {
        return ask_and_print(existing(asked->data), asked->json, {"GET", path, "limit=200", {}, {}});
    });
}

void add_settle(Verb parent) {
    struct Asked {
        Common common;
        std::string item, order, note;
        bool retry = false;
    };
    auto asked = std::make_shared<Asked>();
    auto sub = parent.command("settle", "An open item was dealt with by hand, belongs to an order, or is asked again",
                              "dropsmith payments settle itm_… --note \"paid back on 24 November\" --data ~/shop");
    common(sub, asked->common);
    sub.add_option("item", asked->item, "Id of the open item").required();
    auto order = sub.add_option("--order", asked->order, "Id of the order that an unknown transfer was for");
    sub.add_flag("--retry", asked->retry, "Ask the payment provider once more").excludes(order);
    sub.add_option("--note", asked->note, "What was done; nothing personal");
    sub.runs([asked] {
        std::string body;
        JsonWriter json(body);
        json.object();
        if (!asked->order.empty()) json.key("order").text(asked->order);
        json.key("retry").boolean(asked->retry).key("note").text(asked->note).end();
        const auto path = "/v1/payments/open-items/" + cli::encode_query(asked->item) + "/settle";
        return ask_and_print(existing(asked->common.data), asked->common.json,
                             {"POST", path, {}, body, "settle-" + asked->item});
    });
}

}  // namespace

void add_payments(Verb program) {
    auto payments = program.command("payments", "Bank account, open items, what a provider is still asked",
                                    "dropsmith payments open --data ~/shop");
    payments.needs_command();
    add_terms(payments);
    add_list(payments, "open", "Money that needs a person", "/v1/payments/open-items");
    add_list(payments, "tasks", "What is still to be asked of the payment provider", "/v1/payments/tasks");
    add_settle(payments);
}

}  // namespace dropsmith::app
