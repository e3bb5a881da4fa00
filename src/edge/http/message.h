// Request and Reply of our own: no library type leaves edge/http. The router is called the same way by the socket
// server, by the control socket and by the command line in the same process.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/numbers.h"

namespace dropsmith::http {

struct Request {
    std::string method;
    std::string path;   // decoded, without the query
    std::string query;  // raw
    std::string authorization;
    std::string idempotency_key;
    bool empty_key = false;  // the header stood there with nothing in it
    std::string if_match;
    std::string content_type;
    std::string accept;
    std::string cookie;
    std::string last_event_id;
    std::string host;
    std::string origin;
    std::string fetch_site;    // Sec-Fetch-Site
    std::string buyer_secret;  // X-Buyer-Secret
    std::string if_none_match;
    std::string provider_signature;  // Stripe-Signature
    std::string accept_encoding;
    std::string body;
    std::string forwarded_for, forwarded_proto, forwarded_host;  // X-Forwarded-…: unbelieved, see peers.h
    std::string peer;                                            // address without port
    bool secure = false;                                         // came by TLS, here or at a trusted proxy
    bool uncounted = false;  // Sec-GPC: 1 or DNT: 1: this visitor asks not to be counted
    bool believed = false;  // what proxies say has been looked at: peer, secure and host are what they are
    bool trusted = false;  // came through the control socket (mode 0600): owner's rights

    void clear() {  // as new, but for the room that it has
        for (auto* text : {&method, &path, &query, &authorization, &idempotency_key, &if_match, &content_type, &accept,
                           &cookie, &last_event_id, &host, &origin, &fetch_site, &buyer_secret, &if_none_match,
                           &provider_signature, &accept_encoding, &body, &forwarded_for, &forwarded_proto,
                           &forwarded_host, &peer})
            text->clear();
        empty_key = secure = trusted = believed = uncounted = false;
    }
};

// A text that lives as long as the program.
class StaticText {
  public:
    template <std::size_t n>
    constexpr StaticText(const char (&literal)[n]) : text_(literal, n - 1) {}
    constexpr explicit StaticText(std::string_view lives_for_ever) : text_(lives_for_ever) {}
    constexpr operator std::string_view() const { return text_; }

  private:
    std::string_view text_;
};

struct Reply {
    int status = 200;
    StaticText content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    Instant shop_time{};  // the field Shop-Time; epoch: none
};

}  // namespace dropsmith::http
