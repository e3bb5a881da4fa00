// What is asked and what its answers mean, against answers written down; encoding; addresses; events. That Stripe's own
// library sends and signs the same is judged by tests/payments/stripe.py.
#include "edge/stripe/calls.h"

#include <deque>

#include <gtest/gtest.h>

#include "edge/stripe/event.h"
#include "edge/stripe/form.h"

namespace dropsmith::stripe::calls_test {
namespace {

struct CallsTest : testing::Test {
    PublicIds ids{std::string(32, 'k')};
    Work work;
    std::deque<Got> answers;
    std::vector<Wanted> asked;
    Instant now{1'795'305'600'000};
    std::string currency = "GBP";

    CallsTest() {
        work.task.id = PaymentTaskId{3}, work.task.checkout = CheckoutId{1}, work.task.asked_at = now;
        work.checkout.id = CheckoutId{1}, work.checkout.asked_at = now;
        work.checkout.hold_expires_at = now + minutes(10);
        work.checkout.items = {{"2 × Vase, blue & green", Money{5'980}}, {"Delivery", Money{450}}};
        work.checkout.session = "cs_1", work.checkout.intent = "pi_1";
        work.checkout.return_url = "https://shop.example/#/shop/winter";
    }
    Asking asking() {
        return {ids, currency,
                [this](const Wanted& wanted) {
                    asked.push_back(wanted);
                    if (answers.empty()) return Got{0, {}, "no_answer"};
                    auto got = answers.front();
                    answers.pop_front();
                    return got;
                },
                now};
    }
    Command run(PaymentTaskKind kind, std::deque<Got> given, Money amount = {}) {
        work.task.kind = kind, work.task.amount = amount;
        answers = std::move(given), asked.clear();
        return do_task(work, asking());
    }
    static Got ok(std::string body) { return {200, std::move(body), {}}; }
    static Got no(int status, const std::string& code) { return {status, R"({"error":{"code":")" + code + "\"}}", {}}; }
};

TEST_F(CallsTest, APageIsAskedForWithManualCapture) {
    const auto command = run(PaymentTaskKind::open, {ok(R"({"id":"cs_9","url":"https://checkout.stripe.com/c/9"})")});
    ASSERT_TRUE(command.as<OpenCheckout>());
    EXPECT_EQ(command.as<OpenCheckout>()->session, "cs_9");
    const auto& form = asked.at(0).form;
    EXPECT_NE(form.find("payment_intent_data%5Bcapture_method%5D=manual"), std::string::npos);
    EXPECT_NE(form.find("name%5D=2%20%C3%97%20Vase%2C%20blue%20%26%20green"), std::string::npos) << form;
    EXPECT_NE(form.find("unit_amount%5D=5980"), std::string::npos);
    EXPECT_NE(form.find("expires_at=" + std::to_string((now + minutes(70)).ms / 1'000)), std::string::npos);
    const auto key = asked.at(0).idempotency_key;
    now = now + minutes(5);
    (void)run(PaymentTaskKind::open, {});
    EXPECT_EQ(asked.at(0).idempotency_key, key) << "the same asking, the same key";
    EXPECT_EQ(asked.at(0).form, form) << "and the very same words";
    work.task.asked_at = now;
    (void)run(PaymentTaskKind::open, {});
    EXPECT_NE(asked.at(0).idempotency_key, key) << "asked anew is another";
}

TEST_F(CallsTest, NoAnswerWaitsARefusalEnds) {
    EXPECT_EQ(run(PaymentTaskKind::open, {}).as<DelayPaymentTask>()->trouble, "no_answer");
    EXPECT_EQ(run(PaymentTaskKind::open, {no(429, "rate_limit")}).as<DelayPaymentTask>()->trouble,
              "http_429_rate_limit");
    EXPECT_TRUE(run(PaymentTaskKind::open, {no(401, "")}).as<DelayPaymentTask>()) << "a key can be put right";
    EXPECT_TRUE(run(PaymentTaskKind::open, {ok("<html>")}).as<DelayPaymentTask>()) << "a proxy's page is no answer";
    EXPECT_EQ(run(PaymentTaskKind::open, {no(400, "amount_too_small")}).as<FailPaymentTask>()->trouble,
              "http_400_amount_too_small");
    EXPECT_EQ(run(PaymentTaskKind::open, {no(400, "Evil prose sk_live_1!")}).as<FailPaymentTask>()->trouble,
              "http_400_vilprosesk_live_1") << "words only";
}

TEST_F(CallsTest, AfterAStoredFaultTheKeyIsAnotherAndStaysSo) {
    const auto first = run(PaymentTaskKind::open, {no(500, "")});
    const auto base = asked.at(0).idempotency_key;
    work.task.tries = 1, work.task.trouble = first.as<DelayPaymentTask>()->trouble;
    EXPECT_EQ(work.task.trouble, "http_500:1");
    const auto second = run(PaymentTaskKind::open, {});
    const auto turned = asked.at(0).idempotency_key;
    EXPECT_NE(turned, base);
    work.task.tries = 2, work.task.trouble = second.as<DelayPaymentTask>()->trouble;
    (void)run(PaymentTaskKind::open, {});
    EXPECT_EQ(asked.at(0).idempotency_key, turned) << "a lost answer keeps the key that was used last";
}

TEST_F(CallsTest, LooksTellWhatIsTrue) {
    const auto seen = [&](std::string body) { return run(PaymentTaskKind::look, {ok(std::move(body))}); };
    const auto there = seen(R"({"status":"complete","currency":"gbp","payment_intent":
        {"id":"pi_7","status":"requires_capture","amount_capturable":6430}})");
    EXPECT_EQ(there.as<SeePayment>()->intent, "pi_7");
    EXPECT_EQ(there.as<SeePayment>()->authorised, Money{6'430});
    EXPECT_TRUE(seen(R"({"status":"expired"})").as<SeePayment>()->ended);
    EXPECT_FALSE(seen(R"({"status":"open"})").as<SeePayment>()->ended);
    EXPECT_EQ(seen(R"({"status":"complete","currency":"usd","payment_intent":{"id":"pi_7","status":"requires_capture",
        "amount_capturable":6430}})").as<SeePayment>()->intent, "") << "another currency is not this payment";
    EXPECT_TRUE(run(PaymentTaskKind::look, {}).as<DelayPaymentTask>());
    EXPECT_FALSE(look_at(work.checkout, asking()));
}

TEST_F(CallsTest, ACaptureThatWasMadeIsFoundOut) {
    EXPECT_EQ(run(PaymentTaskKind::capture, {ok(R"({"status":"succeeded","amount_received":500})")}, Money{500})
                  .as<FinishPaymentTask>()->amount, Money{500});
    EXPECT_EQ(asked.at(0).form, "amount_to_capture=500");
    const auto again = run(PaymentTaskKind::capture,
                           {no(400, "payment_intent_unexpected_state"),
                            ok(R"({"status":"succeeded","amount_received":500})")}, Money{500});
    EXPECT_EQ(again.as<FinishPaymentTask>()->amount, Money{500});
    const auto gone = run(PaymentTaskKind::capture, {no(400, "payment_intent_unexpected_state"),
                                                     ok(R"({"status":"canceled"})")}, Money{500});
    EXPECT_EQ(gone.as<FailPaymentTask>()->trouble, "authorisation_gone");
    const auto fault = run(PaymentTaskKind::capture, {no(502, ""), ok(R"({"status":"requires_capture"})")}, Money{500});
    EXPECT_TRUE(fault.as<DelayPaymentTask>());
}

TEST_F(CallsTest, ACancellationThatCameTooLateSaysWhatWasTaken) {
    EXPECT_EQ(run(PaymentTaskKind::cancel, {ok(R"({"status":"canceled"})")}).as<FinishPaymentTask>()->amount, Money{0});
    const auto late = run(PaymentTaskKind::cancel, {no(400, "payment_intent_unexpected_state"),
                                                    ok(R"({"status":"succeeded","amount_received":500})")});
    EXPECT_EQ(late.as<FinishPaymentTask>()->amount, Money{500});
}

TEST_F(CallsTest, APageThatWasPaidCannotBeClosed) {
    EXPECT_TRUE(run(PaymentTaskKind::expire, {ok(R"({"status":"expired"})")}).as<FinishPaymentTask>());
    const auto paid = run(PaymentTaskKind::expire, {no(400, ""), ok(R"({"status":"complete","currency":"gbp",
        "payment_intent":{"id":"pi_7","status":"requires_capture","amount_capturable":1}})")});
    EXPECT_EQ(paid.as<SeePayment>()->intent, "pi_7");
    EXPECT_TRUE(run(PaymentTaskKind::expire, {no(400, ""), ok(R"({"status":"expired"})")}).as<FinishPaymentTask>());
}

TEST_F(CallsTest, ARefundIsLookedForBeforeItIsAskedForAgain) {
    work.task.refund = RefundId{4};
    EXPECT_TRUE(run(PaymentTaskKind::refund, {ok(R"({"id":"re_1","status":"succeeded"})")}, Money{300})
                    .as<FinishPaymentTask>());
    EXPECT_EQ(asked.size(), 1u) << "first, nobody looks";
    const auto mark = asked.at(0).idempotency_key;
    work.task.trouble = "http_500:1";
    const auto there = run(PaymentTaskKind::refund,
                           {ok(R"({"data":[{"id":"re_1","status":"succeeded","metadata":{"dropsmith_refund":")" + mark +
                               R"("}}]})")}, Money{300});
    EXPECT_EQ(there.as<FinishPaymentTask>()->provider, "re_1");
    EXPECT_EQ(asked.size(), 1u) << "nothing was asked for again";
    work.task.trouble.clear(), now = now + hours(21);
    (void)run(PaymentTaskKind::refund, {ok(R"({"data":[]})"), ok(R"({"id":"re_2","status":"pending"})")}, Money{300});
    EXPECT_EQ(asked.size(), 2u) << "keys may be forgotten by now";
}

TEST_F(CallsTest, RefundsOfOursThatFailedAreSeen) {
    const auto ours = R"("metadata":{"dropsmith_checkout":")" + ids.show(work.checkout.id) + "\"}";
    const auto seen = run(PaymentTaskKind::look_at_refunds,
                          {ok(R"({"data":[{"id":"re_1","status":"succeeded","amount":1,)" + ours +
                              R"(},{"id":"re_2","status":"failed","amount":300,)" +
                              R"("failure_reason":"lost_or_stolen_card",)" + ours +
                              R"(},{"id":"re_3","status":"failed","amount":5,"metadata":{}},)" +
                              R"({"id":"re_4","status":"canceled","amount":7,)" + ours + "}]}")});
    const auto* lost = seen.as<SeeRefunds>();
    ASSERT_TRUE(lost);
    ASSERT_EQ(lost->lost.size(), 2u) << "what staff gave back by hand is theirs";
    EXPECT_EQ(lost->lost[0].provider, "re_2");
    EXPECT_EQ(lost->lost[0].amount, Money{300});
    EXPECT_EQ(lost->lost[0].trouble, "lost_or_stolen_card");
    EXPECT_EQ(lost->lost[1].provider, "re_4");
    EXPECT_TRUE(run(PaymentTaskKind::look_at_refunds, {}).as<DelayPaymentTask>());
}

TEST_F(CallsTest, ARefundThatWasAskedForAgainUnderAnotherKeyIsJudgedByItsNewest) {
    const auto one = [&](const char* id, const char* status, const char* mark) {
        return std::string(R"({"amount":300,"id":")") + id + R"(","status":")" + status +
               R"(","metadata":{"dropsmith_checkout":")" + ids.show(work.checkout.id) + R"(","dropsmith_refund":")" +
               mark + "\"}}";
    };
    const auto lost = [&](const std::string& list) {
        const auto seen = run(PaymentTaskKind::look_at_refunds, {ok("{\"data\":[" + list + "]}")});
        std::string out;
        for (const auto& refund : seen.as<SeeRefunds>()->lost) out += refund.provider + " ";
        return out;
    };
    EXPECT_EQ(lost(one("re_2", "succeeded", "a") + "," + one("re_1", "failed", "a")), "") << "the buyer has it";
    EXPECT_EQ(lost(one("re_2", "failed", "a") + "," + one("re_1", "failed", "a")), "re_2 ");
    EXPECT_EQ(lost(one("re_2", "failed", "b") + "," + one("re_1", "failed", "a")), "re_2 re_1 ");
}

TEST_F(CallsTest, ARefundThatFailedAtOnceIsAskedForAgainUnderAKeyOfItsOwn) {
    const auto first = run(PaymentTaskKind::refund, {ok(R"({"id":"re_1","status":"failed"})")}, Money{300});
    ASSERT_TRUE(first.as<FailPaymentTask>());
    const auto key = asked.at(0).idempotency_key;
    EXPECT_NE(asked.at(0).form.find("dropsmith_checkout"), std::string::npos) << "so that its events find their way";
    work.task.trouble = first.as<FailPaymentTask>()->trouble;  // as a retry has it
    (void)run(PaymentTaskKind::refund, {ok(R"({"data":[]})"), ok(R"({"id":"re_2","status":"pending"})")}, Money{300});
    EXPECT_NE(asked.at(1).idempotency_key, key) << "under the old one the provider only repeats itself";
    work.task.trouble.clear(), work.task.lost = 1;
    (void)run(PaymentTaskKind::refund, {ok(R"({"id":"re_3","status":"pending"})")}, Money{300});
    EXPECT_NE(asked.at(0).idempotency_key, key);
}

TEST_F(CallsTest, Currencies) {
    EXPECT_EQ(stripe_scale("GBP"), 1);
    EXPECT_EQ(stripe_scale("JPY"), 1);
    EXPECT_EQ(stripe_scale("UGX"), 100);
    EXPECT_FALSE(stripe_scale("KWD"));
    EXPECT_FALSE(stripe_scale("MGA"));
    currency = "UGX";
    EXPECT_EQ(run(PaymentTaskKind::capture, {ok(R"({"status":"succeeded","amount_received":50000})")}, Money{500})
                  .as<FinishPaymentTask>()->amount, Money{500});
    EXPECT_EQ(asked.at(0).form, "amount_to_capture=50000");
}

TEST(Form, Encodes) {
    EXPECT_EQ(Form{}.add("a[b]", "x y&z=ü").add("n", 5).text(), "a%5Bb%5D=x%20y%26z%3D%C3%BC&n=5");
    EXPECT_EQ(Form{}.text(), "");
}

TEST(Addresses, OnlySafeOnes) {
    EXPECT_EQ(parse_address("https://api.stripe.com")->port, 443);
    EXPECT_EQ(parse_address("http://127.0.0.1:4242/")->port, 4242);
    EXPECT_EQ(parse_address("http://[::1]:4242")->host, "::1");
    for (const auto* wrong : {"", "api.stripe.com", "http://api.stripe.com", "https://", "https://a/b", "https://a:0",
                              "https://user@host", "http://127.0.0.1.example.org"})
        EXPECT_FALSE(parse_address(wrong)) << wrong;
}

TEST(Events, AreReadForThreeThings) {
    const auto event = read_event(R"({"id":"evt_1","type":"checkout.session.completed","more":[1],
        "data":{"object":{"id":"cs_1","metadata":{"dropsmith_checkout":"chk_abc"}}}})");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->checkout, "chk_abc");
    EXPECT_TRUE(event->relevant && !event->over);
    EXPECT_TRUE(read_event(R"({"id":"evt_2","type":"checkout.session.expired","data":{}})")->over);
    EXPECT_FALSE(read_event(R"({"id":"evt_3","type":"invoice.paid"})")->relevant);
    const auto refund = [](const char* type, const char* status) {
        return *read_event(std::string(R"({"id":"evt_4","type":")") + type + R"(","data":{"object":{"status":")" +
                           status + "\"}}}");
    };
    for (const auto* type : {"refund.failed", "refund.updated", "charge.refund.updated"}) {
        EXPECT_TRUE(refund(type, "failed").refund && refund(type, "failed").relevant) << type;
        EXPECT_FALSE(refund(type, "succeeded").relevant) << "nothing came back";
    }
    for (const auto* wrong : {"", "[]", "{}", R"({"id":5,"type":"a"})", R"({"id":"x"})", "{\"id\":\"x\",\"type\":"})
        EXPECT_FALSE(read_event(wrong)) << wrong;
}

}  // namespace
}  // namespace dropsmith::stripe::calls_test
