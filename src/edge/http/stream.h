// Server-sent events: price, availability and status of drops for everybody, everything live for staff. A watcher of
// the loop: writes each event once and hands it to all who listen; who does not read is dropped. Last-Event-ID resumes
// from a bounded ring. Covered by tests/http/routes.py.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "edge/http/server.h"
#include "edge/http/skew.h"
#include "engine/core.h"

namespace dropsmith {
class PublicIds;
namespace engine {
class ShopClock;
}
}  // namespace dropsmith

namespace dropsmith::http {

class Stream final : public engine::Watcher {
  public:
    void wire(const PublicIds* ids, engine::ShopClock* clock) { ids_ = ids, clock_ = clock; }
    void stored(const State& state, const engine::Batch& batch) override;  // the loop's thread
    // drop: 0 = all. resume_from: the last event the listener has seen, 0 = none.
    bool listen(std::shared_ptr<Outflow> flow, bool staff, std::uint64_t drop, std::uint64_t resume_from);
    void beat();  // a comment to all, so that dead ones are found; every few seconds
    void clear();
    std::size_t listeners() const { return count_.load(); }

    SkewBook skew() const;  // of all prices since the program started

    struct Event {
        std::uint64_t seq;
        std::uint64_t drop;
        bool staff_only;
        std::shared_ptr<const std::string> text;
    };

  private:
    struct Listener {
        std::shared_ptr<Outflow> flow;
        bool staff;
        std::uint64_t drop;
    };
    void send(std::vector<Event> events);
    void measure(const std::map<ChannelId, std::uint64_t>& prices, Instant decided_at);
    const PublicIds* ids_ = nullptr;
    engine::ShopClock* clock_ = nullptr;
    mutable std::mutex mutex_;
    SkewBook skew_;
    std::vector<Listener> listeners_;
    std::deque<Event> ring_;
    std::atomic<std::size_t> count_{0};
};

}  // namespace dropsmith::http
