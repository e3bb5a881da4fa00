// See the header. The one file that includes Beast's client side. Covered by tests/payments/stripe.py.
#include "edge/stripe/connection.h"

#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

namespace dropsmith::stripe {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t answer_max = 1 << 20;

std::string host_field(const Address& address) {
    const bool usual = address.port == (address.tls ? 443 : 80);
    const auto host = address.host.find(':') == std::string::npos ? address.host : "[" + address.host + "]";
    return usual ? host : host + ":" + std::to_string(address.port);
}

http::request<http::string_body> request_of(const Address& address, const std::string& key, const Wanted& wanted) {
    http::request<http::string_body> request{http::string_to_verb(wanted.method), wanted.target, 11};
    request.set(http::field::host, host_field(address));
    request.set(http::field::user_agent, "dropsmith/" DROPSMITH_VERSION);
    request.set(http::field::authorization, "Bearer " + key);
    request.set("Stripe-Version", std::string(api_version));
    request.set(http::field::accept, "application/json");
    if (!wanted.idempotency_key.empty()) request.set("Idempotency-Key", wanted.idempotency_key);
    if (wanted.method == "POST") {
        request.set(http::field::content_type, "application/x-www-form-urlencoded");
        request.body() = wanted.form;
        request.prepare_payload();
    }
    return request;
}

ssl::context trusting_this_machine() {
    ssl::context context{ssl::context::tls_client};
    context.set_default_verify_paths();
    context.set_verify_mode(ssl::verify_peer);
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    return context;
}

// Stream is the socket, or TLS over it. Members are destroyed from the last to the first: io_ outlives what runs in it.
template <class Stream>
class Over final : public Connection {
    static constexpr bool secured = !std::is_same_v<Stream, Tcp::socket>;

  public:
    explicit Over(Address address) : address_(std::move(address)), resolver_(io_) {}
    ~Over() override { close(); }

    bool open() const override { return stream_.has_value(); }
    bool quiet() override {
        if (!stream_) return false;
        char octet = 0;
        const auto seen = ::recv(stream_->lowest_layer().native_handle(), &octet, 1, MSG_PEEK | MSG_DONTWAIT);
        return seen < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

    Got ask(const Wanted& wanted, const std::string& key, const Limit& limit) override {
        Got got;
        const auto request = request_of(address_, key, wanted);
        if ((stream_ || connect(limit, got)) && !talk(request, limit, got)) close();
        return got;
    }

  private:
    // Begins one step and waits for its end; without a good one all is closed. What the step is handed it shares: a
    // look-up of a name goes on after it was given up.
    template <class Begin>
    bool step(const Limit& limit, Got& got, std::string_view trouble, const Begin& begin) {
        struct End {
            bool here = false;
            error_code ec;
        };
        const auto end = std::make_shared<End>();
        begin([end](error_code ec, auto&&...) { *end = {true, ec}; });
        io_.restart();
        while (!end->here && !limit.over()) io_.run_for(std::chrono::milliseconds(50));
        if (!end->here) got.trouble = "no_answer";
        if (end->here && end->ec) got.trouble = trouble;
        if (!got.trouble.empty()) close();
        return got.trouble.empty();
    }

    bool connect(const Limit& limit, Got& got) {
        const auto found = std::make_shared<Tcp::resolver::results_type>();
        if (!step(limit, got, "host_not_found", [&](auto done) {
                resolver_.async_resolve(address_.host, std::to_string(address_.port),
                                        [found, done](error_code ec, const Tcp::resolver::results_type& seen) {
                                            *found = seen;
                                            done(ec);
                                        });
            }))
            return false;
        if constexpr (secured)
            stream_.emplace(io_, context_);
        else
            stream_.emplace(io_);
        if (!step(limit, got, "cannot_connect",
                  [&](auto done) { asio::async_connect(stream_->lowest_layer(), *found, done); }))
            return false;
        if constexpr (secured) {
            stream_->set_verify_callback(ssl::host_name_verification(address_.host));
            SSL_set_tlsext_host_name(stream_->native_handle(), address_.host.c_str());
            return step(limit, got, "certificate_not_trusted",
                        [&](auto done) { stream_->async_handshake(ssl::stream_base::client, done); });
        }
        return true;
    }

    // true: a whole answer, and the line stays open. The answer is whole, too, when it ends the line.
    bool talk(const http::request<http::string_body>& request, const Limit& limit, Got& got) {
        if (!step(limit, got, connection_lost, [&](auto done) { http::async_write(*stream_, request, done); }))
            return false;
        http::response_parser<http::string_body> parser;
        parser.body_limit(answer_max);
        if (!step(limit, got, connection_lost, [&](auto done) { http::async_read(*stream_, buffer_, parser, done); }))
            return false;
        got.status = static_cast<int>(parser.get().result_int());
        got.body = std::move(parser.get().body());
        return parser.get().keep_alive() && buffer_.size() == 0;
    }

    void close() {
        if (stream_) {
            error_code ignored;
            stream_->lowest_layer().close(ignored);
        }
        resolver_.cancel();
        io_.restart();
        io_.poll();  // what was cut off ends now, while what it uses is there
        stream_.reset();
        buffer_.clear();
    }

    Address address_;
    asio::io_context io_{1};
    std::conditional_t<secured, ssl::context, int> context_ = [] {
        if constexpr (secured)
            return trusting_this_machine();
        else
            return 0;
    }();
    Tcp::resolver resolver_;
    std::optional<Stream> stream_;
    boost::beast::flat_buffer buffer_;
};

}  // namespace

std::unique_ptr<Connection> Connection::make(const Address& address) {
    if (address.tls) return std::make_unique<Over<ssl::stream<Tcp::socket>>>(address);
    return std::make_unique<Over<Tcp::socket>>(address);
}

}  // namespace dropsmith::stripe
