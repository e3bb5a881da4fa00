// The way of a command to the shop: control.sock when it runs, else the folder's lock and the routes in this process.
#pragma once

#include <memory>
#include <string>

#include "app/shop.h"
#include "edge/cli/door.h"

namespace dropsmith::app {

Result<std::unique_ptr<cli::Door>, Fault> open_door(const ShopSettings& settings);

}  // namespace dropsmith::app
