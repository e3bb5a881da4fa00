// CloudEvents 1.0 in JSON, structured or as a batch, to what is kept of them. Extensions and data of the sender's own
// are left as they are; what we use is checked. Any thread. Covered by edge/http/words_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/numbers.h"
#include "model/signal.h"

namespace dropsmith::http {

inline constexpr std::size_t events_max = 1'000;  // in one request

struct CloudEvent {
    std::size_t index = 0;  // in the request
    std::string source, id;
    Signal kind = Signal::page_viewed;
    Instant time;  // of the event; the moment of its arrival when it says none
    bool timed = false;
    std::string drop, sku, place, channel;  // as the sender names them; "" = none
    std::int64_t count = 1;
    std::string text;  // the event as it came
};
struct RejectedEvent {
    std::size_t index = 0;
    std::string detail;
};
struct CloudEvents {
    std::vector<CloudEvent> events;
    std::vector<RejectedEvent> rejected;
    std::string trouble;  // "" or why the whole body cannot be read
};

CloudEvents read_cloud_events(std::string_view body, Instant arrived);

}  // namespace dropsmith::http
