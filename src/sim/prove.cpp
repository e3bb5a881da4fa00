// One seed's world: the shop, its disk and clock, the buyers, what goes wrong, and the auditor. Covered by
// sim/prove_test.cpp.
#include "sim/prove.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "base/checks_throw.h"
#include "engine/core.h"
#include "engine/replay.h"
#include "engine/shop_clock.h"
#include "engine/slices.h"
#include "engine/verify.h"
#include "sim/prove_buyer.h"
#include "sim/prove_disk.h"
#include "sim/prove_ledger.h"
#include "sim/prove_listener.h"
#include "sim/prove_plants.h"
#include "sim/prove_provider.h"
#include "sim/prove_setting.h"
#include "sim/prove_tally.h"

namespace dropsmith::sim {

namespace {

constexpr Instant start_of_time{1'800'000'000'000};
constexpr std::uint64_t staff_keys = 1ull << 60;

struct Delivery {
    std::size_t buyer = 0;
    KeyUse key;
    bool stale = false;                 // of a request that was answered before
    std::shared_ptr<Heard> heard = std::make_shared<Heard>();
};

class World {
  public:
    World(std::uint64_t seed, Plant plant)
        : plant_(plant), random_(seed), clock_(start_of_time), disk_(Random(seed, 1), clock_, proof_.sights) {
        proof_.seed = seed;
    }

    Proof run() && {
        set_up();
        const auto steps = 40 + pick(120);
        break_things();
        for (std::uint64_t i = 0; i < steps && well(); ++i) step();
        mend_things();
        if (well()) be_live();
        if (well()) last_audit();
        proof_.simulated_ms = clock_.boot().n;
        proof_.facts = ledger_.facts();
        return std::move(proof_);
    }

  private:
    std::uint64_t pick(std::uint64_t n) { return random_.below(n); }
    bool chance(std::uint64_t percent) { return pick(100) < percent; }
    bool well() const { return proof_.breach.empty(); }
    void saw(Sight sight) { proof_.sights.saw(sight); }
    void breach(std::string what) {
        if (well() && !what.empty()) proof_.breach = std::move(what);
    }

    // --- the shop
    bool start() {
        disk_.open();
        core_ = std::make_unique<engine::Core>(disk_, engine::CoreSettings{std::string(32, 'v'), proof_.seed});
        const auto snapshot = disk_.newest_snapshot(engine::slices_schema);
        const auto began = guarded([&] {
            const auto report = core_->start(clock_.wall());
            if (!report && report.error().kind == FaultKind::corrupt) breach("a start: " + report.error().what);
            return report.ok();
        });
        if (!began) {
            saw(Sight::crash_in_start);
            core_.reset();
            disk_.cut_power();
            return false;
        }
        if (snapshot && *snapshot) saw(Sight::restart_from_snapshot);
        shop_clock_ = std::make_unique<engine::ShopClock>(clock_, core_->state().at, 1, false);
        if (shop_clock_->waits_for_operator()) shop_clock_->accept_wall();
        ledger_.restarted(clock_.boot());
        return true;
    }

    // The process may end inside: true when the call says so and nothing ended it. A CHECK that no power cut explains
    // is a bug of ours.
    bool guarded(const std::function<bool()>& call) {
        try {
            const ChecksThrow guard;
            return call() && !disk_.is_cut();
        } catch (const std::exception& error) {
            if (!disk_.is_cut()) breach(std::string("the process ends by itself: ") + error.what());
            return false;
        }
    }

    void crash() {
        if (!disk_.is_cut()) saw(Sight::cut_between_batches);
        disk_.cut_power();
        core_.reset();
        if (provider_) provider_->process_gone();
        if (plant_ != Plant::none) write_past_everybody();
        clock_.advance(Duration{static_cast<std::int64_t>(pick(60'000))});
        while (well() && !start()) clock_.advance(seconds(1));
        saw(Sight::restart);
        ++lives_;
        audit_told();
    }

    // A planted path: facts that nobody judged.
    void write_past_everybody() {
        disk_.open();
        State state;
        Digest256 hash{};
        if (!engine::load(disk_, state, hash)) return;
        auto made = planted(plant_, state, random_);
        if (made.empty()) return;
        engine::Batch batch{state.head + 1, state.at, state.shop.epoch, hash, {}};
        batch.entries.push_back({{}, std::nullopt, std::move(made)});
        const auto faults = std::exchange(disk_.faults, DiskFaults{});
        (void)disk_.append(engine::encode_batch(batch), {});
        disk_.faults = faults;
    }

    Instant now() {
        const auto at = shop_clock_->now();
        return plant_ == Plant::clock_too_fast ? at + (at - start_of_time) : at;
    }

    bool run_batch(std::vector<engine::Ask>& asks) {
        bool stored = false;
        stamped_ = clock_.boot();  // a promise counts from here: the disk may stall before anybody hears of it
        const bool lives = guarded([&] {
            stored = core_->run(asks, now());
            return true;
        });
        ++proof_.batches;
        return lives && stored;
    }

    void must(Command command) {
        std::vector<engine::Ask> asks(1);
        auto heard = std::make_shared<Heard>();
        asks[0].command.emplace(std::move(command));
        asks[0].caller = std::make_unique<Listener>(heard);
        if (!run_batch(asks) || heard->refusal)
            breach("setting the shop up: " + (heard->refusal ? heard->refusal->detail : std::string("not stored")));
    }

    void set_up() {
        if (!start()) return breach("an empty disk does not start");
        setting_ = draw_setting(random_, start_of_time, plant_);
        for (auto& command : setting_.commands) must(std::move(command));
        if (!well()) return;
        for (std::uint64_t n = 2 + pick(14), i = 1; i <= n; ++i)
            buyers_.emplace_back(i, Random(proof_.seed, 100 + i), setting_);
        if (setting_.provider)
            provider_.emplace(Random(proof_.seed, 2), proof_.sights, plant_ == Plant::refund_key_forgotten,
                              plant_ == Plant::page_closed_unseen);
        if (plant_ == Plant::turn_forged)
            for (auto& buyer : buyers_) buyer.forge();
        clock_.advance(minutes(1));
    }

    // --- what goes wrong
    void break_things() {
        disk_.faults = {chance(70) ? 5'000 + pick(60'000) : 0, chance(50) ? pick(40'000) : 0,
                        chance(50) ? pick(200'000) : 0, plant_ == Plant::reply_before_sync};
        crash_percent_ = chance(60) ? pick(8) : 0;
        if (plant_ == Plant::other_seed) crash_percent_ = 8;  // before the draw
        lost_percent_ = pick(40), twin_percent_ = pick(30), jump_percent_ = chance(50) ? pick(10) : 0;
    }
    void mend_things() {
        disk_.faults = {0, 0, 0, disk_.faults.lies};
        disk_.drain();
        crash_percent_ = lost_percent_ = twin_percent_ = jump_percent_ = 0;
        if (provider_) provider_->mend();
    }

    void jump() {
        const std::int64_t by[] = {1'000, 3'600'000, 86'400'000};
        const auto n = pick(provider_ ? 6 : 8);  // eleven years on, no provider would know what it was asked
        if (n < 6) {
            clock_.step_wall(Duration{n % 2 == 0 ? by[n / 2] : -by[n / 2]});
            saw(n % 2 == 0 ? Sight::wall_forward : Sight::wall_back);
        } else {
            clock_.step_wall((n == 6 ? Instant{0} : Instant{2'147'483'647'000}) - clock_.wall());
            saw(Sight::wall_far);
        }
    }

    void pass_time() {
        const auto dice = pick(100);
        const std::uint64_t ms_max = dice < 60 ? 200 : dice < 90 ? 20'000 : dice < 99 ? 600'000 : 10'800'000;
        clock_.advance(Duration{static_cast<std::int64_t>(pick(ms_max))});
    }

    void step() {
        pass_time();
        if (chance(jump_percent_)) jump();
        if (chance(crash_percent_)) crash();
        if (well()) turn();
        if (well() && chance(3)) (void)engine::take_snapshot(disk_);
    }

    // --- one batch with whatever the network brings
    void turn() {
        std::vector<Delivery> deliveries;
        std::vector<engine::Ask> asks;
        for (std::size_t i = 0; i < buyers_.size(); ++i) {
            auto& buyer = buyers_[i];
            if (buyer.wants_something(clock_.boot()) && (lost_percent_ == 0 || chance(70)))
                for (auto times = 1 + (chance(twin_percent_) ? 1 : 0); times > 0; --times)
                    deliver(i, buyer.wish(), false, deliveries, asks);
            if (buyer.last() && chance(twin_percent_ / 3)) deliver(i, *buyer.last(), true, deliveries, asks);
        }
        if (chance(setting_.ahead ? 9 : 5)) staff_asks(asks);
        for (std::size_t i = deliveries.size(); i > 1; --i) {  // in any order
            const auto j = pick(i);
            std::swap(deliveries[i - 1], deliveries[j]);
            std::swap(asks[i - 1], asks[j]);
        }
        std::vector<ProviderAsk> provided;
        if (provider_) provider_asks(provided, asks);
        const bool was_read_only = core_->read_only();
        const bool stored = run_batch(asks);
        proof_.requests += deliveries.size();
        if (was_read_only && stored && !core_->read_only()) saw(Sight::healed);
        if (disk_.is_cut()) lost_percent_ = std::max<std::uint64_t>(lost_percent_, 1);
        for (auto& delivery : deliveries) hear(delivery);
        for (const auto& ask : provided) count(*ask.heard);
        if (provider_) provider_->told(provided, clock_.boot());
        if (disk_.is_cut()) return crash();
        if (!well()) return;
        breach(ledger_.read(disk_, stamped_));
        if (stored && !core_->read_only()) look();
    }

    void deliver(std::size_t buyer, const Wish& wish, bool stale, std::vector<Delivery>& deliveries,
                 std::vector<engine::Ask>& asks) {
        auto& delivery = deliveries.emplace_back();
        delivery.buyer = buyer, delivery.key = wish.key, delivery.stale = stale;
        sent_in_.try_emplace(wish.key.scope, lives_, core_->state().at);
        auto& ask = asks.emplace_back();
        ask.command.emplace(wish.command());
        ask.who = {wish.who, {}};
        ask.key = wish.key;
        if (stale && chance(20)) ask.key->body += 1;  // another request under a key that is used
        if (plant_ == Plant::key_forgotten) ask.key.reset();
        ask.person = wish.person;
        ask.caller = std::make_unique<Listener>(delivery.heard, wish.session);
    }

    // What the payment worker found out, and the provider's events; before or after what else has come.
    void provider_asks(std::vector<ProviderAsk>& provided, std::vector<engine::Ask>& asks) {
        provided = provider_->tell(core_->state(), core_->state().at, clock_.boot());
        const auto others = static_cast<std::ptrdiff_t>(asks.size());
        for (auto& said : provided) {
            auto& ask = asks.emplace_back();
            ask.command.emplace(std::move(said.command));
            ask.who = {said.who, {}};
            ask.caller = std::make_unique<Listener>(said.heard);
        }
        if (chance(50)) std::rotate(asks.begin(), asks.begin() + others, asks.end());
    }

    void staff_asks(std::vector<engine::Ask>& asks) {
        auto& ask = asks.emplace_back();
        ask.command.emplace(staff_wish(random_, setting_, core_->state().at));
        ask.who = {ActorKind::shop, {}};
        ask.key.emplace();
        ask.key->scope.fill(0xEE);
        for (std::size_t i = 0, n = ++staff_said_; i < 8; ++i, n >>= 8) ask.key->scope[i] = n & 0xFF;
        ask.key->body = staff_keys;
    }

    void hear(Delivery& delivery) {
        const auto& heard = *delivery.heard;
        if (!heard.settled || !heard.stored) return;                    // 503, or nothing at all: asks again
        if (chance(lost_percent_)) return saw(Sight::reply_lost);
        count(heard);
        auto& buyer = buyers_[delivery.buyer];
        const bool open = buyer.asks() && buyer.wish().key.scope == delivery.key.scope;
        const bool other_body = heard.refusal && heard.refusal->code.word == refusals::key_reused.word;
        if (heard.effect) audit_effect(delivery);
        if (open && !other_body) buyer.hear(heard, clock_.boot());
    }

    void count(const Heard& heard) {
        if (heard.refusal) {
            const auto word = heard.refusal->code.word;
            if (word == refusals::sold_out.word || word == refusals::insufficient_stock.word) saw(Sight::sold_out);
            if (word == refusals::over_limit.word) saw(Sight::over_limit);
            if (word == refusals::preorder_full.word) saw(Sight::ahead_full);
            if (word == refusals::not_admitted.word) saw(Sight::not_admitted);
            if (word == refusals::pass_used_up.word) saw(Sight::pass_used_up);
            if (word == refusals::pass_not_valid.word) saw(Sight::pass_not_valid);
            if (word == refusals::key_reused.word) saw(Sight::key_reused);
            if (word == refusals::hold_expired.word) saw(Sight::late_confirm_refused);
            return;
        }
        if (heard.replayed) saw(Sight::repeat_answered);
        if (heard.gave_back) saw(Sight::late_money_given_back);
        if (heard.late_order) saw(Sight::late_money_kept);
    }

    // --- the auditor
    void audit_effect(const Delivery& delivery) {
        const auto& heard = *delivery.heard;
        const Told now{delivery.buyer, delivery.key, heard.first_seq, heard.hold, heard.order, heard.entry,
                       heard.number};
        const auto [it, first] = told_.try_emplace(delivery.key.scope, now);
        // A key is kept for a day of the shop's clock, which an operator's wall may shorten at a restart.
        const auto [life, at] = sent_in_.at(delivery.key.scope);
        if (core_->state().at - at > hours(24)) return;
        const auto& before = it->second;
        if (!first && (before.hold != now.hold || before.order != now.order || before.entry != now.entry ||
                       before.number != now.number ||
                       (plant_ != Plant::key_forgotten && before.first_seq != now.first_seq)))
            breach("one request of buyer " + std::to_string(delivery.buyer + 1) + " had two effects: facts " +
                   std::to_string(before.first_seq) + " and " + std::to_string(now.first_seq));
        if (!first) saw(life != lives_ ? Sight::repeat_after_restart : Sight::twin_in_batch);
    }

    // After a restart: everything that was acknowledged is there.
    void audit_told() {
        if (!well()) return;
        breach(ledger_.read(disk_, clock_.boot()));
        const auto& state = core_->state();
        for (const auto& [scope, told] : told_) {
            // What is over leaves the state by a fact, and never before its time.
            const auto age = state.at - sent_in_.at(scope).second;
            if (told.hold && age <= hold_kept_for && !state.holds.table.find(told.hold))
                breach("hold " + std::to_string(told.hold.n) + " was acknowledged and is gone");
            if (told.order && age <= order_kept_for && !state.orders.table.find(told.order))
                breach("order " + std::to_string(told.order.n) + " was acknowledged and is gone");
            if (told.entry && age <= drop_people_kept_for && !state.waiting_list.table.find(told.entry))
                breach("wish " + std::to_string(told.entry.n) + " was acknowledged and is gone");
            const auto* room = told.number == 0 ? nullptr : state.rooms.find(DropId{1});
            if (told.number != 0 && (!room || room->entrants.size() < told.number))
                breach("place " + std::to_string(told.number) + " in the waiting room was acknowledged and is gone");
            if (room && !room->over) saw(Sight::place_kept);
            if (told.first_seq > state.head)
                breach("fact " + std::to_string(told.first_seq) + " was acknowledged and is gone");
        }
    }

    // After a stored batch.
    void look() {
        if (drop_status() == DropStatus::closed) closed_ = true;
        const auto& state = core_->state();
        breach(ledger_.compare(state, stamped_));
        for (auto& buyer : buyers_) {
            if (buyer.queues())
                buyer.sees(state.rooms.find(DropId{1}), state.drops.drops[0].terms, clock_.boot());
            if (buyer.at_the_till() && buyer.sees(state.payments.of_hold(buyer.hold()), clock_.boot()))
                pay(buyer);
            if (!buyer.waits()) continue;
            const auto* entry = state.waiting_list.table.find(buyer.entry());
            const bool offered = entry && entry->status == WaitStatus::offered;
            buyer.sees(entry, offered ? state.holds.table.find(entry->hold) : nullptr, clock_.boot());
        }
    }

    // Some pay on an older page, too, if it still stands.
    void pay(const ProveBuyer& buyer) {
        const auto& pages = buyer.pages();
        for (std::size_t i = 0; i < pages.size(); ++i)
            if (i + 1 == pages.size() || chance(30)) (void)provider_->pay(pages[i], clock_.boot());
    }

    // --- liveness
    bool all_answered() {
        return std::none_of(buyers_.begin(), buyers_.end(), [](const auto& buyer) { return buyer.asks(); });
    }

    void be_live() {
        const auto until = clock_.boot() + seconds(10);
        if (disk_.is_cut()) crash();
        while (well() && clock_.boot() < until) {
            clock_.advance(Duration{500});
            turn();
            if (all_answered()) break;
        }
        if (!well()) return;
        if (!all_answered()) return breach("10 seconds after the last fault a buyer still waits for an answer");
        const auto over = [&] {
            return drop_status() == DropStatus::settled && (!provider_ || provider_->rests(core_->state()));
        };
        for (int i = 0; i < 400 && well() && !over(); ++i) {
            const auto& terms = core_->state().drops.drops[0].terms;
            const auto left = terms.closes_at + terms.hold_for - core_->state().at;
            const bool ahead_of_stock = setting_.ahead && drop_status() == DropStatus::closed;
            clock_.advance(ahead_of_stock ? minutes(5 + static_cast<std::int64_t>(pick(600)))
                                          : std::clamp(Duration{left.n / 4}, minutes(5), hours(24)));
            turn();
        }
        if (well() && drop_status() != DropStatus::settled) breach("the drop does not settle");
        if (well() && !over()) breach("payments do not come to an end");
    }
    DropStatus drop_status() const { return core_->state().drops.drops[0].status; }

    void last_audit() {
        const auto& state = core_->state();
        saw(Sight::drop_settled);
        if (closed_) saw(Sight::drop_closed);
        if (ledger_.holds_open() > 0) breach("the drop is settled and units are still held");
        if (provider_) breach(provider_->judge(state));
        if (ledger_.wishes_open() > 0) breach("the drop is settled and somebody still waits");
        const auto hash = engine::state_hash(state);
        proof_.head_hash = core_->head_hash();
        const auto report = engine::verify(disk_);
        for (const auto& law : report.laws)
            if (!law.holds) breach("verify: " + law.law + ": " + law.first_breach);
        if (report.state_hash != hash || report.head_hash != proof_.head_hash)
            breach("the journal replays to another state than the shop's");
        crash();
        if (!well()) return;
        breach(ledger_.compare(core_->state(), clock_.boot()));
        tally(core_->state(), disk_, proof_.sights);
    }

    Plant plant_;
    Proof proof_;
    Duration stamped_;      // real time when the last batch began
    Random random_;
    ManualClock clock_;
    ProveDisk disk_;
    ProveLedger ledger_;
    std::unique_ptr<engine::Core> core_;
    std::unique_ptr<engine::ShopClock> shop_clock_;
    std::vector<ProveBuyer> buyers_;
    ProveSetting setting_;
    std::optional<ProveProvider> provider_;
    std::uint64_t staff_said_ = 0, lives_ = 0;
    std::uint64_t crash_percent_ = 0, lost_percent_ = 0, twin_percent_ = 0, jump_percent_ = 0;
    std::map<KeyScope, Told> told_;
    std::map<KeyScope, std::pair<std::uint64_t, Instant>> sent_in_;  // first, in which life of the shop, and when
    bool closed_ = false;
};

}  // namespace

Proof prove_seed(std::uint64_t seed, Plant plant) { return World(seed, plant).run(); }

}  // namespace dropsmith::sim
