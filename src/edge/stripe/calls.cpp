// See the header. Covered by edge/stripe/calls_test.cpp, tests/payments/stripe.py.
#include "edge/stripe/calls.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/text.h"
#include "edge/stripe/form.h"
#include "edge/stripe/json.h"
#include "flow/sell/payment.h"

namespace dropsmith::stripe {
namespace {

using Json = boost::json::value;

std::string lower(std::string text) {
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

// The provider's word for what is wrong, never its prose, which may repeat what it was told.
std::string word(std::string_view text) {
    std::string out;
    for (const char c : text.substr(0, 60))
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_') out += c;
    return out;
}

std::string trouble_of(const Got& got, const std::optional<Json>& body) {
    if (got.status == 0) return got.trouble.empty() ? "no_answer" : got.trouble;
    auto said = body ? word(text_at(*body, {"error", "code"})) : std::string{};
    if (said.empty() && body) said = word(text_at(*body, {"error", "type"}));
    return "http_" + std::to_string(got.status) + (said.empty() ? "" : "_" + said);
}

// The part of a task's trouble that makes the next key another one: after a stored answer of 5xx.
std::string_view key_turn(const PaymentTask& task) {
    const auto colon = task.trouble.find(':');
    return colon == std::string::npos ? std::string_view{} : std::string_view(task.trouble).substr(colon + 1);
}

class Doing {
  public:
    Doing(const Work& work, const Asking& asking)
        : task_(work.task), page_(work.checkout), asking_(asking), scale_(stripe_scale(asking.currency).value_or(1)) {}

    Command run() {
        switch (task_.kind) {
            case PaymentTaskKind::open: return open();
            case PaymentTaskKind::look: return look();
            case PaymentTaskKind::expire: return expire();
            case PaymentTaskKind::capture: return capture();
            case PaymentTaskKind::cancel: return cancel();
            case PaymentTaskKind::refund: return refund();
            case PaymentTaskKind::look_at_refunds: return look_at_refunds();
        }
        return FailPaymentTask{task_.id, "unknown_task"};
    }

    // nullopt: open still, or no answer.
    std::optional<Command> seen(PaymentTaskId task) {
        if (!get("/v1/checkout/sessions/" + page_.session + "?expand%5B%5D=payment_intent")) return std::nullopt;
        const auto status = text_at(*body_, {"status"});
        if (status == "expired") return SeePayment{page_.id, task, true, {}, {}};
        if (status != "complete") return std::nullopt;
        const auto intent = text_at(*body_, {"payment_intent", "id"});
        const auto state = text_at(*body_, {"payment_intent", "status"});
        if (lower(asking_.currency) != text_at(*body_, {"currency"})) return std::nullopt;
        if (state == "requires_capture")
            return SeePayment{page_.id, task, false, intent, amount({"payment_intent", "amount_capturable"})};
        if (state == "succeeded")  // somebody captured it by hand: what follows finds that out
            return SeePayment{page_.id, task, false, intent, amount({"payment_intent", "amount_received"})};
        if (state == "canceled") return SeePayment{page_.id, task, true, {}, {}};
        return std::nullopt;
    }

  private:
    Money amount(std::initializer_list<std::string_view> path) const {
        return Money{number_at(*body_, path).value_or(0) / scale_};
    }
    // true: 200 and JSON.
    bool call(const Wanted& wanted) {
        got_ = asking_.ask(wanted);
        body_ = got_.status == 0 ? std::nullopt : parse(got_.body);
        return got_.status == 200 && body_;
    }
    bool get(std::string target) { return call({"GET", std::move(target), {}, {}}); }
    bool post(std::string target, const Form& form) {
        return call({"POST", std::move(target), form.text(), idempotency_key(asking_.ids, task_)});
    }

    // Not now: nobody answered, too much at once, a key that is wrong and can be put right, a fault over there.
    bool passes() const {
        const auto status = got_.status;
        return status == 0 || status == 401 || status == 403 || status == 409 || status == 429 || status >= 500 ||
               (status == 200 && !body_);
    }
    Command not_done() const {
        auto trouble = trouble_of(got_, body_);
        if (!passes()) return FailPaymentTask{task_.id, std::move(trouble)};
        const auto turn = got_.status >= 500 ? std::to_string(turns() + 1) : std::string(key_turn(task_));
        if (!turn.empty()) trouble += ":" + turn;
        return DelayPaymentTask{task_.id, std::move(trouble)};
    }

    Command open() {
        const auto ours = asking_.ids.show(page_.id);
        Form form;
        form.add("mode", "payment").add("client_reference_id", ours).add("metadata[dropsmith_checkout]", ours);
        form.add("payment_intent_data[capture_method]", "manual");
        form.add("payment_intent_data[metadata][dropsmith_checkout]", ours);
        for (std::size_t i = 0; i < page_.items.size(); ++i) {
            const auto item = "line_items[" + std::to_string(i) + "]";
            form.add(item + "[quantity]", 1).add(item + "[price_data][currency]", lower(asking_.currency));
            form.add(item + "[price_data][unit_amount]", page_.items[i].amount.n * scale_);
            form.add(item + "[price_data][product_data][name]", page_.items[i].title);
        }
        // Stripe's own end, should ours never reach it: an hour after the hold's, within what Stripe allows.
        const auto ends = std::clamp(page_.hold_expires_at + hours(1), page_.asked_at + minutes(31),
                                     page_.asked_at + hours(23));
        form.add("expires_at", ends.ms / 1'000);
        form.add("success_url", page_.return_url).add("cancel_url", page_.return_url);
        if (!post("/v1/checkout/sessions", form)) return not_done();
        const auto session = text_at(*body_, {"id"}), url = text_at(*body_, {"url"});
        if (session.empty() || !url.starts_with("http")) return FailPaymentTask{task_.id, "answer_without_page"};
        return OpenCheckout{task_.id, session, url};
    }

    Command look() {
        if (auto found = seen(task_.id)) return std::move(*found);
        if (got_.status != 200 || !body_) return not_done();
        return SeePayment{page_.id, task_.id, false, {}, {}};
    }

    Command expire() {
        if (post("/v1/checkout/sessions/" + page_.session + "/expire", Form{}))
            return FinishPaymentTask{task_.id, {}, page_.session};
        if (passes()) return not_done();
        if (auto found = seen(task_.id)) {  // it was over already, or paid this very moment
            const auto* said = found->as<SeePayment>();
            if (said->intent.empty()) return FinishPaymentTask{task_.id, {}, page_.session};
            return std::move(*found);
        }
        return passes() ? not_done() : FailPaymentTask{task_.id, "page_cannot_be_closed"};
    }

    // What a payment is, when changing it was refused.
    std::string intent_state() {
        if (!get("/v1/payment_intents/" + page_.intent)) return {};
        return text_at(*body_, {"status"});
    }

    Command capture() {
        Form form;
        form.add("amount_to_capture", task_.amount.n * scale_);
        if (post("/v1/payment_intents/" + page_.intent + "/capture", form))
            return FinishPaymentTask{task_.id, amount({"amount_received"}), page_.intent};
        if (passes() && got_.status < 500) return not_done();
        auto refused = not_done();
        const auto state = intent_state();
        if (state == "succeeded") return FinishPaymentTask{task_.id, amount({"amount_received"}), page_.intent};
        if (state == "canceled") return FailPaymentTask{task_.id, "authorisation_gone"};
        return refused;
    }

    Command cancel() {
        if (post("/v1/payment_intents/" + page_.intent + "/cancel", Form{}))
            return FinishPaymentTask{task_.id, {}, page_.intent};
        if (passes() && got_.status < 500) return not_done();
        auto refused = not_done();
        const auto state = intent_state();
        if (state == "canceled") return FinishPaymentTask{task_.id, {}, page_.intent};
        if (state == "succeeded") return FinishPaymentTask{task_.id, amount({"amount_received"}), page_.intent};
        return refused;
    }

    Command refund() {
        const auto mark = idempotency_key(asking_.ids, mark_of());
        const bool old = asking_.now - task_.asked_at > sell::provider_remembers;
        if (old || !key_turn(task_).empty()) {  // its key may be forgotten or used up: is it there already?
            if (!get("/v1/refunds?payment_intent=" + page_.intent + "&limit=100")) return not_done();
            if (const auto* list = at(*body_, {"data"}); list && list->is_array())
                for (const auto& one : list->as_array())
                    if (text_at(one, {"metadata", "dropsmith_refund"}) == mark && !is_lost(one))
                        return FinishPaymentTask{task_.id, task_.amount, text_at(one, {"id"})};
        }
        Form form;
        form.add("payment_intent", page_.intent).add("amount", task_.amount.n * scale_);
        form.add("metadata[dropsmith_checkout]", asking_.ids.show(page_.id)).add("metadata[dropsmith_refund]", mark);
        if (!post("/v1/refunds", form)) return not_done();
        if (is_lost(*body_)) return FailPaymentTask{task_.id, "refund_failed:" + std::to_string(turns() + 1)};
        return FinishPaymentTask{task_.id, task_.amount, text_at(*body_, {"id"})};
    }

    static bool is_lost(const Json& refund) {
        const auto status = text_at(refund, {"status"});
        return status == "failed" || status == "canceled";
    }

    // The keys that were used up so far.
    std::uint64_t turns() const {
        const auto turn = key_turn(task_);
        std::uint64_t n = 0;
        std::from_chars(turn.data(), turn.data() + turn.size(), n);
        return n;
    }

    // Ours only: staff may give money back at the provider's own pages. Of one that was asked for again, since its
    // answer never came, the newest, which the provider lists first, says what became of it.
    Command look_at_refunds() {
        if (!get("/v1/refunds?payment_intent=" + page_.intent + "&limit=100")) return not_done();
        const auto ours = asking_.ids.show(page_.id);
        SeeRefunds seen{task_.id, {}};
        std::set<std::string> marks;
        if (const auto* list = at(*body_, {"data"}); list && list->is_array())
            for (const auto& one : list->as_array()) {
                if (text_at(one, {"metadata", "dropsmith_checkout"}) != ours) continue;
                const std::string mark(text_at(one, {"metadata", "dropsmith_refund"}));
                const bool newest = mark.empty() || marks.insert(mark).second;
                if (!newest || !is_lost(one)) continue;
                seen.lost.push_back({text_at(one, {"id"}), Money{number_at(one, {"amount"}).value_or(0) / scale_},
                                     word(text_at(one, {"failure_reason"}))});
            }
        return seen;
    }

    PaymentTask mark_of() const {  // the same whatever was tried
        auto task = task_;
        task.trouble.clear();
        return task;
    }

    const PaymentTask& task_;
    const Checkout& page_;
    const Asking& asking_;
    std::int64_t scale_;
    Got got_;
    std::optional<Json> body_;
};

}  // namespace

std::optional<std::int64_t> stripe_scale(std::string_view currency) {
    if (currency == "ISK" || currency == "UGX") return 100;
    if (currency == "MGA" || currency_places(currency) > 2 || currency_places(currency) < 0) return std::nullopt;
    return 1;
}

std::string idempotency_key(const PublicIds& ids, const PaymentTask& task) {
    std::string key = "dropsmith-" + ids.show(task.checkout) + "-" + std::string(word_of(task.kind));
    if (task.refund) key += "-" + ids.show(task.refund);
    key += "-" + std::to_string(task.asked_at.ms);
    if (task.lost > 0) key += "-l" + std::to_string(task.lost);
    if (const auto turn = key_turn(task); !turn.empty()) key += "-r" + std::string(turn);
    return key;
}

Command do_task(const Work& work, const Asking& asking) { return Doing(work, asking).run(); }

std::optional<Command> look_at(const Checkout& checkout, const Asking& asking) {
    const Work work{{}, checkout};
    return Doing(work, asking).seen({});
}

}  // namespace dropsmith::stripe
