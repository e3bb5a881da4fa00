// Which places give the units of a line. Free at a place = min(what is left of its allotment, what is free in stock
// there); free in the line = min(what is left of the cap, the sum over its places). A pick-up place gives all or
// nothing; else the place with most left that can give all; else the places in id order until it is enough. Pure; any
// thread. Covered by flow/sell/allocation_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "model/state.h"

namespace dropsmith::sell {

struct PlaceShare {
    PlaceId place;
    Quantity units;
    friend bool operator==(const PlaceShare&, const PlaceShare&) = default;
};

// By place, in id order, only those with something left. pickup_at: only that place.
std::vector<PlaceShare> free_by_place(const Stock& stock, const DropLine& line, PlaceId pickup_at);

// What one buyer could still be given of the line at this place (or anywhere).
Quantity free_in_line(const DropLine& line, const std::vector<PlaceShare>& free);

// wanted is at most free_in_line. The shares add up to wanted.
std::vector<PlaceShare> allocate(const std::vector<PlaceShare>& free, Quantity wanted);

}  // namespace dropsmith::sell
