// The loop's thread and its queues; see loop.h. Producers push under one short lock; the loop takes a batch under it
// and runs the core without it, so the next batch gathers while this one syncs. Covered by engine/loop_test.cpp (also
// under TSan).
#include "engine/loop.h"

#include <pthread.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>
#include <vector>

#include "base/limits.h"

namespace dropsmith::engine {

namespace {

using std::chrono::microseconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t lanes = 4;
constexpr std::array<std::size_t, lanes> lane_max{limits::selling_queue, limits::control_queue, limits::bulk_queue,
                                                  limits::control_queue};
// kept for control when selling would fill the batch
constexpr std::size_t control_share = limits::batch_commands_max / 10;
constexpr std::size_t bulk_share = 2;                                   // slices of an import in one batch
constexpr microseconds patience_max{1'000};
constexpr std::size_t crowd = 8;                                        // fewer are not waited for
// the wall is looked at again, whatever the timers say
constexpr microseconds idle_max{500'000};
constexpr microseconds read_only_pause{100'000};                        // between trials of a store that refuses writes

}  // namespace

struct Loop::Inside {
    Core& core;
    ShopClock& clock;
    std::mutex mutex;
    std::condition_variable wake;
    // Taken from the front, all at once as a rule: then nothing is moved.
    struct Queue {
        std::vector<Ask> asks;
        std::size_t taken = 0;
        std::size_t size() const { return asks.size() - taken; }
        bool empty() const { return size() == 0; }
        void move_to(std::vector<Ask>& batch, std::size_t most) {
            if (taken == 0 && batch.empty() && asks.size() <= most) return batch.swap(asks);
            for (; most > 0 && !empty(); --most) batch.push_back(std::move(asks[taken++]));
            if (taken * 2 < asks.size()) return;  // else the taken half goes: a queue that never empties must not grow
            asks.erase(asks.begin(), asks.begin() + static_cast<std::ptrdiff_t>(taken));
            taken = 0;
        }
    };
    std::array<Queue, lanes> queues;
    std::size_t rounds = 0;                // producers in the middle of a round
    bool stopping = false;
    bool waiting = false;                  // the loop sleeps: whoever changes what it waits for wakes it
    bool gathering = false;                // … and has asks already: it waits for more
    std::size_t answered = 0;              // asks of the last batch: whose callers may be about to ask again
    std::size_t arrived = 0;               // asks since then
    std::jthread thread;
    std::atomic<BatchScope*> scope{nullptr};
    std::atomic<std::uint64_t> batches{0}, commands{0}, refused_full{0};
    std::atomic<std::int64_t> mean_sync_us{0};
    std::array<std::atomic<std::int64_t>, 2> cpu_us_max{}, write_us_max{};  // [1]: batches with something bulky

    Inside(Core& core_, ShopClock& clock_) : core(core_), clock(clock_) {}

    bool empty() const {
        return std::all_of(queues.begin(), queues.end(), [](const auto& queue) { return queue.empty(); });
    }

    void move_some(Lane lane, std::size_t most, std::vector<Ask>& batch) {
        queues[static_cast<std::size_t>(lane)].move_to(batch, most);
    }

    // Kill switch, then control, selling, bulk; selling leaves control its tenth.
    bool take_batch(std::vector<Ask>& batch) {  // true: something bulky is in it
        batch.clear();
        const auto left = [&] {
            return limits::batch_commands_max - std::min(batch.size(), limits::batch_commands_max);
        };
        const auto selling = queues[static_cast<std::size_t>(Lane::selling)].size();
        move_some(Lane::urgent, limits::batch_commands_max, batch);
        const auto for_selling = std::min(selling, left() - std::min(left(), control_share + bulk_share));
        move_some(Lane::control, left() - std::min(left(), for_selling + bulk_share), batch);
        move_some(Lane::selling, left() - std::min(left(), bulk_share), batch);
        const auto others = batch.size();
        move_some(Lane::bulk, std::min(left(), bulk_share), batch);
        return batch.size() > others;
    }

    // How long the buyers of the next batch waited for this one. Only the loop's thread writes.
    void measure(bool bulk, std::int64_t cpu_us, std::int64_t write_us) {
        const auto raise = [](std::atomic<std::int64_t>& longest, std::int64_t us) {
            if (us > longest.load(std::memory_order_relaxed)) longest.store(us, std::memory_order_relaxed);
        };
        raise(cpu_us_max[bulk], cpu_us);
        raise(write_us_max[bulk], write_us);
    }

    // How long there is nothing to do, if nobody asks. Called without the lock: it reads the core, which is this
    // thread's.
    microseconds until_due() {
        const auto due = core.next_due();
        if (!due) return idle_max;
        const auto left = *due - clock.now();
        if (left <= Duration{0}) return core.read_only() ? read_only_pause : microseconds{0};
        const auto speed = clock.speed();
        return std::min(idle_max,
                        microseconds{(std::min(left.n, idle_max.count() * speed) * 1000 + speed - 1) / speed});
    }

    void wait_until(std::unique_lock<std::mutex>& lock, Steady::time_point when, auto ready) {
        waiting = true;
        wake.wait_until(lock, when, ready);
        waiting = false;
    }

    // A batch closes when no producer is in the middle of a round, which is waited for a millisecond at most, and after
    // a crowd when as many are back as were answered, which is waited for a quarter of what a sync takes.
    bool complete() const { return rounds == 0 && (answered < crowd || arrived >= answered); }
    bool wants_waking() const { return waiting && rounds == 0 && (!gathering || complete()); }

    // false: nothing is left and the loop is stopping.
    bool gather(std::vector<Ask>& batch, bool& bulk) {
        const auto due = until_due();
        std::unique_lock lock(mutex);
        if (empty() && due.count() > 0) wait_until(lock, Steady::now() + due, [&] { return !empty() || stopping; });
        if (!stopping && !complete() && (rounds > 0 || !empty())) {
            const auto patience =
                std::min(microseconds{mean_sync_us.load(std::memory_order_relaxed) / 4}, patience_max);
            const auto began = Steady::now();
            gathering = true;
            wait_until(lock, began + patience, [&] { return complete() || stopping; });
            gathering = false;
            // Who is in the middle of a round is at work: on one core it is this very waiting that lets him.
            if (rounds > 0) wait_until(lock, began + patience_max, [&] { return rounds == 0 || stopping; });
        }
        bulk = take_batch(batch);
        return !(stopping && batch.empty());
    }

    // While anybody has units the clock goes as time itself does, nearly. Others' timers are few.
    void tell_the_clock() {
        bool held = false;
        for (const auto& timer : core.state().timers.due)
            if ((held = timer.kind == TimerKind::hold)) break;
        clock.somebody_holds(held);
    }

    void turn() {
        std::vector<Ask> batch;
        batch.reserve(limits::batch_commands_max);
        tell_the_clock();
        for (bool bulk = false; gather(batch, bulk);) {
            const auto before = core.state().head;
            const auto started = thread_cpu_us();
            auto* told = scope.load();
            if (told) told->batch_begins();
            core.run(batch, clock.now());
            tell_the_clock();
            if (told) told->batch_ends();
            {
                std::scoped_lock lock(mutex);
                answered = batch.size(), arrived = 0;
            }
            const bool stored = core.state().head != before;
            measure(bulk, thread_cpu_us() - started, stored ? core.last_append_us() : 0);
            if (stored) {
                const auto mean = mean_sync_us.load(std::memory_order_relaxed);
                mean_sync_us.store(mean + (core.last_append_us() - mean) / 8, std::memory_order_relaxed);
                batches.fetch_add(1, std::memory_order_relaxed);
            }
            commands.fetch_add(batch.size(), std::memory_order_relaxed);
            batch.clear();  // here, not where producers wait
        }
    }
};

Loop::Loop(Core& core, ShopClock& clock) : inside_(std::make_unique<Inside>(core, clock)) {}

Loop::~Loop() { stop(); }

void Loop::start() {
    inside_->thread = std::jthread([inside = inside_.get()] { inside->turn(); });
    ::pthread_setname_np(inside_->thread.native_handle(), "loop");
}

void Loop::stop() {
    {
        std::scoped_lock lock(inside_->mutex);
        inside_->stopping = true;
    }
    inside_->wake.notify_all();
    if (inside_->thread.joinable()) inside_->thread.join();
}

bool Loop::submit(Lane lane, Ask ask) {
    const auto index = static_cast<std::size_t>(lane);
    bool wake = false;
    {
        std::scoped_lock lock(inside_->mutex);
        auto& queue = inside_->queues[index];
        if (inside_->stopping || queue.size() >= lane_max[index]) {
            inside_->refused_full.fetch_add(1, std::memory_order_relaxed);
            return false;
        }
        queue.asks.push_back(std::move(ask));
        ++inside_->arrived;
        wake = inside_->wants_waking();  // inside a round the last word wakes it
    }
    if (wake) inside_->wake.notify_one();
    return true;
}

void Loop::round_begins() {
    std::scoped_lock lock(inside_->mutex);
    ++inside_->rounds;
}

void Loop::round_ends() {
    bool wake = false;
    {
        std::scoped_lock lock(inside_->mutex);
        CHECK_BECAUSE(inside_->rounds > 0, "a round ended that had not begun");
        --inside_->rounds;
        wake = inside_->wants_waking();
    }
    if (wake) inside_->wake.notify_one();
}

void Loop::announce_to(BatchScope* scope) { inside_->scope.store(scope); }

namespace {

// Keeps the verdict for the thread that waits, and passes everything on to the caller that was there before.
struct Waiting {
    std::mutex mutex;
    std::condition_variable done;
    bool settled = false;
    Loop::Settled result;
};

class WaitingCaller final : public Caller {
public:
    WaitingCaller(Waiting& waiting, std::unique_ptr<Caller> next) : waiting_(waiting), next_(std::move(next)) {}
    void decided(const Answer& answer) override {
        if (answer.refusal) result_.refusal = *answer.refusal;
        result_.first_seq = answer.first_seq;
        if (next_) next_->decided(answer);
    }
    void settled(const Fault* fault) override {
        if (next_) next_->settled(fault);
        result_.stored = fault == nullptr;
        std::scoped_lock lock(waiting_.mutex);
        waiting_.result = std::move(result_);
        waiting_.settled = true;
        waiting_.done.notify_one();  // under the lock: the waiter may be gone right after it
    }

private:
    Waiting& waiting_;
    std::unique_ptr<Caller> next_;
    Loop::Settled result_;
};

}  // namespace

Loop::Settled Loop::ask_and_wait(Lane lane, Ask ask) {
    Waiting waiting;
    ask.caller = std::make_unique<WaitingCaller>(waiting, std::move(ask.caller));
    if (!submit(lane, std::move(ask))) return {};
    std::unique_lock lock(waiting.mutex);
    waiting.done.wait(lock, [&] { return waiting.settled; });
    return std::move(waiting.result);
}

Loop::Figures Loop::figures() const {
    return {inside_->batches.load(), inside_->commands.load(), inside_->refused_full.load(),
            inside_->mean_sync_us.load(),
            {inside_->cpu_us_max[0].load(), inside_->cpu_us_max[1].load(), inside_->write_us_max[0].load(),
             inside_->write_us_max[1].load()}};
}

}  // namespace dropsmith::engine
