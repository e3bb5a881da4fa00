// Who was turned away: counted, and told to the log as one event each, at most so many a second, the rest as a number.
// The event is JSON text made here from the route's own pattern and checked values, so that nothing a caller sends can
// begin a line or carry a secret into the log. Any thread. Covered by edge/http/denials_test.cpp, tests/http/limits.py.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>

namespace dropsmith::http {

struct Denial {
    int status = 401;
    std::string_view method, route, peer;
    std::string grant;  // public id; "" = none
};

class Denials {
  public:
    // line: members of a JSON object without its braces, one line.
    std::function<void(const std::string& line)> log;  // set before the server starts; may be empty
    void note(const Denial& denial, std::int64_t now_ms);
    std::uint64_t unauthorized() const { return unauthorized_.load(std::memory_order_relaxed); }
    std::uint64_t forbidden() const { return forbidden_.load(std::memory_order_relaxed); }
    std::uint64_t limited() const { return limited_.load(std::memory_order_relaxed); }

  private:
    static constexpr std::uint64_t lines_per_second = 20;  // of denials, and as many of limits: neither hides the other
    struct Told {
        std::int64_t second = -1;
        std::uint64_t written = 0, unwritten = 0;
    };
    std::atomic<std::uint64_t> unauthorized_{0}, forbidden_{0}, limited_{0};
    std::mutex mutex_;
    Told denied_, over_;
};

}  // namespace dropsmith::http
