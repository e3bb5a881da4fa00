// The smallest HTTP/1.1 keep-alive server that can be driven: epoll, one thread per call, no parsing beyond where a
// request ends. The floor under every HTTP figure (bench/selling: bare echo) and the body of the naive twin. Loopback
// only. Test: load_test.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace dropsmith::load {

/// Appends the whole reply to `request` (head and body as received) to `out`. Called on the serving thread.
using Answer = std::function<void(std::string_view request, std::string& out)>;

/// A listening socket on 127.0.0.1 and `port`, or any free one, which `port` receives, when it is 0; -1 on failure.
/// Several sockets may share a port: the kernel deals the connections out between them.
int listen_loopback(std::uint16_t& port);

/// Serves the socket until `stop` is set (looked at ten times a second). A thread each: connections stay with the
/// thread that accepted them, so several threads take a socket each.
void serve(int listener, const Answer& answer, const std::atomic<bool>& stop);

/// "HTTP/1.1 201 Created" and the like, with the body's length and type.
void write_reply(std::string& out, std::string_view status_line, std::string_view type, std::string_view body);

}  // namespace dropsmith::load
