// The naive shop: looks whether a unit is free, and then takes it, in two steps, on several threads. Kept for ever as
// the proof that the load would find an oversell: under the same load it must sell more than it has. With `careful` the
// two steps are one, and it must not. Tests: load_test.cpp, tests/http/oversell.py.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace dropsmith::load {

class NaiveShop {
  public:
    NaiveShop(std::int64_t units, bool careful) : free_(units), careful_(careful) {}
    /// Answers POST /v1/holds with 201 or 409 sold_out; any other request with the counts. Called on every serving
    /// thread.
    void answer(std::string_view request, std::string& out);
    std::int64_t sold() const { return sold_.load(); }

  private:
    bool take_one();
    bool take_one_carefully();

    // Atomic so that it is only the logic that races, not the language: nobody locks across the check and the take.
    std::atomic<std::int64_t> free_;
    std::atomic<std::int64_t> sold_{0};
    const bool careful_;
};

}  // namespace dropsmith::load
