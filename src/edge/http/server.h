// The socket server: one network thread per spare core, each with its own connections; keep-alive and pipelining
// answered in order; bounds on heads, bodies, time, connections and unread output. It knows nothing of routes: a Target
// takes each request with a Responder that may be called from any thread, exactly once. Replies made on another thread
// go back in one chain per wake. Covered by edge/http/server_test.cpp, tests/http/malformed.py,
// tests/load/slow_clients.py.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/fault.h"
#include "edge/http/message.h"
#include "engine/loop.h"

namespace dropsmith::http {

class Tls;

// A reply without an end: server-sent events. Any thread.
class Outflow {
  public:
    virtual ~Outflow() = default;
    virtual bool send(std::shared_ptr<const std::string> bytes) = 0;  // false: the other side is gone or does not read
};

class Responder {
  public:
    virtual ~Responder() = default;
    virtual void reply(Reply reply) = 0;
    virtual std::shared_ptr<Outflow> stream(Reply head) = 0;  // null: this caller cannot take one
};

// The way back of a request that Target::at_once looks at, for when it hands it on.
class Way {
  public:
    virtual ~Way() = default;
    virtual std::unique_ptr<Responder> responder() = 0;
};

class Target {
  public:
    // The short way, tried first: `answered` filled the reply, `handed_on` took way.responder(). The network thread's
    // own; turn_ms tells its turns apart.
    enum class Short { no, answered, handed_on };
    virtual Short at_once(Request& request, Reply& reply, Way& way, std::int64_t turn_ms) {
        (void)request, (void)reply, (void)way, (void)turn_ms;
        return Short::no;
    }
    virtual ~Target() = default;
    virtual void take(Request request, std::unique_ptr<Responder> responder) = 0;  // network thread
    // Brackets what one network thread takes in one go, so that it makes one batch.
    virtual void round_begins() {}
    virtual void round_ends() {}
};

struct ServerSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;   // 0: any free one, see Server::port()
    std::string control_folder;  // "" = no control socket; else control.sock is made there, mode 0600
    unsigned threads = 1;
    std::size_t connections_max = 8'192;  // of all threads together
    std::int64_t head_ms = 10'000;
    std::int64_t body_ms = 30'000;
    std::int64_t idle_ms = 75'000;   // between requests of a kept connection
    std::int64_t write_ms = 30'000;  // output that nobody reads
    std::shared_ptr<Tls> tls;        // null: plain
};

class Server final : public engine::BatchScope {
  public:
    Server(ServerSettings settings, Target& target);
    ~Server() override;  // stop()

    Status<Fault> start();
    void stop();  // takes no more connections, ends the open ones, joins
    // The loop's thread: what it answers between these leaves in one go (engine::Loop::announce_to).
    void batch_begins() override;
    void batch_ends() override;
    std::uint16_t port() const;

    struct Figures {
        std::uint64_t requests = 0, connections = 0, open = 0, refused = 0, bad = 0;
    };
    Figures figures() const;

  private:
    struct Inside;
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::http
