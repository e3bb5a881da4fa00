// See the header. The one file that includes Beast's client side. Covered by tests/payments/stripe.py.
#include "edge/stripe/client.h"

#include <memory>
#include <utility>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "base/text.h"

namespace dropsmith::stripe {
namespace {

namespace asio = boost::asio;
namespace ssl = boost::asio::ssl;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t answer_max = 1 << 20;

// The chain of one call. Stream is the socket or TLS over it; every step hands on to the next or says what went wrong.
template <class Stream>
class Call : public std::enable_shared_from_this<Call<Stream>> {
  public:
    template <class... A>
    Call(asio::io_context& io, http::request<http::string_body> request, Got& got, A&... stream)
        : resolver_(io), stream_(io, stream...), request_(std::move(request)), got_(got) {
        parser_.body_limit(answer_max);
    }
    Stream& stream() { return stream_; }

    void begin(const std::string& host, std::uint16_t port) {
        resolver_.async_resolve(host, std::to_string(port),
                                [self = this->shared_from_this()](error_code ec, Tcp::resolver::results_type found) {
                                    if (ec) return self->fail("host_not_found");
                                    self->connect(found);
                                });
    }

  private:
    void fail(std::string_view word) { got_.trouble = word; }
    void connect(const Tcp::resolver::results_type& found) {
        asio::async_connect(stream_.lowest_layer(), found,
                            [self = this->shared_from_this()](error_code ec, const Tcp::endpoint&) {
                                if (ec) return self->fail("cannot_connect");
                                self->secure();
                            });
    }
    void secure() {
        if constexpr (std::is_same_v<Stream, Tcp::socket>) {
            write();
        } else {
            stream_.async_handshake(ssl::stream_base::client, [self = this->shared_from_this()](error_code ec) {
                ec ? self->fail("certificate_not_trusted") : self->write();
            });
        }
    }
    void write() {
        http::async_write(stream_, request_, [self = this->shared_from_this()](error_code ec, std::size_t) {
            ec ? self->fail("connection_lost") : self->read();
        });
    }
    void read() {
        http::async_read(stream_, buffer_, parser_, [self = this->shared_from_this()](error_code ec, std::size_t) {
            if (ec) return self->fail("connection_lost");
            self->got_.status = static_cast<int>(self->parser_.get().result_int());
            self->got_.body = std::move(self->parser_.get().body());
        });
    }

    Tcp::resolver resolver_;
    Stream stream_;
    http::request<http::string_body> request_;
    Got& got_;
    boost::beast::flat_buffer buffer_;
    http::response_parser<http::string_body> parser_;
};

void run(asio::io_context& io, std::chrono::milliseconds most, const std::stop_token& stop, Got& got) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!io.stopped() && !stop.stop_requested() && std::chrono::steady_clock::now() < end)
        io.run_for(std::chrono::milliseconds(50));
    if (!io.stopped() && got.status == 0 && got.trouble.empty()) got.trouble = "no_answer";
}

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
    request.set(http::field::connection, "close");
    if (!wanted.idempotency_key.empty()) request.set("Idempotency-Key", wanted.idempotency_key);
    if (wanted.method == "POST") {
        request.set(http::field::content_type, "application/x-www-form-urlencoded");
        request.body() = wanted.form;
        request.prepare_payload();
    }
    return request;
}

}  // namespace

Result<Address, std::string> parse_address(std::string_view url) {
    Address out;
    const auto wrong = [&](std::string_view what) {
        return Failure{"'" + std::string(url) + "' " + std::string(what)};
    };
    auto rest = url;
    if (rest.starts_with("https://"))
        rest.remove_prefix(8);
    else if (rest.starts_with("http://"))
        rest.remove_prefix(7), out.tls = false, out.port = 80;
    else
        return wrong("must begin with https://");
    if (rest.ends_with('/')) rest.remove_suffix(1);
    if (const auto colon = rest.rfind(':'); colon != std::string_view::npos && rest.back() != ']') {
        const auto port = parse_integer(rest.substr(colon + 1));
        if (!port || *port < 1 || *port > 65'535) return wrong("has no port from 1 to 65535");
        out.port = static_cast<std::uint16_t>(*port);
        rest = rest.substr(0, colon);
    }
    if (rest.size() > 2 && rest.front() == '[' && rest.back() == ']') rest = rest.substr(1, rest.size() - 2);
    if (rest.empty() || rest.find_first_of("/?#@ \t\r\n") != std::string_view::npos)
        return wrong("must be a host, without a path");
    out.host = rest;
    const bool here = out.host == "127.0.0.1" || out.host == "::1" || out.host == "localhost";
    if (!out.tls && !here) return wrong("must begin with https://: without it the key could be read on its way");
    return out;
}

Got Client::ask(const Wanted& wanted, std::chrono::milliseconds most, const std::stop_token& stop) const {
    Got got;
    try {
        asio::io_context io{1};
        auto request = request_of(address_, key_, wanted);
        if (!address_.tls) {
            std::make_shared<Call<Tcp::socket>>(io, std::move(request), got)->begin(address_.host, address_.port);
            run(io, most, stop, got);
            return got;
        }
        ssl::context context{ssl::context::tls_client};
        context.set_default_verify_paths();
        context.set_verify_mode(ssl::verify_peer);
        SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
        auto call = std::make_shared<Call<ssl::stream<Tcp::socket>>>(io, std::move(request), got, context);
        call->stream().set_verify_callback(ssl::host_name_verification(address_.host));
        SSL_set_tlsext_host_name(call->stream().native_handle(), address_.host.c_str());
        call->begin(address_.host, address_.port);
        call.reset();
        run(io, most, stop, got);
    } catch (const std::exception&) {
        got = {0, {}, "cannot_ask"};
    }
    return got;
}

}  // namespace dropsmith::stripe
