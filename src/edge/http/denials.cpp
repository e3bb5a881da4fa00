// See the header. Covered by edge/http/denials_test.cpp.
#include "edge/http/denials.h"

#include <utility>

#include "base/json.h"

namespace dropsmith::http {

void Denials::note(const Denial& denial, std::int64_t now_ms) {
    auto& counter = denial.status == 401 ? unauthorized_ : denial.status == 403 ? forbidden_ : limited_;
    counter.fetch_add(1, std::memory_order_relaxed);
    if (!log) return;
    std::uint64_t before = 0;
    {
        const std::lock_guard lock(mutex_);
        auto& told = denial.status == 429 ? over_ : denied_;
        if (now_ms / 1'000 != told.second) told.second = now_ms / 1'000, told.written = 0;
        if (told.written >= lines_per_second) return void(++told.unwritten);
        ++told.written;
        before = std::exchange(told.unwritten, 0);
    }
    std::string line;
    JsonWriter json(line);
    json.object().key("event").text(denial.status == 429 ? "limited" : "denied").key("status").integer(denial.status);
    json.key("method").text(denial.method).key("route").text(denial.route).key("peer").text(denial.peer);
    if (!denial.grant.empty()) json.key("grant").text(denial.grant);
    if (before > 0) json.key("not_told_before").natural(before);
    json.end();
    log(line.substr(1, line.size() - 2));
}

}  // namespace dropsmith::http
