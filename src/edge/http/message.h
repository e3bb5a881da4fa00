// Request and Reply of our own: no library type leaves edge/http. The router is called the same way by the socket
// server, by the control socket and by the command line in the same process.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

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
    std::string accept_encoding;
    std::string body;
    std::string forwarded_for, forwarded_proto, forwarded_host;  // X-Forwarded-…: unbelieved, see peers.h
    std::string peer;                                            // address without port
    bool secure = false;                                         // came by TLS, here or at a trusted proxy
    bool trusted = false;  // came through the control socket (mode 0600): owner's rights
};

struct Reply {
    int status = 200;
    std::string content_type = "application/json";
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
};

}  // namespace dropsmith::http
