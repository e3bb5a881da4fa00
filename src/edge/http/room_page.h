// GET /d/{slug}/room: the waiting room as a page that works without script: a form to enter, one's place with an honest
// estimate, and a meta refresh that asks again. What is published of the draw stands on it.
//
// Invariant: a pure function of RoomPage; every text is escaped where it is written. Thread: any. Test:
// room_page_test.cpp.
#pragma once

#include <optional>
#include <string>

#include "edge/http/room_board.h"

namespace dropsmith::http {

struct RoomPage {
    const RoomView* room = nullptr;
    Instant now;
    std::optional<Standing> standing;        // none: has not entered
    std::string session, admission;          // of this visitor; the admission only while it runs
    std::int64_t ask_again_s = 5;
    std::string email, trouble;              // of the form that was sent: as it was typed, and what is wrong with it
    std::string stylesheet;
    bool simulated = false;
};

std::string room_page(const RoomPage& page);
// "about 3 minutes", "1 to 2 hours": never sharper than it is known.
std::string wait_words(std::int64_t from_s, std::int64_t to_s);

}  // namespace dropsmith::http
