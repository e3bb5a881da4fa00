// Rehearsals under way and done: kept in memory, the newest few only; a rehearsal is advice, not a fact. Any thread.
// Covered by tests/http/routes.py.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "edge/http/grants.h"

namespace dropsmith::http {

class Rehearsals {
  public:
    struct Outcome {
        bool done = false, fine = false;
        std::string text;  // the result as JSON, or what was wrong
    };
    std::string begin() {
        const auto id = "reh_" + new_token().substr(4, 20);
        const std::lock_guard lock(mutex_);
        kept_.emplace_back(id, Outcome{});
        if (kept_.size() > kept_max) kept_.pop_front();
        return id;
    }
    void finish(const std::string& id, bool fine, std::string text) {
        const std::lock_guard lock(mutex_);
        for (auto& [known, outcome] : kept_)
            if (known == id) outcome = {true, fine, std::move(text)};
    }
    std::optional<Outcome> find(const std::string& id) const {
        const std::lock_guard lock(mutex_);
        for (const auto& [known, outcome] : kept_)
            if (known == id) return outcome;
        return std::nullopt;
    }

  private:
    static constexpr std::size_t kept_max = 64;
    mutable std::mutex mutex_;
    std::deque<std::pair<std::string, Outcome>> kept_;
};

}  // namespace dropsmith::http
