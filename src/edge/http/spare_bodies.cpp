// See the header.
#include "edge/http/spare_bodies.h"

#include <mutex>

namespace dropsmith::http {
namespace {

constexpr std::size_t spares_max = 4'096;  // as many holds as may be on their way at once, as a rule
constexpr std::size_t room_max = 1'024;
std::mutex mutex;                          // guards spares
std::vector<std::string> spares;

}  // namespace

std::string spare_body() {
    thread_local std::vector<std::string> mine;
    if (mine.empty()) {
        const std::lock_guard lock(mutex);
        mine.swap(spares);
    }
    std::string body;
    if (mine.empty()) {
        body.reserve(spare_room);
        return body;
    }
    body = std::move(mine.back());
    mine.pop_back();
    body.clear();
    return body;
}

void give_back_bodies(std::vector<std::string>& used) {
    {
        const std::lock_guard lock(mutex);
        for (auto& body : used)
            if (body.capacity() >= spare_room && body.capacity() <= room_max && spares.size() < spares_max)
                spares.push_back(std::move(body));
    }
    used.clear();  // here, not where others wait
}

}  // namespace dropsmith::http
