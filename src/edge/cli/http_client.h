// A small HTTP/1.1 client over one kept connection, for the shop's own sockets: control.sock and loopback. Blocking; a
// connection that was lost is opened anew by the next ask. One thread. Covered by tests/http/commands.py.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "edge/cli/door.h"

namespace dropsmith::cli {

struct Exchange {
    Told told;
    std::string shop_time;  // the header, "" when it was not there
};

// A port of 127.0.0.1 that nobody listens on now; 0: none.
std::uint16_t free_loopback_port();

class HttpClient {
  public:
    static HttpClient to_control(std::string folder) { return HttpClient(std::move(folder), {}, 0); }
    static HttpClient to_address(std::string address, std::uint16_t port) {
        return HttpClient({}, std::move(address), port);
    }
    ~HttpClient();
    HttpClient(HttpClient&& other) noexcept;
    HttpClient& operator=(HttpClient&&) = delete;

    Status<Fault> connect();  // also done by ask
    Result<Exchange, Fault> ask(const Asked& asked, const std::string& bearer = {});

  private:
    HttpClient(std::string folder, std::string address, std::uint16_t port)
        : folder_(std::move(folder)), address_(std::move(address)), port_(port) {}
    bool send_all(const std::string& bytes);
    bool more();
    void hang_up();
    Result<Exchange, Fault> read_answer();

    std::string folder_, address_;
    std::uint16_t port_;
    int socket_ = -1;
    std::string in_;
};

}  // namespace dropsmith::cli
