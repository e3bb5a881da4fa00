// A refusal as a page: who gets one, what it says, and that status and headers stay.
#include "edge/http/error_page.h"

#include <gtest/gtest.h>

#include "edge/http/errors.h"

namespace dropsmith::http::error_page_test {
namespace {

Request asking(std::string path, std::string accept) {
    Request request;
    request.method = "GET", request.path = std::move(path), request.accept = std::move(accept);
    return request;
}

struct Kept final : Responder {
    explicit Kept(Reply& into) : reply_(into) {}
    void reply(Reply reply) override { reply_ = std::move(reply); }
    std::shared_ptr<Outflow> stream(Reply) override { return nullptr; }
    Reply& reply_;
};
Reply through(Reply reply) {
    Reply seen;
    with_error_pages(std::make_unique<Kept>(seen))->reply(std::move(reply));
    return seen;
}

TEST(ErrorPage, OnlyABrowserOutsideTheInterfaceGetsOne) {
    const struct {
        std::string path, accept;
        bool page;
    } cases[] = {
        {"/d/glass", "text/html,application/xhtml+xml,*/*;q=0.8", true},
        {"/nowhere", "text/html", true},
        {"/d/glass", "", false},
        {"/d/glass", "*/*", false},
        {"/d/glass", "application/json", false},
        {"/v1/drops/glass", "text/html", false},
    };
    for (const auto& c : cases) EXPECT_EQ(wants_page(asking(c.path, c.accept)), c.page) << c.path << " " << c.accept;
}

TEST(ErrorPage, SaysWhatHappenedAndAWayOnWithoutScript) {
    for (const int status : {400, 401, 403, 404, 405, 429, 500, 503}) {
        const auto text = error_page(status);
        EXPECT_NE(text.find("<h1>"), std::string::npos) << status;
        EXPECT_NE(text.find("class=\"btn primary big\" href=\"/"), std::string::npos) << status;
        EXPECT_NE(text.find("Error " + std::to_string(status)), std::string::npos);
        EXPECT_EQ(text.find("<script"), std::string::npos);
        EXPECT_EQ(text.find("style="), std::string::npos);
    }
    EXPECT_NE(error_page(404), error_page(503));
}

TEST(ErrorPage, KeepsStatusAndHeadersAndLeavesWhatIsNoProblem) {
    const auto busy = through(too_busy(503, 7));
    EXPECT_EQ(busy.status, 503);
    EXPECT_EQ(std::string_view(busy.content_type), "text/html; charset=utf-8");
    ASSERT_EQ(busy.headers.size(), 1u);
    EXPECT_EQ(busy.headers[0].second, "7");
    EXPECT_EQ(busy.body, error_page(503));

    const auto page = through({200, "text/html; charset=utf-8", "<p>as it was</p>", {}});
    EXPECT_EQ(page.body, "<p>as it was</p>");
    EXPECT_EQ(through({303, "text/plain; charset=utf-8", {}, {{"Location", "/"}}}).headers[0].first, "Location");
}

}  // namespace
}  // namespace dropsmith::http::error_page_test
