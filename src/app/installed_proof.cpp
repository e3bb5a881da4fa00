// Covered by tests/http/commands.py.
#include "app/installed_proof.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <thread>

#include "app/child.h"
#include "app/installed_buyer.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/text.h"
#include "edge/cli/json_pick.h"

namespace dropsmith::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds, std::chrono::steady_clock;

constexpr std::int64_t units_each = 1'000'000;
constexpr std::size_t breaches_told = 10;

class Installed {
  public:
    Installed(const InstalledSettings& settings, std::string scratch, std::uint16_t port)
        : settings_(settings),
          scratch_(std::move(scratch)),
          data_(scratch_ + "/shop"),
          port_(port),
          shop_({"dropsmith", "serve", "--data", data_, "--listen", "127.0.0.1:" + std::to_string(port)},
                scratch_ + "/shop.log"),
          staff_(cli::HttpClient::to_control(data_)),
          looker_(cli::HttpClient::to_address("127.0.0.1", port)),
          random_(settings.seed, 1'000'000) {}

    Result<InstalledProof, Fault> run(const std::function<void(unsigned)>& progress) {
        if (!start()) return fault(FaultKind::io, "the shop does not start in " + scratch_ + "; see shop.log there");
        if (auto set_up = open_drop(); !set_up) return Failure{set_up.error()};
        std::deque<InstalledBuyer> buyers;
        std::atomic<bool> enough{false};
        {
            std::vector<std::jthread> threads;
            for (unsigned i = 0; i < settings_.buyers; ++i)
                buyers.emplace_back(settings_.seed, i, port_, drop_, skus_, till_);
            for (auto& buyer : buyers) threads.emplace_back([&] { buyer.run(enough); });
            kills(buyers, progress);
            enough = true;
        }
        for (const auto& buyer : buyers) {
            for (auto& what : buyer.breaches()) breach(std::move(what));
            proof_.requests += buyer.requests(), proof_.repeated += buyer.repeated();
        }
        if (shop_.runs()) audit(buyers);
        return std::move(proof_);
    }

  private:
    void breach(std::string what) {
        ++proof_.breached;
        if (proof_.breaches.size() < breaches_told) proof_.breaches.push_back(std::move(what));
    }

    bool start() {
        const auto began = steady_clock::now();
        const auto pause = [] { return std::this_thread::sleep_for(milliseconds(5)), true; };
        if (!shop_.start() || !wait_ready(shop_, "127.0.0.1", port_, pause)) return false;
        const auto took = std::chrono::duration_cast<milliseconds>(steady_clock::now() - began).count();
        proof_.slowest_restart_ms = std::max<std::int64_t>(proof_.slowest_restart_ms, took);
        return true;
    }

    Result<std::string, Fault> staff(std::string method, std::string path, std::string body, std::string query = {}) {
        cli::Asked asked{std::move(method), std::move(path), std::move(query), std::move(body), {}};
        if (asked.method != "GET") asked.idempotency_key = "staff-" + std::to_string(staff_act_++);
        auto answer = staff_.ask(asked);
        if (!answer) answer = staff_.ask(asked);  // the connection was to a process that is gone
        if (!answer) return Failure{answer.error()};
        if (!answer->told.good()) return fault(FaultKind::io, asked.path + ": " + answer->told.body);
        return std::move(answer->told.body);
    }

    // Tax inside prices that do not divide evenly, so that shares of units and of tax are rounded.
    Status<Fault> open_drop() {
        const auto grant = staff("POST", "/v1/grants", R"({"role":"owner","name":"till of the proof"})");
        if (!grant) return Failure{grant.error()};
        till_ = cli::pick_text(*grant, "/token");
        const auto place = staff("POST", "/v1/places", R"({"name":"Proof","kind":"hub","time_zone":"Europe/London"})");
        if (!place) return Failure{place.error()};
        const auto terms = staff("PATCH", "/v1/shop",
                                 R"({"tax":[{"category":"standard","rate":0.2,"valid_from":"1970-01-01T00:00:00.000Z"}],
                                     "delivery":[{"code":"pickup","charge":{"amount":0,"currency":"GBP"}}]})");
        if (!terms) return Failure{terms.error()};
        std::string goods, stock, lines;
        for (const auto* sku : {"PROOF-A", "PROOF-B", "PROOF-C", "PROOF-D"}) {
            skus_.emplace_back(sku);
            const auto price = R"({"amount":)" + std::to_string(999 + 100 * skus_.size()) + R"(,"currency":"GBP"})";
            const auto named = R"({"sku":")" + skus_.back() + '"', comma = std::string(goods.empty() ? "" : ",");
            goods += comma + named + R"(,"unit_cost":{"amount":100,"currency":"GBP"},"list_price":)" + price + "}";
            stock += comma + named + R"(,"units":)" + std::to_string(units_each) + "}";
            lines += comma + named + R"(,"cap":)" + std::to_string(units_each) + R"(,"bands":[)" + price +
                     R"(],"floor":{"amount":150,"currency":"GBP"},"list_price":)" + price + "}";
        }
        if (auto made = staff("POST", "/v1/products", R"({"title":"Proof","skus":[)" + goods + "]}"); !made)
            return Failure{made.error()};
        if (auto came = staff("POST", "/v1/stock/receipts",
                              R"({"place":")" + cli::pick_text(*place, "/id") + R"(","lines":[)" + stock + "]}");
            !came)
            return Failure{came.error()};
        const auto opens = SystemClock().wall() + Duration{300};
        const auto made = staff("POST", "/v1/drops",
                                R"({"slug":"proof","title":"Proof","opens_at":")" + rfc3339(opens) +
                                    R"(","closes_at":")" + rfc3339(opens + Duration{86'400'000}) +
                                    R"(","timezone":"Europe/London","channels":["web"],"hold_seconds":86400,)" +
                                    R"("pricing":{"policy":"fixed","objective":"contribution_margin",)" +
                                    R"("cadence_s":3600},"lines":[)" + lines + "]}");
        if (!made) return Failure{made.error()};
        drop_ = cli::pick_text(*made, "/id");
        if (auto scheduled = staff("POST", "/v1/drops/" + drop_ + "/schedule", "{}"); !scheduled)
            return Failure{scheduled.error()};
        for (int i = 0; i < 500; ++i) {
            const auto seen = staff("GET", "/v1/drops/" + drop_, {});
            if (seen && cli::pick_text(*seen, "/status") == "open") return Nothing{};
            std::this_thread::sleep_for(milliseconds(20));
        }
        return fault(FaultKind::io, "the drop of the proof did not open within 10 s");
    }

    void kills(const std::deque<InstalledBuyer>& buyers, const std::function<void(unsigned)>& progress) {
        std::error_code trouble;
        std::vector<std::size_t> seen(buyers.size(), 0);
        for (unsigned i = 0; i < settings_.kills; ++i) {
            std::this_thread::sleep_for(milliseconds(50 + random_.below(500)));
            shop_.kill_now();
            ++proof_.kills;
            std::vector<std::vector<Acknowledged>> told;
            for (const auto& buyer : buyers) told.push_back(buyer.kept());
            const auto before = scratch_ + "/before";
            if (settings_.set_back && i == 0) fs::copy(data_, before, fs::copy_options::recursive, trouble);
            if (settings_.set_back && i == 1) {
                fs::remove_all(data_, trouble);
                fs::copy(before, data_, fs::copy_options::recursive, trouble);
            }
            if (!start()) return breach("after kill " + std::to_string(i + 1) + " the shop did not start again");
            for (std::size_t n = 0; n < told.size(); ++n) {
                for (std::size_t k = seen[n]; k < told[n].size(); ++k) still_there(told[n][k], false);
                seen[n] = told[n].size();
            }
            if (progress) progress(i + 1);
        }
    }

    // at_rest: nobody acts any more, so the status is exactly the one that was told.
    void still_there(const Acknowledged& hold, bool at_rest) {
        const cli::Asked look{"GET", "/v1/holds/" + hold.id, {}, {}, {}};
        auto answer = looker_.ask(look, hold.secret);
        if (!answer) answer = looker_.ask(look, hold.secret);
        const auto status = answer ? cli::pick_text(answer->told.body, "/status") : std::string();
        if (!answer || answer->told.status != 200 || (status != hold.status && (at_rest || hold.status != "held")))
            breach(hold.id + " was " + hold.status + " and is " +
                   (status.empty() ? "gone (" + std::to_string(answer ? answer->told.status : 0) + ")" : status));
    }

    // Everything that was acknowledged, once more at rest; then the journal by itself.
    void audit(const std::deque<InstalledBuyer>& buyers) {
        std::map<std::string, std::int64_t> held, sold;
        std::map<std::string, std::string> key_of;
        for (const auto& buyer : buyers)
            for (const auto& hold : buyer.kept()) {
                ++proof_.holds;
                if (!key_of.emplace(hold.id, hold.key).second) breach(hold.id + " went to two keys");
                still_there(hold, true);
                if (hold.status == "released") ++proof_.released;
                if (hold.status == "held") held[hold.sku] += hold.units;
                if (hold.status != "confirmed") continue;
                sold[hold.sku] += hold.units - hold.refunded_units;
                look_at_order(hold);
            }
        for (const auto& sku : skus_) count_units(sku, held[sku], sold[sku]);
        if (const int status = shop_.stop(); !WIFEXITED(status) || WEXITSTATUS(status) != 0)
            breach("asked to stop, the shop ended with " + std::to_string(status));
        verify();
    }

    void look_at_order(const Acknowledged& hold) {
        ++proof_.orders;
        proof_.refunds += static_cast<std::uint64_t>(hold.refunded_units);
        const auto order = staff("GET", "/v1/orders/" + hold.order, {});
        if (!order) return breach(hold.order + ": " + order.error().what);
        const auto refunded = cli::pick_integer(*order, "/refunded/amount").value_or(0);
        const auto total = cli::pick_integer(*order, "/total/amount").value_or(-1);
        if (refunded != hold.refunded || total != hold.total)
            breach(hold.order + " has " + std::to_string(refunded) + " of " + std::to_string(total) +
                   " given back; acknowledged were " + std::to_string(hold.refunded) + " of " +
                   std::to_string(hold.total));
        if (hold.refunded_units == hold.units && refunded != total)
            breach(hold.order + ": all units given back are worth " + std::to_string(refunded) + ", paid were " +
                   std::to_string(total));
    }

    void count_units(const std::string& sku, std::int64_t held, std::int64_t sold) {
        const auto rows = staff("GET", "/v1/stock", {}, "sku=" + sku);
        if (!rows) return breach(sku + ": " + rows.error().what);
        const auto of = [&](const char* what) {
            return cli::pick_integer(*rows, std::string("/data/0/") + what).value_or(-1);
        };
        if (of("held") != held || of("free") != units_each - held - sold)
            breach(sku + ": " + std::to_string(of("held")) + " held and " + std::to_string(of("free")) +
                   " free; by what was acknowledged " + std::to_string(held) + " and " +
                   std::to_string(units_each - held - sold));
    }

    void verify() {
        const auto path = scratch_ + "/verify.json";
        Child judge({"dropsmith", "verify", "--data", data_, "--json"}, path);
        if (!judge.start()) return breach("verify does not start");
        const int status = judge.wait();
        std::ifstream in(path);
        std::stringstream text;
        text << in.rdbuf();
        const auto said = text.str();
        if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) breach("verify: " + said.substr(0, 400));
        proof_.head_hash = cli::pick_text(said, "/head_hash");
        proof_.facts = static_cast<std::uint64_t>(cli::pick_integer(said, "/facts").value_or(0));
    }

    const InstalledSettings& settings_;
    std::string scratch_, data_;
    std::uint16_t port_;
    Child shop_;
    cli::HttpClient staff_, looker_;
    Random random_;
    InstalledProof proof_;
    std::string drop_, till_;
    std::vector<std::string> skus_;
    std::uint64_t staff_act_ = 0;
};

}  // namespace

Result<InstalledProof, Fault> prove_installed(const InstalledSettings& settings,
                                              const std::function<void(unsigned)>& progress) {
    signal(SIGPIPE, SIG_IGN);
    std::string scratch = settings.on + "/dropsmith-proof-XXXXXX";
    if (!mkdtemp(scratch.data()))
        return fault(FaultKind::io, "no folder can be made in " + settings.on + "; name one that you may write to");
    const auto port = cli::free_loopback_port();
    if (port == 0) return fault(FaultKind::io, "no port is free on 127.0.0.1");
    auto proof = Installed(settings, scratch, port).run(progress);
    std::error_code ignored;
    if (proof && proof->breached == 0)
        fs::remove_all(scratch, ignored);
    else if (proof)
        proof->kept = scratch;
    return proof;
}

std::string installed_json(const InstalledProof& proof) {
    std::string out;
    JsonWriter json(out);
    json.object().key("breached").natural(proof.breached).key("breaches").array();
    for (const auto& what : proof.breaches) json.text(what);
    json.end().key("kills").natural(proof.kills).key("requests").natural(proof.requests);
    json.key("repeated").natural(proof.repeated).key("holds").natural(proof.holds);
    json.key("released").natural(proof.released).key("orders").natural(proof.orders);
    json.key("refunds").natural(proof.refunds).key("slowest_restart_ms").integer(proof.slowest_restart_ms);
    json.key("facts").natural(proof.facts).key("head_hash").text(proof.head_hash);
    json.key("kept").text(proof.kept).end();
    return out;
}

}  // namespace dropsmith::app
