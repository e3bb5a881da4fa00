// What the shop takes as payment, lines of a bank's statement, and the open items that a person settles. Covered by
// tests/payments/bank_transfer.py.
#include "edge/http/routes.h"

#include <algorithm>

#include "base/creditor_reference.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "edge/http/handling.h"
#include "edge/http/requests_payment.h"
#include "flow/sell/order.h"
#include "flow/sell/payment.h"

namespace dropsmith::http {
namespace routes_transfers {
namespace {

constexpr std::size_t lines_per_call = 500;

void write_bank(JsonWriter& json, const BankAccount& bank) {
    if (bank.iban.empty()) return void(json.null());
    json.object().key("holder").text(bank.holder).key("iban").text(bank.iban).key("bic").text(bank.bic).end();
}

// What a buyer's page may offer. What is arranged by hand is offered only where the shop says so.
std::vector<PaymentMethod> offered(const State& state, bool pages) {
    std::vector<PaymentMethod> out;
    for (const auto method : {PaymentMethod::pay_at_pickup, PaymentMethod::bank_transfer, PaymentMethod::stripe,
                              PaymentMethod::manual}) {
        if (!sell::buyers_may_use(state, method)) continue;
        if (method == PaymentMethod::bank_transfer && state.payments.bank.iban.empty()) continue;
        if (method == PaymentMethod::stripe && !pages) continue;
        if (method == PaymentMethod::manual && !state.payments.ways.chosen) continue;
        out.push_back(method);
    }
    return out;
}

Duration within(const PaymentWays& ways, PaymentMethod method) {
    switch (method) {
        case PaymentMethod::manual: return ways.manual_within;
        case PaymentMethod::bank_transfer: return ways.transfer_within;
        case PaymentMethod::pay_at_pickup: return ways.pickup_within;
        case PaymentMethod::stripe: break;
    }
    return Duration{0};
}

void get_methods(CallPtr call) {
    question(std::move(call), [](const engine::Answer& answer, Call& c) {
        return json_reply(200, [&](JsonWriter& json) {
            json.object().key("data").array();
            for (const auto method : offered(answer.state, c.services.ports.payment_pages)) {
                const auto wait = within(answer.state.payments.ways, method);
                json.object().key("method").text(word_of(method)).key("pay_within_seconds");
                wait > Duration{0} ? json.integer(wait.n / 1000) : json.null();
                json.end();
            }
            json.end().end();
        });
    });
}

Reply terms_reply(const engine::Answer& answer, Call& c) {
    return json_reply(200, [&](JsonWriter& json) {
        json.object().key("bank");
        write_bank(json, answer.state.payments.bank);
        const auto& ways = answer.state.payments.ways;
        json.key("methods");
        if (ways.chosen) {
            json.array();
            for (const auto method : ways.methods) json.text(word_of(method));
            json.end();
        } else {
            json.null();
        }
        json.key("manual_within_seconds").integer(ways.manual_within.n / 1000);
        json.key("transfer_within_seconds").integer(ways.transfer_within.n / 1000);
        json.key("pickup_within_seconds").integer(ways.pickup_within.n / 1000);
        json.key("stripe").object().key("pages").boolean(c.services.ports.payment_pages);
        json.key("webhooks").boolean(static_cast<bool>(c.services.ports.provider_event)).end().end();
    });
}

void get_terms(CallPtr call) { question(std::move(call), terms_reply); }

void patch_terms(CallPtr call) {
    const auto asked = body<PaymentTermsPatch>(*call);
    if (!asked) return;
    const bool ways = asked->methods || asked->manual_within_seconds || asked->transfer_within_seconds ||
                      asked->pickup_within_seconds;
    if (!asked->bank && !ways)
        return call->reply(bad_input("/bank", "nothing is asked for: give bank {holder, iban, bic}, methods, or how "
                                              "long a payment is waited for"));
    SetPaymentTerms set;
    if (const auto& bank = asked->bank) {
        set.bank = BankAccount{bank->holder, bank->iban, bank->bic};
        std::erase(set.bank->iban, ' ');
    }
    command(
        std::move(call),
        [set, asked = *asked, ways](const State& state, const Moment&) -> Result<Command, Refusal> {
            auto terms = set;
            if (!ways) return Command(std::move(terms));
            terms.ways = state.payments.ways;
            if (asked.methods) terms.ways->chosen = true, terms.ways->methods = *asked.methods;
            if (asked.manual_within_seconds) terms.ways->manual_within = *asked.manual_within_seconds;
            if (asked.transfer_within_seconds) terms.ways->transfer_within = *asked.transfer_within_seconds;
            if (asked.pickup_within_seconds) terms.ways->pickup_within = *asked.pickup_within_seconds;
            return Command(std::move(terms));
        },
        terms_reply);
}

bool is_date(std::string_view text) {
    return text.size() == 10 && parse_rfc3339(std::string(text) + "T00:00:00Z").has_value();
}

// nullopt: answered.
std::optional<std::vector<Transfer>> read_lines(Call& call, const TransfersBody& asked) {
    const auto n = asked.lines.size();
    if (n < 1 || n > lines_per_call) {
        call.reply(bad_input("/lines", "must be 1 to " + std::to_string(lines_per_call) + " credits"));
        return std::nullopt;
    }
    std::vector<JsonError> errors;
    std::vector<Transfer> out;
    for (std::size_t i = 0; i < n; ++i) {
        const auto& line = asked.lines[i];
        const auto at = "/lines/" + std::to_string(i);
        if (line.id.empty() || line.id.size() > limits::name_max)
            errors.push_back({at + "/id", "1 to 200 bytes that make this line that line"});
        if (!is_date(line.booked_on)) errors.push_back({at + "/booked_on", "must be a date such as 2026-11-22"});
        if (line.amount <= Money{0} || line.amount > Money{limits::money_max})
            errors.push_back({at + "/amount", "a credit is above 0; leave debits out"});
        const auto digest = std::max<std::uint64_t>(first_64(blake2b(line.id, "dropsmith transfer")), 1);
        Transfer transfer{digest, line.booked_on, line.amount, {}, 0, line.id};
        if (auto found = find_creditor_reference(line.text))
            transfer.reference = std::move(found->reference), transfer.number = found->number;
        out.push_back(std::move(transfer));
    }
    if (errors.empty()) return out;
    call.reply(bad_input(errors));
    return std::nullopt;
}

bool leaves_open(TransferOutcome outcome) {
    return outcome != TransferOutcome::paid && outcome != TransferOutcome::known;
}

Reply lines_reply(const State& state, Call& call, const std::vector<Transfer>& lines,
                  const std::vector<const TransferTaken*>& facts, bool dry_run) {
    const auto words = words_of(call);
    const auto count = [&](auto which) {
        return static_cast<std::uint64_t>(std::count_if(facts.begin(), facts.end(), which));
    };
    const auto taken = count([](auto* fact) { return fact && fact->outcome != TransferOutcome::known; });
    return json_reply(200, [&](JsonWriter& json) {
        json.object().key("dry_run").boolean(dry_run).key("taken").natural(taken);
        json.key("unchanged").natural(lines.size() - taken);
        json.key("paid").natural(count([](auto* fact) {
            return fact && (fact->outcome == TransferOutcome::paid || fact->outcome == TransferOutcome::over);
        }));
        json.key("open").natural(count([](auto* fact) { return fact && leaves_open(fact->outcome); }));
        json.key("data").array();
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto* fact = facts[i];
            json.object().key("id").text(lines[i].source).key("outcome");
            json.text(word_of(fact ? fact->outcome : TransferOutcome::known)).key("reference");
            lines[i].reference.empty() ? json.null() : json.text(lines[i].reference);
            json.key("order");
            const auto* order = fact && fact->order ? state.orders.table.find(fact->order) : nullptr;
            order ? json.text(words.ids.show(order->id)) : json.null();
            json.key("number");
            order ? json.natural(order->number) : json.null();
            json.key("amount").money(lines[i].amount.n, words.currency).key("open");
            json.money(fact ? fact->open.n : 0, words.currency).end();
        }
        json.end().end();
    });
}

void take_lines(CallPtr call, const std::vector<Transfer>& lines) {
    Doing doing;
    doing.refused = [lines](const engine::Answer& answer, Call& c) {
        if (!(answer.refusal->code == refusals::already_exists)) return refusal_problem(*answer.refusal);
        return lines_reply(answer.state, c, lines, std::vector<const TransferTaken*>(lines.size()), false);
    };
    command(
        std::move(call),
        [lines](const State&, const Moment&) -> Result<Command, Refusal> { return Command(TakeTransfers{lines}); },
        [lines](const engine::Answer& answer, Call& c) {
            std::vector<const TransferTaken*> facts;
            std::size_t next = 0;
            for (const auto& line : lines) {  // the facts stand in the order of the lines that were new
                while (next < answer.facts->size() && !(*answer.facts)[next].as<TransferTaken>()) ++next;
                const auto* fact = next < answer.facts->size() ? (*answer.facts)[next].as<TransferTaken>() : nullptr;
                const bool its = fact && fact->digest == line.digest;
                facts.push_back(its ? fact : nullptr);
                if (its) ++next;
            }
            return lines_reply(answer.state, c, lines, facts, false);
        },
        std::move(doing));
}

void post_transfers(CallPtr call) {
    const auto asked = body<TransfersBody>(*call);
    if (!asked) return;
    auto lines = read_lines(*call, *asked);
    if (!lines) return;
    if (asked->dry_run)
        return question(std::move(call), [lines = std::move(*lines)](const engine::Answer& answer, Call& c) {
            const auto judged = sell::judge_transfers(answer.state, lines);
            std::vector<const TransferTaken*> facts;
            for (const auto& fact : judged) facts.push_back(&fact);
            return lines_reply(answer.state, c, lines, facts, true);
        });
    look_up(
        std::move(call),
        [lines = *lines](const engine::Answer& answer, Call& c) -> std::optional<Reply> {
            const auto judged = sell::judge_transfers(answer.state, lines);
            if (std::any_of(judged.begin(), judged.end(),
                            [](const TransferTaken& fact) { return fact.outcome != TransferOutcome::known; }))
                return std::nullopt;
            return lines_reply(answer.state, c, lines, std::vector<const TransferTaken*>(lines.size()), false);
        },
        [lines = *lines](CallPtr waiting) { take_lines(std::move(waiting), lines); });
}

void write_item(JsonWriter& json, const State& state, const OpenItem& item, const Words& words) {
    json.object().key("id").text(words.ids.show(item.id)).key("kind").text(word_of(item.kind));
    json.key("amount").money(item.amount.n, words.currency).key("order");
    item.order ? json.text(words.ids.show(item.order)) : json.null();
    json.key("number");
    const auto* order = item.order ? state.orders.table.find(item.order) : nullptr;
    order ? json.natural(order->number) : json.null();
    json.key("checkout");
    item.checkout ? json.text(words.ids.show(item.checkout)) : json.null();
    json.key("reference").text(item.reference).key("source").text(item.source).key("trouble").text(item.trouble);
    json.key("asked");
    item.task ? json.text(word_of(item.task->kind)) : json.null();
    json.key("at").instant(item.at.ms).key("settled_at");
    item.settled_at ? json.instant(item.settled_at->ms) : json.null();
    json.key("note").text(item.note).end();
}

void get_items(CallPtr call) {
    Page page;
    if (!page_of(*call, page)) return;
    const auto status = call->query.get("status");
    if (!status.empty() && status != "open" && status != "settled")
        return call->reply(bad_input("/status", "is open or settled"));
    question(std::move(call), [page, settled = status == "settled"](const engine::Answer& answer, Call& c) {
        const auto& table = answer.state.payments.items;
        return json_reply(200, [&](JsonWriter& json) {
            std::uint64_t last = 0;
            std::size_t taken = 0;
            bool more = false;
            json.object().key("data").array();
            for (auto id = std::max(table.first(), OpenItemId{page.after + 1}); id < table.next(); ++id.n) {
                const auto* item = table.find(id);
                if (!item || item->settled_at.has_value() != settled) continue;
                if ((more = taken == page.limit)) break;
                write_item(json, answer.state, *item, words_of(c));
                last = id.n, ++taken;
            }
            json.end().key("next");
            more ? json.text(cursor_of(c, last)) : json.null();
            json.key("as_of").instant(answer.at.ms).end();
        });
    });
}

void post_settle(CallPtr call) {
    const auto id = path_id<OpenItemId>(*call);
    if (!id) return;
    const auto asked = body<SettleBody>(*call);
    if (!asked) return;
    SettleOpenItem settle{*id, asked->order.value_or(OrderId{}), asked->retry, asked->note};
    command(
        std::move(call), [settle](const State&, const Moment&) -> Result<Command, Refusal> { return Command(settle); },
        [id](const engine::Answer& answer, Call& c) {
            const auto* item = answer.state.payments.items.find(*id);
            if (!item) return missing_fact();
            return json_reply(200, [&](JsonWriter& json) { write_item(json, answer.state, *item, words_of(c)); });
        });
}

constexpr auto money_people = needs<Role::finance>(ScopeKind::shop);

constexpr Route table[] = {
    {"GET",
     "/v1/payments/methods",
     public_(),
     get_methods,
     {.summary = "What a buyer can pay with here, and how long the shop waits for the money",
      .gives = "{data: [{method, pay_within_seconds}]}"}},
    {"GET",
     "/v1/payments/terms",
     money_people,
     get_terms,
     {.summary = "The account for bank transfers, what buyers may choose, how long an unpaid order keeps its units, "
                 "and whether payment pages are set up",
      .gives = "{bank: {holder, iban, bic} or null, methods, manual_within_seconds, transfer_within_seconds, "
               "pickup_within_seconds, stripe: {pages, webhooks}}"}},
    {"PATCH",
     "/v1/payments/terms",
     money_people,
     patch_terms,
     {.summary = "Sets the account that buyers transfer to (all empty: no transfers), the methods that buyers may "
                 "choose, and how long a payment is waited for",
      .key = KeyRule::optional,
      .body = type_of<PaymentTermsPatch>,
      .gives = "the terms"}},
    {"POST",
     "/v1/payments/transfers",
     money_people,
     post_transfers,
     {.summary = "Credits of a bank's statement, at most 500: matched by reference and amount; the same one twice "
                 "changes nothing",
      .key = KeyRule::optional,
      .body = type_of<TransfersBody>,
      .gives = "{dry_run, taken, unchanged, paid, open, data: [{id, outcome, reference, order, number, amount, "
               "open}]}"}},
    {"GET",
     "/v1/payments/open-items",
     money_people,
     get_items,
     {.summary = "Money that needs a person: unknown references, too little, too much, to pay back, refused by a "
                 "provider",
      .query = "status,limit,cursor",
      .gives = "list of open items"}},
    {"POST",
     "/v1/payments/open-items/{id}/settle",
     money_people,
     post_settle,
     {.summary = "Done by hand, assigned to an order, or asked once more",
      .key = KeyRule::required,
      .body = type_of<SettleBody>,
      .gives = "open item"}},
};

}  // namespace
}  // namespace routes_transfers

std::span<const Route> transfer_routes() { return routes_transfers::table; }

}  // namespace dropsmith::http
