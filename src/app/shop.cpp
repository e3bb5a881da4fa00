// Covered by tests/http, tests/crash.
#include "app/shop.h"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <mutex>
#include <thread>

#include "app/room_pacer.h"
#include "base/clock.h"
#include "base/limits.h"
#include "base/public_id.h"
#include "edge/files/data_folder.h"
#include "edge/sqlite/signal_store.h"
#include "edge/sqlite/sqlite_journal.h"
#include "edge/sqlite/sqlite_tables.h"
#include "edge/stripe/calls.h"
#include "edge/stripe/event.h"
#include "edge/stripe/signature.h"
#include "edge/stripe/worker.h"
#include "engine/follower.h"
#include "engine/loop.h"
#include "engine/planners.h"
#include "engine/pricing_planner.h"
#include "engine/proposal_door.h"
#include "engine/replay.h"
#include "engine/replica.h"
#include "engine/shop_clock.h"
#include "sim/demo.h"
#include "sim/rehearse.h"
#include "sim/replay.h"

namespace dropsmith::app {
namespace {

std::uint64_t random_number() {
    const auto octets = files::random_octets(8);
    std::uint64_t n = 0;
    std::memcpy(&n, octets.data(), sizeof n);
    return n;
}

std::string name_of_folder(std::string path) {
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    const auto name = path.substr(path.rfind('/') + 1);
    return name.empty() || name == "." || name == ".." ? "My shop" : name.substr(0, 60);
}

// Remembers why the one command was refused.
class Outcome final : public engine::Caller {
  public:
    explicit Outcome(std::string& trouble) : trouble_(trouble) {}
    void decided(const engine::Answer& answer) override {
        if (answer.refusal) trouble_ = answer.refusal->detail;
    }
    void settled(const Fault* fault) override {
        if (fault) trouble_ = fault->what;
    }

  private:
    std::string& trouble_;
};

class Head final : public engine::Watcher {
  public:
    std::atomic<std::uint64_t> seq{0};
    void stored(const State& state, const engine::Batch&) override { seq.store(state.head, std::memory_order_relaxed); }
};

// Says once a minute at most that reviews of prices were left out.
class PlannerWatch {
  public:
    explicit PlannerWatch(const engine::Planners& planners) : planners_(planners) {}
    void look(std::chrono::steady_clock::time_point now) {
        const auto figures = planners_.figures();
        if (figures.dropped == told_ || now < next_) return;
        std::fprintf(stderr,
                     "dropsmith: %llu price reviews found the planner's queue full (%llu wait): these prices stand "
                     "until the next review; a longer cadence or fewer lines at once would let every line be decided\n",
                     static_cast<unsigned long long>(figures.dropped - told_),
                     static_cast<unsigned long long>(figures.waiting));
        told_ = figures.dropped, next_ = now + std::chrono::minutes(1);
    }

  private:
    const engine::Planners& planners_;
    std::uint64_t told_ = 0;
    std::chrono::steady_clock::time_point next_{};
};

}  // namespace

struct Shop::Inside {
    Inside(files::DataFolder its_folder, std::unique_ptr<sqlite::SqliteJournal> its_journal)
        : folder(std::move(its_folder)), journal(std::move(its_journal)), ids(folder.keys().ids) {}

    files::DataFolder folder;
    std::unique_ptr<sqlite::SqliteJournal> journal;
    PublicIds ids;
    SystemClock machine;
    std::unique_ptr<engine::Core> core;
    std::unique_ptr<engine::ShopClock> clock;
    std::unique_ptr<engine::Loop> loop;
    std::unique_ptr<engine::ProposalDoor> door;
    std::unique_ptr<engine::Planners> planners;
    std::unique_ptr<engine::PricingPlanner> pricing;
    std::unique_ptr<engine::Replica> replica;
    std::unique_ptr<sqlite::SqliteTables> tables;
    std::unique_ptr<engine::FollowerThread> follower;
    std::unique_ptr<sqlite::SignalStore> signals;
    std::unique_ptr<stripe::Worker> payments;
    Head head;
    bool serving = false, stopped = false;
    dropsmith::Shop terms;
    Access access;
    http::Services services;
    std::unique_ptr<http::Router> router;
    engine::StartReport report;
    std::unique_ptr<RoomPacer> pacer;
    std::jthread folding;  // last: it uses all of the above

    Status<Fault> begin(const ShopSettings& settings);
    Status<Fault> begin_serving();
    Status<Fault> begin_payments(const StripeSettings& settings);
    void fold(const std::stop_token& stop, std::uint64_t folded_to);
    Status<Fault> run_one(Command command, const Actor& who, Instant at);
    Status<Fault> open_new(const ShopSettings& settings);
};

Status<Fault> Shop::Inside::run_one(Command command, const Actor& who, Instant at) {
    std::string trouble;
    std::array<engine::Ask, 1> asks;
    asks[0].command = std::move(command);
    asks[0].who = who;
    asks[0].caller = std::make_unique<Outcome>(trouble);
    if (!core->run(asks, at)) trouble = "the store refuses writes; make room on the disk";
    if (!trouble.empty()) return fault(FaultKind::io, "the shop cannot be opened: " + trouble);
    return Nothing{};
}

Status<Fault> Shop::Inside::open_new(const ShopSettings& settings) {
    if (settings.demo_began) {
        for (auto& step : sim::demo_setup(settings.seed, *settings.demo_began, settings.speed))
            if (auto done = run_one(std::move(step.command), step.who, *settings.demo_began); !done) return done;
        return Nothing{};
    }
    OpenShop open;
    open.name = settings.name.empty() ? name_of_folder(settings.data) : settings.name,
    open.currency = settings.currency, open.time_zone = settings.time_zone;
    open.prices_include_tax = settings.prices_include_tax;
    open.simulated = settings.simulated;
    open.speed = settings.simulated ? settings.speed : 1;
    open.seed = settings.simulated ? settings.seed : random_number();
    std::fprintf(stderr, "dropsmith: the folder '%s' was empty: opening %s shop '%s' in %s, time zone %s\n",
                 settings.data.c_str(), open.simulated ? "a SIMULATED" : "a", open.name.c_str(), open.currency.c_str(),
                 open.time_zone.c_str());
    return run_one(Command(std::move(open)), Actor{}, machine.wall());
}

Status<Fault> Shop::Inside::begin(const ShopSettings& settings) {
    core = std::make_unique<engine::Core>(*journal, engine::CoreSettings{folder.keys().vault, random_number()});
    const auto before = std::chrono::steady_clock::now();
    auto started = core->start(machine.wall());
    if (!started) return Failure{started.error()};
    report = *started;
    report.took_us =
        std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - before).count();
    if (!core->state().shop.open)
        if (auto opened = open_new(settings); !opened) return opened;
    const auto& shop = core->state().shop;
    clock = std::make_unique<engine::ShopClock>(machine, core->state().at, shop.speed, shop.simulated);
    loop = std::make_unique<engine::Loop>(*core, *clock);
    door = std::make_unique<engine::ProposalDoor>(*loop);
    planners = std::make_unique<engine::Planners>(1, [this](Command command) { door->hand_in(std::move(command)); });
    pricing = std::make_unique<engine::PricingPlanner>(*planners, shop.simulated ? shop.seed : random_number());

    services.loop = loop.get();
    services.shop_clock = clock.get();
    services.machine_clock = &machine;
    services.ids = &ids;
    services.journal = journal.get();
    replica = std::make_unique<engine::Replica>(*journal);
    services.replica = replica.get();
    services.currency = shop.currency;
    services.simulated = shop.simulated;
    services.mac_key = folder.keys().tokens;
    services.public_url = settings.public_url;
    services.ports.replay = [](const State& copy, DropId drop, const std::vector<measure::Period>& periods,
                               std::string_view policy, std::uint64_t seed) {
        sim::ReplayHow how;
        how.seed = seed;
        return sim::replay(copy, drop, periods, policy, how);
    };
    services.ports.rehearse = [](const State& copy, std::string_view plan, std::uint64_t runs, std::uint64_t seed,
                                 bool full) {
        sim::RehearseHow how;
        how.full = full;
        return sim::rehearse(copy, plan, runs, seed, how);
    };
    services.grants.load(core->state());
    services.rooms.load(core->state());
    services.stream.wire(&ids, clock.get());
    services.board.wire(&ids);
    core->watch(&services.grants);
    core->watch(&services.rooms);
    core->watch(&services.stream);
    core->watch(pricing.get());
    core->watch(&head);
    head.seq.store(core->state().head);
    router = std::make_unique<http::Router>(services);
    serving = settings.serving;
    if (serving && settings.stripe)
        if (auto begun = begin_payments(*settings.stripe); !begun) return begun;
    return serving ? begin_serving() : Status<Fault>(Nothing{});
}

Status<Fault> Shop::Inside::begin_payments(const StripeSettings& settings) {
    const auto& shop = core->state().shop;
    if (shop.simulated)
        return fault(FaultKind::io, "a simulated shop takes no money: leave the Stripe settings out");
    if (!stripe::stripe_scale(shop.currency))
        return fault(FaultKind::io, "payments in " + shop.currency + " are not supported with Stripe: it does not take "
                                        "every amount of that currency");
    stripe::WorkerSettings worker{settings.address, settings.key, shop.currency};
    worker.look_every = std::chrono::seconds(settings.look_every_s);
    payments = std::make_unique<stripe::Worker>(std::move(worker), *loop, *clock, ids);
    payments->load(core->state());
    core->watch(payments.get());
    services.ports.payment_pages = true;
    if (settings.webhook_secrets.empty()) return Nothing{};
    services.ports.provider_event = [secrets = settings.webhook_secrets](
                                        std::string_view signature, std::string_view body,
                                        Instant now) -> Result<http::ProviderEvent, std::string> {
        if (auto right = stripe::check_signature(signature, body, secrets, now); !right) return Failure{right.error()};
        auto event = stripe::read_event(body);
        if (!event) return Failure{event.error()};
        return http::ProviderEvent{event->id, event->checkout, event->relevant, event->over,
                                   event->refund};
    };
    return Nothing{};
}

Status<Fault> Shop::Inside::begin_serving() {
    auto opened = sqlite::SqliteTables::open(folder.path(), *journal);
    if (!opened) return Failure{opened.error()};
    tables = std::move(opened).value();
    follower = std::make_unique<engine::FollowerThread>(*journal, *tables);
    tables->wait_on(follower.get());
    core->watch(follower.get());
    follower->start();
    services.seen_keys = std::make_unique<engine::SeenKeys>(Instant{0} + machine.boot(), limits::keys_remembered_max,
                                                            Duration{limits::key_retention_ms} + hours(6),
                                                            core->state().keys.oldest_first().size());
    const auto now = Instant{0} + machine.boot();
    for (const auto& known : core->state().keys.oldest_first()) services.seen_keys->add(known.scope, now);
    services.board.load(core->state());
    core->watch(&services.board);
    core->count_also(&services.board);
    services.tables = tables.get();
    services.planners = planners.get();
    auto store = sqlite::SignalStore::open(folder.path());
    if (!store) return Failure{store.error()};
    signals = std::move(store).value();
    services.signals = signals.get();
    return Nothing{};
}

// What was kept of signals becomes demand in the journal, twice a second; the raw rows go after a month.
void Shop::Inside::fold(const std::stop_token& stop, std::uint64_t folded_to) {
    constexpr Duration kept_for = days(30);
    std::mutex mutex;
    std::condition_variable_any wake;
    PlannerWatch watch(*planners);
    for (std::uint64_t round = 1; !stop.stop_requested(); ++round) {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, std::chrono::milliseconds(500), [] { return false; });
        watch.look(std::chrono::steady_clock::now());
        for (;;) {
            auto next = signals->next_fold(folded_to);
            if (stop.stop_requested() || !next || !*next) break;
            const auto last = (**next).last;
            engine::Ask ask;
            ask.command = Command(std::move(**next));
            const auto settled = loop->ask_and_wait(engine::Lane::bulk, std::move(ask));
            if (!settled.stored || settled.refusal) break;
            folded_to = last;
        }
        if (round % 7'200 == 0) (void)signals->forget(folded_to, machine.wall() - kept_for);
    }
}

Shop::Shop(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Shop::~Shop() { stop(); }

Result<std::unique_ptr<Shop>, Fault> Shop::open(const ShopSettings& settings) {
    struct stat found {};
    if (settings.must_exist && ::stat(settings.data.c_str(), &found) != 0)
        return fault(FaultKind::io, "there is no data folder '" + settings.data +
                                        "'; name the shop's own with --data, or make one with dropsmith serve");
    auto kind = settings.simulated ? files::FolderKind::simulated : files::FolderKind::real;
    if (settings.any_kind)
        if (const auto seen = files::glance(settings.data)) kind = seen->kind;
    auto folder = files::DataFolder::open(settings.data, kind);
    if (!folder) return Failure{folder.error()};
    auto journal = sqlite::SqliteJournal::open(folder->path(), sqlite::SqliteJournal::Role::writer);
    if (!journal) return Failure{journal.error()};
    auto inside = std::make_unique<Inside>(std::move(folder).value(), std::move(journal).value());
    if (auto begun = inside->begin(settings); !begun) return Failure{begun.error()};
    const auto folded_to = inside->core->state().demand.folded_to;
    inside->terms = inside->core->state().shop;
    inside->access = inside->core->state().access;
    inside->loop->start();
    if (inside->payments) inside->payments->start();
    if (inside->serving) inside->pacer = std::make_unique<RoomPacer>(*inside->loop, inside->services.rooms);
    if (inside->signals)
        inside->folding =
            std::jthread([in = inside.get(), folded_to](const std::stop_token& stop) { in->fold(stop, folded_to); });
    inside->services.ready.store(true);
    return std::make_unique<Shop>(std::move(inside));
}

http::Services& Shop::services() { return inside_->services; }
http::Router& Shop::router() { return *inside_->router; }
const engine::StartReport& Shop::started() const { return inside_->report; }
const dropsmith::Shop& Shop::terms_at_start() const { return inside_->terms; }
const Access& Shop::access_at_start() const { return inside_->access; }

std::uint64_t Shop::head() const { return inside_->head.seq.load(std::memory_order_relaxed); }

void Shop::stop() {
    if (!inside_ || inside_->stopped) return;
    inside_->stopped = true;
    inside_->services.stopping.store(true);
    inside_->folding = {};
    inside_->pacer.reset();
    if (inside_->payments) inside_->payments->stop();
    inside_->services.slow.stop();
    inside_->services.lists.stop();
    inside_->door->stop();
    inside_->planners->stop();  // it stays: the loop's last batches still offer to it
    inside_->loop->stop();
    if (inside_->follower) inside_->follower->stop();
    inside_->services.stream.clear();
    // The next start reads the snapshot instead of the whole journal; without one it is only slower.
    if (inside_->serving) (void)engine::take_snapshot(*inside_->journal);
}

}  // namespace dropsmith::app
