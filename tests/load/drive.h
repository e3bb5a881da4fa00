// Drives many kept connections against one loopback port from one thread: every connection has up to `depth` requests
// on the way, and the next is asked as soon as one is answered (or, in waves, when all are; or, at a rate, when it is
// due: then latency counts from that moment, so that a server that stalls cannot hide it by being asked less). What is
// said is a Talk's matter, so HTTP and RESP rivals are driven by the same code. Invariant: asked = heard + unanswered
// when drive() returns; it returns within `deadline_ms` whatever the server does. Used by drop_loader and
// bench/selling. Test: load_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "histogram.h"

namespace dropsmith::load {

/// The protocol and the story. Called on the driving thread only.
class Talk {
  public:
    static constexpr std::size_t kMalformed = SIZE_MAX;
    virtual ~Talk() = default;
    /// Appends request number `ticket` (0, 1, 2 ...) to `out`.
    virtual void ask(std::uint64_t ticket, std::string& out) = 0;
    /// Length of the first whole reply in `in`: 0 when more bytes are needed, kMalformed when it never will be one.
    virtual std::size_t frame(std::string_view in) const = 0;
    /// The reply to `ticket`. Called before anything further is sent on any connection.
    virtual void heard(std::uint64_t ticket, std::string_view reply) = 0;
    /// Whether it says "too much at once, come again": how soon that is said is counted apart.
    virtual bool told_off(std::string_view reply) const { return (void)reply, false; }
};

struct DriveSettings {
    std::uint16_t port = 0;
    unsigned connections = 1;
    unsigned depth = 1;            // requests on the way per connection (pipelining above 1)
    std::uint64_t requests = 1;    // in total
    bool waves = false;            // all connections ask at once, and again when all have been answered
    std::uint64_t per_second = 0;  // 0: as fast as it is answered
    std::int64_t deadline_ms = 60'000;
};

struct DriveResult {
    std::uint64_t asked = 0;
    std::uint64_t heard = 0;
    std::uint64_t unanswered = 0;  // asked on a connection that broke, or still open at the deadline
    std::uint64_t reconnects = 0;  // an idle connection that the server had closed
    unsigned lost = 0;             // connections that broke and could not be opened again
    bool malformed = false;
    bool timed_out = false;
    double seconds = 0;
    Histogram latency_ns;
    Histogram told_off_ns;  // of these
};

DriveResult drive(const DriveSettings& settings, Talk& talk);

}  // namespace dropsmith::load
