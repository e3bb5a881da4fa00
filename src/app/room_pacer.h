// While somebody waits in an open room: asks one question a second through the selling path, as a buyer would, times
// it, and sets the room's rate by it (engine/room_pace.h). A thread of its own. Covered by engine/room_pace_test.cpp,
// tests/http/waiting_room.py.
#pragma once

#include <thread>

#include "edge/http/room_board.h"
#include "engine/loop.h"

namespace dropsmith::app {

class RoomPacer {
  public:
    RoomPacer(engine::Loop& loop, const http::RoomBoard& rooms);

  private:
    void pace(const std::stop_token& stop);
    engine::Loop& loop_;
    const http::RoomBoard& rooms_;
    std::jthread thread_;  // last: it uses the others
};

}  // namespace dropsmith::app
