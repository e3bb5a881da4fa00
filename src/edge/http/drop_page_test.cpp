// Whatever stands in a field, the page keeps its shape: the same tags with the same attributes as with a plain word,
// every address still http(s) or local, and JSON-LD that reads back as what was put in. Payloads: every way out of a
// context that we know (quotes, comment, title, script, attribute, JSON, URL) × every thing one would do there.
#include "edge/http/drop_page.h"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <functional>
#include <string>
#include <vector>

namespace dropsmith::http::drop_page_test {
namespace {

DropView plain() {
    DropView drop;
    drop.shop = "Harbour Glass";
    drop.slug = "winter-glass";
    drop.title = "Winter Glass";
    drop.story = "Three tides in one breath.";
    drop.status = PageStatus::open;
    drop.opens_at = {"2026-12-03T12:00:00.000Z", "Thu 3 Dec 2026, 12:00"};
    drop.closes_at = {"2026-12-06T12:00:00.000Z", "Sun 6 Dec 2026, 12:00"};
    drop.lines = {
        {"VASE-S", "Tide vase", "Small", PageMoney{"36.00", "GBP"}, PageMoney{"40.00", "GBP"}, PageAvailability::exact,
         12, "2026-12-04T19:00:00.000Z"},
        {"CARAFE", "Quay carafe", "", PageMoney{"1.250", "BHD"}, std::nullopt, PageAvailability::sold_out, 0, ""}};
    drop.lines[0].taper = {{drop.opens_at, {"36.00", "GBP"}},
                           {{"2026-12-05T00:00:00.000Z", "Sat 5 Dec 2026, 00:00"}, {"30.00", "GBP"}}};
    drop.places = {{"Hackney"}, {"Camden"}};
    drop.images = {"/media/vase.webp"};
    drop.public_url = "https://shop.example";
    drop.stylesheet = "/assets/page.css";
    return drop;
}

std::vector<std::string> payloads() {
    const std::vector<std::string> ways_out = {
        "",           "\"",
        "'",          "`",
        ">",          "\">",
        "'>",         "-->",
        "</title>",   "</script>",
        "</SCRIPT >", "]]>",
        "</style>",   "\"}]}</script>",
        "\\\"",       "\\",
        "\n\n",       "\x0C",
        "%22%3E",     "&quot;>",
        "&#34;>",     "\xE2\x80\xA8",
        "<!--",       "</textarea>",
        "\" ",        "/>",
    };
    const std::vector<std::string> deeds = {
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "onmouseover=alert(1) x=",
        "javascript:alert(1)",
        "<a href=javascript:alert(1)>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<base href=//evil.example>",
        "<meta http-equiv=refresh content=0;url=//evil.example>",
        "{{constructor}}",
        "<!--<script>",
        "<math><mi xlink:href=javascript:alert(1)>",
        "style=background:url(//evil.example)",
        "&lt;script&gt;",
        "<link rel=stylesheet href=//evil.example/x.css>",
        "\",\"@type\":\"Evil\",\"x\":\"",
        "//evil.example/x",
    };
    std::vector<std::string> all;
    for (const std::string& way : ways_out) {
        for (const std::string& deed : deeds) {
            all.push_back(way + deed);
        }
    }
    return all;
}

struct Field {
    std::string_view name;
    std::function<void(DropView&, const std::string&)> set;
};

const std::vector<Field>& fields() {
    using D = DropView;
    using S = const std::string;
    static const std::vector<Field> all = {
        {"shop", [](D& d, S& s) { d.shop = s; }},
        {"slug", [](D& d, S& s) { d.slug = s; }},
        {"title", [](D& d, S& s) { d.title = s; }},
        {"story", [](D& d, S& s) { d.story = s; }},
        {"opens_at.rfc3339", [](D& d, S& s) { d.opens_at.rfc3339 = s; }},
        {"opens_at.words", [](D& d, S& s) { d.opens_at.words = s; }},
        {"closes_at.rfc3339", [](D& d, S& s) { d.closes_at.rfc3339 = s; }},
        {"closes_at.words", [](D& d, S& s) { d.closes_at.words = s; }},
        {"sku", [](D& d, S& s) { d.lines[0].sku = s; }},
        {"line.title", [](D& d, S& s) { d.lines[0].title = s; }},
        {"line.size", [](D& d, S& s) { d.lines[0].size = s; }},
        {"price.decimal", [](D& d, S& s) { d.lines[0].price->decimal = s; }},
        {"price.currency", [](D& d, S& s) { d.lines[0].price->currency = s; }},
        {"list_price.decimal", [](D& d, S& s) { d.lines[0].list_price->decimal = s; }},
        {"list_price.currency", [](D& d, S& s) { d.lines[0].list_price->currency = s; }},
        {"price_valid_until", [](D& d, S& s) { d.lines[0].price_valid_until = s; }},
        {"substitute", [](D& d, S& s) { d.lines[1].substitute = s; }},
        {"ship_by", [](D& d, S& s) { d.lines[1].ship_by = s; }},
        {"ahead_until", [](D& d, S& s) { d.lines[1].ahead_until = s; }},
        {"taper.rfc3339", [](D& d, S& s) { d.lines[0].taper[0].at.rfc3339 = s; }},
        {"taper.words", [](D& d, S& s) { d.lines[0].taper[0].at.words = s; }},
        {"taper.price", [](D& d, S& s) { d.lines[0].taper[0].price.decimal = s; }},
        {"place", [](D& d, S& s) { d.places[0].name = s; }},
        {"image", [](D& d, S& s) { d.images.push_back(s); }},
        {"public_url", [](D& d, S& s) { d.public_url = s; }},
        {"stylesheet", [](D& d, S& s) { d.stylesheet = s; }},
        {"language", [](D& d, S& s) { d.language = s; }},
    };
    return all;
}

/// The page's shape: every tag with the names of its attributes; addresses are collected. Not a full HTML parser, but
/// on pages whose texts are escaped it sees what a browser sees, and on others it sees a tag too many.
struct Shape {
    std::vector<std::string> tags;
    std::vector<std::string> addresses;
    std::string linked_data;
};

Shape shape_of(const std::string& page) {
    Shape shape;
    std::size_t at = 0;
    while ((at = page.find('<', at)) != std::string::npos) {
        std::string tag;
        std::size_t i = at + 1;
        while (i < page.size() && page[i] != '>' && page[i] != ' ') {
            tag += page[i++];
        }
        while (i < page.size() && page[i] != '>') {
            std::string name;
            while (i < page.size() && page[i] == ' ') {
                ++i;
            }
            while (i < page.size() && page[i] != '=' && page[i] != ' ' && page[i] != '>') {
                name += page[i++];
            }
            std::string value;
            if (i + 1 < page.size() && page[i] == '=' && page[i + 1] == '"') {
                const std::size_t end = page.find('"', i + 2);
                value = page.substr(i + 2, end - i - 2);
                i = end == std::string::npos ? page.size() : end + 1;
            } else if (i < page.size() && page[i] == '=') {
                ++i;
            }
            tag += " " + name;
            if (name == "href" || name == "src") {
                shape.addresses.push_back(value);
            }
        }
        shape.tags.push_back(tag);
        at = i;
        if (tag == "script type") {
            const std::size_t end = page.find("</script", i);
            shape.linked_data = page.substr(i + 1, end - i - 1);
            at = end;
        }
    }
    return shape;
}

TEST(DropPage, ThereAreEnoughPayloads) {
    EXPECT_GE(payloads().size(), 400U);
    EXPECT_EQ(fields().size(), 27U);
}

TEST(DropPage, TheAlarmRings) {  // an unescaped twin is seen by the judge
    const std::string page = drop_page(plain());
    std::string twin = page;
    twin.replace(twin.rfind("Tide vase"), 9, "<img src=x onerror=alert(1)>");
    EXPECT_NE(shape_of(twin).tags, shape_of(page).tags);
}

TEST(DropPage, NoFieldBecomesMarkupScriptOrAnAddress) {
    for (const Field& field : fields()) {
        for (const std::string& payload : payloads()) {
            DropView calm = plain();
            field.set(calm,
                      field.name == "image" || field.name == "public_url" || field.name == "stylesheet" ? "" : "calm");
            DropView wild = plain();
            field.set(wild, payload);
            // An empty line is the one thing of a story that may change the page: it begins a paragraph.
            if (field.name == "story" && payload.starts_with("\n\n")) {
                field.set(calm, "\n\ncalm");
            }
            const Shape expected = shape_of(drop_page(calm));
            const Shape seen = shape_of(drop_page(wild));
            ASSERT_EQ(seen.tags, expected.tags) << field.name << ": " << payload;
            for (const std::string& address : seen.addresses) {
                ASSERT_TRUE((address.starts_with("/") && !address.starts_with("//")) ||
                            address.starts_with("https://shop.example/"))
                    << field.name << ": " << payload << " gave " << address;
            }
            boost::json::error_code bad;
            const auto linked = boost::json::parse(seen.linked_data, bad);
            ASSERT_FALSE(bad) << field.name << ": " << payload;
            ASSERT_EQ(linked.at("@graph").as_array().size(), 3U);
        }
    }
}

TEST(DropPage, LinkedDataReadsBackAsPutIn) {
    for (const std::string& payload : payloads()) {
        DropView drop = plain();
        drop.title = drop.story = drop.lines[0].sku = drop.lines[0].price->currency = payload;
        const auto graph = boost::json::parse(shape_of(drop_page(drop)).linked_data).at("@graph");
        ASSERT_EQ(graph.at(0).at("name").as_string(), payload);
        ASSERT_EQ(graph.at(0).at("description").as_string(), payload);
        ASSERT_EQ(graph.at(1).at("sku").as_string(), payload);
        ASSERT_EQ(graph.at(1).at("offers").at("priceCurrency").as_string(), payload);
        ASSERT_EQ(graph.at(1).at("@type").as_string(), "Product");
    }
}

TEST(DropPage, SaysWhatAShopperNeeds) {
    const std::string page = drop_page(plain());
    for (const char* words :
         {"<h1 dir=\"auto\">Winter Glass</h1>", "£36.00", "list price £40.00", "12 left", "BHD\u00a01.250", "sold out",
          "Open now, closes", "Hackney", "Reserve on the live page", "href=\"/#/d/winter-glass\"",
          "rel=\"canonical\" href=\"https://shop.example/d/winter-glass\""}) {
        EXPECT_NE(page.find(words), std::string::npos) << words;
    }
}

TEST(DropPage, LargeAmountsAreGroupedAsOnTheLivePageAndStayPlainForMachines) {
    const struct {
        std::string_view decimal, currency, shown;
    } cases[] = {
        {"4200", "JPY", "¥4,200"},
        {"980", "JPY", "¥980"},
        {"1234567.50", "GBP", "£1,234,567.50"},
        {"1234.567", "BHD", "BHD\u00a01,234.567"},
        {"0.50", "EUR", "€0.50"},
    };
    for (const auto& c : cases) {
        DropView drop = plain();
        drop.lines[0].price = PageMoney{std::string(c.decimal), std::string(c.currency)};
        const std::string page = drop_page(drop);
        EXPECT_NE(page.find("<b class=\"price\">" + std::string(c.shown) + "</b>"), std::string::npos) << c.shown;
        EXPECT_NE(page.find("\"price\":\"" + std::string(c.decimal) + "\""), std::string::npos) << c.decimal;
    }
}

TEST(DropPage, EveryStateHasAWayOn) {
    for (const auto status :
         {PageStatus::scheduled, PageStatus::open, PageStatus::paused, PageStatus::closed, PageStatus::cancelled}) {
        DropView drop = plain();
        drop.status = status;
        EXPECT_NE(drop_page(drop).find("<a class=\"btn"), std::string::npos);
    }
}

TEST(DropPage, AnAnnouncedFallOfThePriceStandsThereWholeFromTheStart) {
    DropView drop = plain();
    drop.status = PageStatus::scheduled;
    const std::string page = drop_page(drop);
    for (const char* words :
         {"How the price falls", "<h3>Tide vase, Small</h3>",
          "from <time datetime=\"2026-12-03T12:00:00.000Z\">Thu 3 Dec 2026, 12:00</time></span><b>£36.00</b>",
          "from <time datetime=\"2026-12-05T00:00:00.000Z\">Sat 5 Dec 2026, 00:00</time></span><b>£30.00</b>"})
        EXPECT_NE(page.find(words), std::string::npos) << words;
    drop.lines[0].taper.clear();
    EXPECT_EQ(drop_page(drop).find("How the price falls"), std::string::npos);
}

TEST(DropPage, WhatCanBeOrderedAheadLeadsToTheFormForIt) {
    DropView drop = plain();
    drop.status = PageStatus::scheduled;
    EXPECT_NE(drop_page(drop).find("See the countdown"), std::string::npos);
    drop.lines[0].ahead_until = "Thu 3 Dec 2026, 11:00";
    const std::string page = drop_page(drop);
    EXPECT_NE(page.find("can be ordered ahead until Thu 3 Dec 2026, 11:00"), std::string::npos);
    EXPECT_NE(page.find("Order ahead on the live page"), std::string::npos);
    DropView gone = plain();
    gone.lines[0].left = 0;
    EXPECT_NE(drop_page(gone).find("Watch the live page"), std::string::npos);
    gone.lines[1].ship_by = "Mon 4 Jan 2027, 12:00";
    EXPECT_NE(drop_page(gone).find("Order ahead on the live page"), std::string::npos);
}

TEST(DropPage, AvailabilityInTheWordsOfSchemaOrg) {
    const struct {
        PageStatus status;
        PageAvailability availability;
        std::int64_t left;
        std::string_view expected;
    } cases[] = {
        {PageStatus::open, PageAvailability::exact, 12, "LimitedAvailability"},
        {PageStatus::open, PageAvailability::exact, 0, "SoldOut"},
        {PageStatus::open, PageAvailability::sold_out, 0, "SoldOut"},
        {PageStatus::open, PageAvailability::few, 0, "LimitedAvailability"},
        {PageStatus::open, PageAvailability::in_stock, 0, "InStock"},
        {PageStatus::scheduled, PageAvailability::in_stock, 0, "PreSale"},
        {PageStatus::paused, PageAvailability::in_stock, 0, "OutOfStock"},
        {PageStatus::closed, PageAvailability::in_stock, 0, "Discontinued"},
    };
    for (const auto& c : cases) {
        DropView drop = plain();
        drop.status = c.status;
        drop.lines[0].availability = c.availability;
        drop.lines[0].left = c.left;
        const auto graph = boost::json::parse(shape_of(drop_page(drop)).linked_data).at("@graph");
        EXPECT_EQ(graph.at(1).at("offers").at("availability").as_string(),
                  "https://schema.org/" + std::string(c.expected));
    }
}

TEST(DropPage, NoPriceBeforeTheFirstOneIsSet) {
    DropView drop = plain();
    drop.status = PageStatus::scheduled;
    drop.lines[0].price.reset();
    drop.lines[0].list_price.reset();
    drop.lines[0].taper.clear();
    const std::string page = drop_page(drop);
    EXPECT_NE(page.find("at the opening"), std::string::npos);
    EXPECT_EQ(page.find("36.00"), std::string::npos);
    EXPECT_EQ(page.find("Reserve"), std::string::npos);
}

TEST(DropPage, NeedsNoInlineScriptOrStyle) {
    DropView drop = plain();
    drop.simulated = true;
    const std::string page = drop_page(drop);
    EXPECT_EQ(page.find("style="), std::string::npos);
    EXPECT_EQ(page.find("<style"), std::string::npos);
    EXPECT_EQ(page.find("<script"), page.find("<script type=\"application/ld+json\">"));
    EXPECT_EQ(page.find("<script", page.find("<script") + 1), std::string::npos);
    EXPECT_NE(page.find("Simulated shop"), std::string::npos);
}

}  // namespace
}  // namespace dropsmith::http::drop_page_test
