// Covered by tests/http/routes.py.
#include "edge/http/site.h"

#include "edge/http/assets.h"
#include "edge/http/errors.h"

namespace dropsmith::http {

Reply asset_or_not_found(const Request& request) {
    if (request.method != "GET" && request.method != "HEAD") return not_found();
    if (request.path.starts_with("/v1/")) return not_found();
    const auto* asset = find_asset(request.path);
    if (!asset) {
        if (request.path == "/")
            return {200,
                    "text/html; charset=utf-8",
                    "<!doctype html><html lang=\"en\"><head><meta "
                    "charset=\"utf-8\"><title>Dropsmith</title></head><body><main>"
                    "<h1>Dropsmith</h1><p>This build has no pages. The interface: <a "
                    "href=\"/docs\">/docs</a>.</p></main></body></html>\n",
                    {}};
        return not_found();
    }
    Reply reply{200, StaticText(asset->content_type), {}, {}};
    reply.headers.emplace_back("ETag", std::string(asset->etag));
    reply.headers.emplace_back("Cache-Control", asset->immutable ? "public, max-age=31536000, immutable" : "no-cache");
    reply.headers.emplace_back("Vary", "Accept-Encoding");
    if (!request.if_none_match.empty() && request.if_none_match.find(asset->etag) != std::string::npos) {
        reply.status = 304;
        return reply;
    }
    const bool zipped = !asset->gzip.empty() && request.accept_encoding.find("gzip") != std::string::npos;
    if (zipped) reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.body = zipped ? asset->gzip : asset->bytes;
    return reply;
}

}  // namespace dropsmith::http
