// See naive_twin.h.
#include "naive_twin.h"

#include <chrono>
#include <thread>

#include "tiny_server.h"

namespace dropsmith::load {

bool NaiveShop::take_one() {
    const std::int64_t seen = free_.load();
    if (seen <= 0) return false;
    // What a database round trip does in a real shop: somebody else has the word now.
    std::this_thread::sleep_for(std::chrono::microseconds(100));
    free_.store(seen - 1);
    return true;
}

bool NaiveShop::take_one_carefully() {
    std::int64_t seen = free_.load();
    while (seen > 0) {
        if (free_.compare_exchange_weak(seen, seen - 1)) return true;
    }
    return false;
}

void NaiveShop::answer(std::string_view request, std::string& out) {
    if (!request.starts_with("POST /v1/holds ")) {
        const std::string body =
            R"({"free":)" + std::to_string(free_.load()) + R"(,"sold":)" + std::to_string(sold()) + "}";
        return write_reply(out, "HTTP/1.1 200 OK", "application/json", body);
    }
    if (!(careful_ ? take_one_carefully() : take_one())) {
        return write_reply(out, "HTTP/1.1 409 Conflict", "application/problem+json",
                           R"({"title":"Sold out","status":409,"code":"sold_out"})");
    }
    const std::string body = R"({"id":"hold_)" + std::to_string(++sold_) + R"(","secret":"none","status":"held"})";
    write_reply(out, "HTTP/1.1 201 Created", "application/json", body);
}

}  // namespace dropsmith::load
