// See the header. Covered by edge/http/error_page_test.cpp.
#include "edge/http/plain_page.h"

#include "edge/http/assets.h"
#include "edge/http/escape.h"

namespace dropsmith::http {

std::string begin_plain_page(std::string_view heading) {
    std::string out =
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
        "content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";
    out.append("<title>").append(html(heading)).append(". Dropsmith</title>\n");
    out.append("<link rel=\"icon\" type=\"image/svg+xml\" href=\"/favicon.svg\">\n");
    const auto sheet = page_stylesheet();
    if (!sheet.empty()) out.append("<link rel=\"stylesheet\" href=\"").append(html(sheet)).append("\">\n");
    out.append("</head>\n<body class=\"d-page\">\n<header class=\"top\"><a class=\"wm\" href=\"/\">Dropsmith</a>");
    return out.append("</header>\n<main class=\"d-main\">\n<h1>").append(html(heading)).append("</h1>\n");
}

}  // namespace dropsmith::http
