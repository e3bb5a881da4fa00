// See the header. Covered by tests/payments/stripe.py.
#include "edge/stripe/worker.h"

#include <pthread.h>

#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "edge/stripe/calls.h"

namespace dropsmith::stripe {
namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t known_max = 10'000;  // tasks copied; the rest follows as these are done
constexpr std::chrono::seconds refused_pause{1};

struct Waiting {
    Work work;
    Steady::time_point not_before{};  // of our own: after an answer that the shop did not take
    bool under_way = false;
};
struct OpenPage {
    Checkout checkout;
    Steady::time_point next;
    bool under_way = false;
};

}  // namespace

struct Worker::Inside {
    Inside(WorkerSettings its_settings, engine::Loop& its_loop, engine::ShopClock& its_clock, const PublicIds& its_ids)
        : settings(std::move(its_settings)), client(settings.address, settings.key), loop(its_loop), clock(its_clock),
          ids(its_ids) {}

    WorkerSettings settings;
    Client client;
    engine::Loop& loop;
    engine::ShopClock& clock;
    const PublicIds& ids;

    std::mutex mutex;  // held for moments only, never across a call
    std::condition_variable_any wake;
    std::map<PaymentTaskId, Waiting> tasks;
    std::map<CheckoutId, OpenPage> pages;
    std::uint64_t changes = ~std::uint64_t{0};
    std::vector<std::jthread> threads;

    void take(const Payments& payments) {
        std::map<PaymentTaskId, Waiting> next;
        for (const auto& [id, task] : payments.tasks) {
            if (next.size() == known_max) break;
            auto known = tasks.extract(id);
            if (known) {
                known.mapped().work.task = task;
                next.insert(std::move(known));
            } else {
                next.emplace(id, Waiting{{task, payments.checkouts.must(task.checkout)}, {}, false});
            }
        }
        tasks = std::move(next);
        for (auto it = pages.begin(); it != pages.end();) {
            const auto* checkout = payments.checkouts.find(it->first);
            const bool open = checkout && checkout->status == CheckoutStatus::open && !checkout->hold_over;
            it = open || it->second.under_way ? std::next(it) : pages.erase(it);
        }
    }
    void note_page(const Checkout& checkout) {
        if (checkout.status != CheckoutStatus::open || checkout.hold_over) return;
        pages.try_emplace(checkout.id, OpenPage{checkout, Steady::now() + settings.look_every, false});
    }

    Asking asking(const std::stop_token& stop) {
        return {ids, settings.currency,
                [this, stop](const Wanted& wanted) { return client.ask(wanted, settings.answer_most, stop); },
                clock.now()};
    }
    bool hand_in(Command command) {
        engine::Ask ask;
        ask.command = std::move(command);
        ask.who = Actor{ActorKind::planner, {}};
        const auto settled = loop.ask_and_wait(engine::Lane::control, std::move(ask));
        return settled.stored && !settled.refusal;
    }

    Waiting* next_task() {
        const auto now = clock.now();
        const auto here = Steady::now();
        for (auto& [id, waiting] : tasks)
            if (!waiting.under_way && waiting.work.task.not_before <= now && waiting.not_before <= here)
                return &waiting;
        return nullptr;
    }
    OpenPage* next_page() {
        const auto here = Steady::now();
        for (auto& [id, page] : pages)
            if (!page.under_way && page.next <= here) return &page;
        return nullptr;
    }

    void do_one(Waiting& waiting, std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
        waiting.under_way = true;
        const auto work = waiting.work;
        lock.unlock();
        auto command = do_task(work, asking(stop));
        const bool done = !stop.stop_requested() && hand_in(std::move(command));
        lock.lock();
        const auto it = tasks.find(work.task.id);
        if (it == tasks.end()) return;
        it->second.under_way = false;
        if (!done) it->second.not_before = Steady::now() + refused_pause;
    }
    void look_once(OpenPage& page, std::unique_lock<std::mutex>& lock, const std::stop_token& stop) {
        page.under_way = true;
        const auto checkout = page.checkout;
        lock.unlock();
        auto command = look_at(checkout, asking(stop));
        if (command && !stop.stop_requested()) (void)hand_in(std::move(*command));
        lock.lock();
        const auto it = pages.find(checkout.id);
        if (it == pages.end()) return;
        it->second.under_way = false;
        it->second.next = Steady::now() + settings.look_every;
    }

    void run(const std::stop_token& stop) {
        std::unique_lock lock(mutex);
        while (!stop.stop_requested()) {
            if (auto* waiting = next_task())
                do_one(*waiting, lock, stop);
            else if (auto* page = next_page())
                look_once(*page, lock, stop);
            else
                wake.wait_for(lock, stop, std::chrono::milliseconds(250), [] { return false; });
        }
    }
};

Worker::Worker(WorkerSettings settings, engine::Loop& loop, engine::ShopClock& clock, const PublicIds& ids)
    : inside_(std::make_unique<Inside>(std::move(settings), loop, clock, ids)) {}

Worker::~Worker() { stop(); }

void Worker::load(const State& state) {
    const std::scoped_lock lock(inside_->mutex);
    inside_->changes = state.payments.changes;
    inside_->take(state.payments);
    state.payments.checkouts.each([&](const Checkout& checkout) { inside_->note_page(checkout); });
}

void Worker::start() {
    for (unsigned i = 0; i < inside_->settings.threads; ++i) {
        auto& thread =
            inside_->threads.emplace_back([in = inside_.get()](const std::stop_token& stop) { in->run(stop); });
        ::pthread_setname_np(thread.native_handle(), "payments");
    }
}

void Worker::stop() {
    for (auto& thread : inside_->threads) thread.request_stop();
    inside_->threads.clear();
}

void Worker::stored(const State& state, const engine::Batch& batch) {
    if (state.payments.changes == inside_->changes) return;
    {
        const std::scoped_lock lock(inside_->mutex);
        inside_->changes = state.payments.changes;
        inside_->take(state.payments);
        for (const auto& entry : batch.entries)
            for (const auto& fact : entry.facts)
                if (const auto* opened = fact.as<CheckoutOpened>())
                    inside_->note_page(state.payments.checkouts.must(opened->checkout));
    }
    inside_->wake.notify_all();
}

}  // namespace dropsmith::stripe
