// `dropsmith demo`: a supervisor that starts a simulated shop as a process of its own, starts it again whenever it
// dies, and sends simulated shoppers through its real HTTP interface by the accelerated clock.
#pragma once

#include <cstdint>
#include <string>

namespace dropsmith::app {

struct DemoSettings {
    std::string data;  // "" = a folder that goes with the demo
    std::string listen = "127.0.0.1:8080";
    std::int64_t speed = 0;  // 0: so that 72 hours pass in about six minutes
    std::uint64_t seed = 7;  // of the story: its first drop sells nearly out, two lines of it wholly
    bool json = false;
};

int demo(const DemoSettings& settings);

}  // namespace dropsmith::app
