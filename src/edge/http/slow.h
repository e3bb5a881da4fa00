// A few threads for what takes longer than a network thread may: reports, audits, rehearsals. A bounded queue; full
// answers 503. Covered by tests/http/access_matrix.py.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace dropsmith::http {

class Slow {
  public:
    explicit Slow(std::size_t threads = 2, std::size_t waiting_max = 64)
        : threads_max_(threads), waiting_max_(waiting_max) {}
    ~Slow() { stop(); }
    bool offer(std::function<void()> work);  // any thread; false: too much is waiting already
    void stop();                             // drops what waits, joins

  private:
    void run();
    const std::size_t threads_max_, waiting_max_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::deque<std::function<void()>> waiting_;
    std::vector<std::jthread> threads_;
    std::size_t idle_ = 0;
    bool stopping_ = false;
};

}  // namespace dropsmith::http
