// See the header.
#include "app/room_pacer.h"

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "engine/room_pace.h"

namespace dropsmith::app {

RoomPacer::RoomPacer(engine::Loop& loop, const http::RoomBoard& rooms)
    : loop_(loop), rooms_(rooms), thread_([this](const std::stop_token& stop) { pace(stop); }) {}

void RoomPacer::pace(const std::stop_token& stop) {
    using std::chrono::steady_clock;
    std::mutex mutex;
    std::condition_variable_any wake;
    while (!stop.stop_requested()) {
        std::unique_lock lock(mutex);
        wake.wait_for(lock, stop, std::chrono::seconds(1), [] { return false; });
        const auto waiting = stop.stop_requested() ? decltype(rooms_.live()){} : rooms_.live();
        if (waiting.empty()) continue;
        const auto asked = steady_clock::now();
        const auto settled = loop_.ask_and_wait(engine::Lane::selling, engine::Ask{});
        const engine::PathMeasured measured{
            std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - asked).count(),
            !settled.stored};
        for (const auto& room : waiting) {
            const auto rate = engine::next_rate(room->per_second, measured);
            const auto most = room->terms.per_second_max;
            if (rate == room->per_second || (most != 0 && rate > most && room->per_second >= most)) continue;
            engine::Ask ask;
            ask.command = Command(SetAdmissionRate{room->drop, rate});
            ask.who = Actor{ActorKind::planner, {}};
            (void)loop_.ask_and_wait(engine::Lane::control, std::move(ask));
        }
    }
}

}  // namespace dropsmith::app
