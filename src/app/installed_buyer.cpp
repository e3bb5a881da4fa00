// Covered by tests/http/commands.py.
#include "app/installed_buyer.h"

#include <chrono>
#include <thread>
#include <utility>

#include "base/json.h"
#include "edge/cli/json_pick.h"

namespace dropsmith::app {
namespace {

constexpr int patience_ms = 30'000, pause_ms = 10;

}  // namespace

InstalledBuyer::InstalledBuyer(std::uint64_t seed, unsigned number, std::uint16_t port, std::string drop,
                               std::vector<std::string> skus, std::string till)
    : random_(seed, number),
      number_(number),
      client_(cli::HttpClient::to_address("127.0.0.1", port)),
      drop_(std::move(drop)),
      till_(std::move(till)),
      skus_(std::move(skus)) {}

void InstalledBuyer::run(const std::atomic<bool>& enough) {
    while (!enough && breaches_.size() < 10) one();
}

std::vector<Acknowledged> InstalledBuyer::kept() const {
    const std::scoped_lock lock(mutex_);
    return kept_;
}

std::vector<std::string> InstalledBuyer::breaches() const {
    const std::scoped_lock lock(mutex_);
    return breaches_;
}

void InstalledBuyer::breach(std::string what) {
    const std::scoped_lock lock(mutex_);
    breaches_.push_back(std::move(what));
}

cli::Told InstalledBuyer::until_answered(cli::Asked asked, const std::string& bearer) {
    if (asked.idempotency_key.empty())
        asked.idempotency_key = "proof-" + std::to_string(number_) + "-" + std::to_string(act_++);
    for (int waited = 0; waited < patience_ms; waited += pause_ms) {
        ++requests_;
        if (auto answer = client_.ask(asked, bearer); answer && answer->told.status != 503)
            return std::move(answer->told);
        ++repeated_;
        std::this_thread::sleep_for(std::chrono::milliseconds(pause_ms));
    }
    breach("no answer to " + asked.method + " " + asked.path + " for 30 s");
    return {};
}

void InstalledBuyer::one() {
    Acknowledged hold;
    hold.sku = skus_[random_.below(skus_.size())];
    hold.units = static_cast<std::int64_t>(1 + random_.below(3));
    hold.key = "hold-" + std::to_string(number_) + "-" + std::to_string(act_++);
    std::string body;
    JsonWriter json(body);
    json.object().key("drop").text(drop_).key("channel").text("web").key("lines").array().object();
    json.key("sku").text(hold.sku).key("units").integer(hold.units).end().end().end();
    const auto told = until_answered({"POST", "/v1/holds", {}, body, hold.key});
    if (told.status != 201) return breach("a hold of what is there was answered " + std::to_string(told.status));
    hold.id = cli::pick_text(told.body, "/id"), hold.secret = cli::pick_text(told.body, "/secret");
    hold.status = "held";
    std::size_t which = 0;
    {
        const std::scoped_lock lock(mutex_);
        which = kept_.size();
        kept_.push_back(std::move(hold));
    }
    end_of(which);
}

void InstalledBuyer::end_of(std::size_t which) {
    const auto hold = kept_[which];  // only this thread writes
    const auto chance = random_.below(100);
    if (chance < 30) return;  // stays held
    if (chance < 50) {
        const auto told = until_answered({"DELETE", "/v1/holds/" + hold.id, {}, {}, {}}, hold.secret);
        if (told.status / 100 != 2) return breach(hold.id + " was not let go: " + std::to_string(told.status));
        const std::scoped_lock lock(mutex_);
        kept_[which].status = "released";
        return;
    }
    std::string body;
    JsonWriter json(body);
    json.object().key("person").object().key("email").text("buyer-" + std::to_string(number_) + "@example.com").end();
    json.key("fulfilment").object().key("method").text("pickup").end();
    json.key("payment").object().key("method").text("manual").end().end();
    const auto told = until_answered({"POST", "/v1/holds/" + hold.id + "/confirm", {}, body, {}}, till_);
    if (told.status != 201) return breach(hold.id + " was not confirmed: " + std::to_string(told.status));
    {
        const std::scoped_lock lock(mutex_);
        kept_[which].status = "confirmed", kept_[which].order = cli::pick_text(told.body, "/id");
        kept_[which].total = cli::pick_integer(told.body, "/total/amount").value_or(-1);
    }
    if (chance >= 75) give_back(which);
}

// Paid, and then all of it or a part given back, unit by unit: each is worth what stands in its proration, and all of
// them the total.
void InstalledBuyer::give_back(std::size_t which) {
    const auto hold = kept_[which];
    const auto paid = until_answered({"POST", "/v1/orders/" + hold.order + "/payments", {},
                                      R"({"amount":{"amount":)" + std::to_string(hold.total) +
                                          R"(,"currency":"GBP"},"reference":"proof"})", {}},
                                     till_);
    if (paid.status != 200) return breach(hold.order + " was not paid: " + std::to_string(paid.status));
    const auto units = 1 + random_.below(static_cast<std::uint64_t>(hold.units));
    for (std::uint64_t i = 0; i < units; ++i) {
        const auto told = until_answered({"POST", "/v1/orders/" + hold.order + "/refunds", {},
                                          R"({"lines":[{"line":0,"units":1}],"reason":"proof"})", {}},
                                         till_);
        const auto amount = cli::pick_integer(told.body, "/amount/amount");
        if (told.status != 201 || !amount)
            return breach("a unit of " + hold.order + " was not given back: " + std::to_string(told.status));
        const std::scoped_lock lock(mutex_);
        ++kept_[which].refunded_units, kept_[which].refunded += *amount;
    }
}

}  // namespace dropsmith::app
