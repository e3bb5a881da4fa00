// See the header.
#include "edge/http/error_page.h"

#include <string_view>
#include <utility>

#include "edge/http/plain_page.h"

namespace dropsmith::http {
namespace {

struct Said {
    int status;
    std::string_view heading, text, href, way;
};
constexpr Said all_words[] = {
    {401, "This is for the shop's staff", "The address is there for those who show a staff token.", "/#/sell",
     "Sign in as staff"},
    {403, "This may not be done from here",
     "The shop did nothing, because the request did not come from its own page or is not for this caller. Open the "
     "shop's page and try there.",
     "/", "See the drops"},
    {404, "There is no page here",
     "The address may be mistyped, or the drop it led to is not there any more. What you have reserved or ordered is "
     "kept: the browser that you used finds it again on the shop's page.",
     "/", "See the drops"},
    {405, "Nothing to look at here", "This address takes what a form or a program sends; it has no page of its own.",
     "/", "See the drops"},
    {429, "That was a lot at once",
     "The shop has answered you many times in a short while and takes a breath. Nothing was changed; wait a moment, "
     "then load this page again.",
     "/", "See the drops"},
    {503, "The shop is busy just now",
     "It could not answer this at the moment. What it has promised is kept; wait a moment, then load this page again.",
     "/", "See the drops"},
};
constexpr Said any_other{0, "This did not work",
                          "The shop could not answer what this browser asked. What it has promised is kept.", "/",
                          "See the drops"};

class PageResponder final : public Responder {
  public:
    explicit PageResponder(std::unique_ptr<Responder> way) : way_(std::move(way)) {}
    void reply(Reply reply) override {
        if (std::string_view(reply.content_type) == "application/problem+json") {
            reply.content_type = StaticText("text/html; charset=utf-8");
            reply.body = error_page(reply.status);
        }
        way_->reply(std::move(reply));
    }
    std::shared_ptr<Outflow> stream(Reply head) override { return way_->stream(std::move(head)); }

  private:
    std::unique_ptr<Responder> way_;
};

}  // namespace

bool wants_page(const Request& request) {
    return !request.path.starts_with("/v1/") && request.accept.find("text/html") != std::string::npos;
}

std::string error_page(int status) {
    const Said* words = &any_other;
    for (const auto& one : all_words)
        if (one.status == status) words = &one;
    std::string out = begin_plain_page(words->heading);
    out.append("<p>").append(words->text).append("</p>\n<p><a class=\"btn primary big\" href=\"");
    out.append(words->href).append("\">").append(words->way).append("</a></p>\n<p class=\"faint\">Error ");
    return out.append(std::to_string(status)).append("</p>\n").append(end_plain_page);
}

std::unique_ptr<Responder> with_error_pages(std::unique_ptr<Responder> responder) {
    return std::make_unique<PageResponder>(std::move(responder));
}

}  // namespace dropsmith::http
