// Covered by tests/http/access_matrix.py.
#include "edge/http/slow.h"

namespace dropsmith::http {

bool Slow::offer(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    if (stopping_ || waiting_.size() >= waiting_max_) return false;
    waiting_.push_back(std::move(work));
    if (idle_ == 0 && threads_.size() < threads_max_) threads_.emplace_back([this] { run(); });
    wake_.notify_one();
    return true;
}

void Slow::run() {
    std::unique_lock lock(mutex_);
    for (;;) {
        ++idle_;
        wake_.wait(lock, [this] { return stopping_ || !waiting_.empty(); });
        --idle_;
        if (stopping_) return;
        auto work = std::move(waiting_.front());
        waiting_.pop_front();
        lock.unlock();
        work();
        work = nullptr;
        lock.lock();
    }
}

void Slow::stop() {
    std::deque<std::function<void()>> dropped;
    std::vector<std::jthread> ended;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        dropped.swap(waiting_);
        ended.swap(threads_);
    }
    wake_.notify_all();
}

}  // namespace dropsmith::http
