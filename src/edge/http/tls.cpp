// See the header. Covered by tests/http/tls.py.
#include "edge/http/tls.h"

#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <mutex>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace dropsmith::http {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
using boost::system::error_code;
using Protocol = asio::generic::stream_protocol;
using Socket = Protocol::socket;
using Context = std::shared_ptr<ssl::context>;

constexpr std::chrono::seconds handshake_most{10}, unread_most{40}, goodbye_most{2};
constexpr std::size_t chunk = 16 << 10;  // of a TLS record

// Bytes both ways. One side's end ends both; a side that does not read is given up after a while.
class Bridge final : public std::enable_shared_from_this<Bridge> {
  public:
    Bridge(Context context, Socket outer, Socket inner)
        : context_(std::move(context)),
          outer_(std::move(outer), *context_),
          inner_(std::move(inner)),
          timer_(outer_.get_executor()) {}

    void begin() {
        limit(handshake_most);
        outer_.async_handshake(ssl::stream_base::server, [self = shared_from_this()](error_code ec) {
            if (ec) return self->close();
            self->timer_.cancel();
            self->read_outer();
            self->read_inner();
        });
    }

  private:
    void limit(std::chrono::seconds most) {
        timer_.expires_after(most);
        timer_.async_wait([self = shared_from_this()](error_code ec) {
            if (!ec) self->close();
        });
    }
    void read_outer() {
        outer_.async_read_some(asio::buffer(in_), [self = shared_from_this()](error_code ec, std::size_t n) {
            if (ec) return self->close();
            asio::async_write(self->inner_, asio::buffer(self->in_, n), [self](error_code failed, std::size_t) {
                failed ? self->close() : self->read_outer();
            });
        });
    }
    void read_inner() {
        inner_.async_read_some(asio::buffer(out_), [self = shared_from_this()](error_code ec, std::size_t n) {
            if (ec) return self->say_goodbye();
            self->limit(unread_most);
            asio::async_write(self->outer_, asio::buffer(self->out_, n), [self](error_code failed, std::size_t) {
                if (failed) return self->close();
                self->timer_.cancel();
                self->read_inner();
            });
        });
    }
    void say_goodbye() {  // so that the other side can tell the end from a cut
        if (closed_) return;
        limit(goodbye_most);
        outer_.async_shutdown([self = shared_from_this()](error_code) { self->close(); });
    }
    void close() {
        closed_ = true;
        error_code ignored;
        timer_.cancel();
        inner_.close(ignored);
        outer_.lowest_layer().close(ignored);
    }

    Context context_;  // before the stream that uses it
    ssl::stream<Socket> outer_;
    Socket inner_;
    asio::steady_timer timer_;
    std::array<char, chunk> in_, out_;
    bool closed_ = false;
};

int choose_http_1_1(SSL*, const unsigned char** out, unsigned char* out_size, const unsigned char* in,
                    unsigned int in_size, void*) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* chosen = nullptr;
    if (SSL_select_next_proto(&chosen, out_size, ours, sizeof ours - 1, in, in_size) != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_NOACK;
    *out = chosen;
    return SSL_TLSEXT_ERR_OK;
}

Result<Context, Fault> make_context(const std::string& certificate, const std::string& key) {
    Context made;
    try {
        made = std::make_shared<ssl::context>(ssl::context::tls_server);
    } catch (const boost::system::system_error& error) {
        return fault(FaultKind::io, std::string("TLS cannot be set up: ") + error.what());
    }
    auto* handle = made->native_handle();
    SSL_CTX_set_min_proto_version(handle, TLS1_2_VERSION);
    SSL_CTX_set_options(handle, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
    SSL_CTX_set_cipher_list(handle, "ECDHE+AESGCM:ECDHE+CHACHA20");  // of TLS 1.2: forward secrecy, authenticated
    SSL_CTX_set_alpn_select_cb(handle, choose_http_1_1, nullptr);
    error_code ec;
    made->use_certificate_chain_file(certificate, ec);
    if (ec)
        return fault(FaultKind::io, "--tls-cert: '" + certificate + "' is not a certificate in PEM that can be read (" +
                                        ec.message() + ")");
    made->use_private_key_file(key, ssl::context::pem, ec);
    if (ec)
        return fault(FaultKind::io, "--tls-key: '" + key + "' is not the certificate's private key in PEM, or cannot "
                                                           "be read (" +
                                        ec.message() + ")");
    if (SSL_CTX_check_private_key(handle) != 1)
        return fault(FaultKind::io, "--tls-key: the key in '" + key + "' is not that of the certificate");
    return made;
}

}  // namespace

struct Tls::Inside {
    std::string certificate_file, key_file;
    std::mutex mutex;
    Context context;
    asio::io_context io{1};
    asio::executor_work_guard<asio::io_context::executor_type> keep{io.get_executor()};
    std::jthread thread;
};

Tls::Tls(std::unique_ptr<Inside> inside) : inside_(std::move(inside)) {}
Tls::~Tls() { inside_->io.stop(); }

Result<std::shared_ptr<Tls>, Fault> Tls::open(std::string certificate_file, std::string key_file) {
    auto inside = std::make_unique<Inside>();
    inside->certificate_file = std::move(certificate_file), inside->key_file = std::move(key_file);
    std::shared_ptr<Tls> tls(new Tls(std::move(inside)));
    if (auto read = tls->reload(); !read) return Failure{read.error()};
    tls->inside_->thread = std::jthread([in = tls->inside_.get()] { in->io.run(); });
    ::pthread_setname_np(tls->inside_->thread.native_handle(), "tls");
    return tls;
}

Status<Fault> Tls::reload() {
    auto made = make_context(inside_->certificate_file, inside_->key_file);
    if (!made) return Failure{made.error()};
    const std::lock_guard lock(inside_->mutex);
    inside_->context = std::move(made).value();
    return Nothing{};
}

int Tls::bridge(int outer) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) != 0) return ::close(outer), -1;
    asio::post(inside_->io, [in = inside_.get(), outer, inner = ends[1]] {
        Socket outside(in->io), inside(in->io);
        error_code first, second;
        outside.assign(Protocol(AF_INET, 0), outer, first);
        inside.assign(Protocol(AF_UNIX, 0), inner, second);
        if (first) ::close(outer);
        if (second) ::close(inner);
        if (first || second) return;
        Context context;
        {
            const std::lock_guard lock(in->mutex);
            context = in->context;
        }
        std::make_shared<Bridge>(std::move(context), std::move(outside), std::move(inside))->begin();
    });
    return ends[0];
}

}  // namespace dropsmith::http
