// The pool behind planners.h: jobs get a number when they are offered; a finished job waits in `done` until all
// before it are submitted. Whoever finishes the next one in line submits all that follow it. Covered by
// engine/planners_test.cpp (also under TSan).
#include "engine/planners.h"

#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace dropsmith::engine {

struct Planners::Inside {
    Submit submit;
    std::size_t waiting_max = planner_queue;
    std::mutex mutex;
    std::condition_variable work, idle;
    std::deque<std::pair<std::uint64_t, Job>> waiting;
    std::map<std::uint64_t, std::optional<Command>> done;
    std::uint64_t offered = 0, submitted = 0, dropped = 0;
    bool submitting = false, stopping = false;
    std::vector<std::jthread> threads;

    // Called with the lock held; gives it up while it calls submit.
    void submit_in_order(std::unique_lock<std::mutex>& lock) {
        if (submitting) return;
        submitting = true;
        for (auto next = done.find(submitted); next != done.end(); next = done.find(submitted)) {
            auto node = done.extract(next);
            lock.unlock();
            if (node.mapped()) submit(std::move(*node.mapped()));
            lock.lock();
            ++submitted;
        }
        submitting = false;
        if (submitted == offered) idle.notify_all();
    }

    void run_one(std::unique_lock<std::mutex>& lock) {
        auto [number, job] = std::move(waiting.front());
        waiting.pop_front();
        lock.unlock();
        auto command = job();
        lock.lock();
        done.emplace(number, std::move(command));
        submit_in_order(lock);
    }

    void work_on() {
        std::unique_lock lock(mutex);
        for (;;) {
            work.wait(lock, [&] { return stopping || !waiting.empty(); });
            if (stopping) return;
            run_one(lock);
        }
    }
};

Planners::Planners(unsigned threads, Submit submit, std::size_t waiting_max) : inside_(std::make_unique<Inside>()) {
    inside_->submit = std::move(submit);
    inside_->waiting_max = waiting_max;
    for (unsigned i = 0; i < threads; ++i)
        inside_->threads.emplace_back([inside = inside_.get()] { inside->work_on(); });
}

Planners::~Planners() { stop(); }

void Planners::stop() {
    {
        std::scoped_lock lock(inside_->mutex);
        inside_->stopping = true;
    }
    inside_->work.notify_all();
    inside_->threads.clear();
}

bool Planners::offer(Job job, std::size_t kept) {
    {
        std::scoped_lock lock(inside_->mutex);
        if (inside_->stopping) return false;
        if (inside_->waiting.size() + kept >= inside_->waiting_max) {
            ++inside_->dropped;
            return false;
        }
        inside_->waiting.emplace_back(inside_->offered++, std::move(job));
    }
    inside_->work.notify_one();
    return true;
}

void Planners::drain() {
    std::unique_lock lock(inside_->mutex);
    if (inside_->threads.empty())
        while (!inside_->waiting.empty()) inside_->run_one(lock);
    inside_->idle.wait(lock, [&] { return inside_->submitted == inside_->offered; });
}

Planners::Figures Planners::figures() const {
    std::scoped_lock lock(inside_->mutex);
    return {inside_->offered, inside_->submitted, inside_->dropped, inside_->waiting.size()};
}

}  // namespace dropsmith::engine
