// Reply bodies go round (decision 0171): the loop fills them, the network thread gives them back, a
// round at once. Any thread; each keeps some of its own. Covered by edge/http/spare_bodies_test.cpp.
#pragma once

#include <string>
#include <vector>

namespace dropsmith::http {

inline constexpr std::size_t spare_room = 384;  // of a hold's reply and what is like it

std::string spare_body();                               // empty, with that much room at least
void give_back_bodies(std::vector<std::string>& used);  // takes those of a usual size; the others end here
}  // namespace dropsmith::http
