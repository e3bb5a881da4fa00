// The CSV reader: RFC 4180 in any chunking, errors by row; the writer is harmless to spreadsheets.
#include "base/csv.h"

#include <algorithm>
#include <cstring>

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace dropsmith::csv_test {
namespace {

using Rows = std::vector<std::vector<std::string>>;

struct Read {
    Rows rows;
    std::string error;
};

Read read(std::string text, std::size_t piece = 1 << 16, char separator = ',') {
    CsvReader reader(
        [&text, piece](char* to, std::size_t room) {
            const std::size_t n = std::min({piece, room, text.size()});
            std::memcpy(to, text.data(), n);
            text.erase(0, n);
            return n;
        },
        separator);
    Read out;
    while (auto row = reader.next()) {
        out.rows.emplace_back(row->begin(), row->end());
        EXPECT_EQ(reader.row(), out.rows.size());
    }
    out.error = reader.error();
    return out;
}

TEST(Csv, Reads) {
    struct Case {
        const char* text;
        Rows rows;
    };
    const Case cases[] = {
        {"", {}},
        {"a,b\n1,2\n", {{"a", "b"}, {"1", "2"}}},
        {"a,b\r\n1,2", {{"a", "b"}, {"1", "2"}}},
        {"\xEF\xBB\xBF"
         "a\n",
         {{"a"}}},
        {"a,\n,b\n,\n", {{"a", ""}, {"", "b"}, {"", ""}}},
        {"\"a\",\"b,c\",\"d\"\"e\"\n", {{"a", "b,c", "d\"e"}}},
        {"\"two\r\nlines\",x\n", {{"two\r\nlines", "x"}}},
        {"\"\"\n\"\",\"\"\n", {{""}, {"", ""}}},
        {"a\n\n\r\nb\n\n", {{"a"}, {"b"}}},
        {" a , b \n", {{" a ", " b "}}},
        {"caf\xC3\xA9,\xE2\x82\xAC\n", {{"caf\xC3\xA9", "\xE2\x82\xAC"}}},
    };
    for (const auto& c : cases)
        for (const std::size_t piece : {1u, 2u, 3u, 65536u}) {
            const Read got = read(c.text, piece);
            EXPECT_EQ(got.rows, c.rows) << c.text << " in pieces of " << piece;
            EXPECT_EQ(got.error, "") << c.text;
        }
    EXPECT_EQ(read("a;b,c\n", 9, ';').rows, (Rows{{"a", "b,c"}}));
}

TEST(Csv, NamesTheRowOfAnError) {
    struct Case {
        const char* text;
        std::size_t rows;
        const char* error;
    };
    for (const auto& c : {Case{"a\n\"b\n", 1, "row 2: ends inside quotes"},
                          {"a\nb\n\"c\"d\n", 2, "row 3: has text after a closing quote"},
                          {"a\"b\n", 0, "row 1: has a quote"},
                          {"a\nb\rc\n", 1, "row 2: has a carriage return"},
                          {"a\nb\n\xFF\n", 2, "row 3: is not UTF-8"}}) {
        const Read got = read(c.text);
        EXPECT_EQ(got.rows.size(), c.rows) << c.text;
        EXPECT_TRUE(got.error.starts_with(c.error)) << got.error;
    }
    EXPECT_TRUE(read("\"" + std::string(2 << 20, 'x')).error.starts_with("row 1: is longer than 1 MiB"));
    EXPECT_TRUE(read(std::string(2 << 20, 'x')).error.starts_with("row 1: is longer than 1 MiB"));
}

TEST(Csv, ManyRowsThroughASmallWindow) {
    std::string text;
    for (int i = 0; i < 50'000; ++i) text += std::to_string(i) + ",\"x" + std::to_string(i) + "\"\n";
    const Read got = read(text, 1000);
    ASSERT_EQ(got.rows.size(), 50'000u);
    EXPECT_EQ(got.rows[49'999], (std::vector<std::string>{"49999", "x49999"}));
}

TEST(Csv, ReadsWhatItWrites) {
    EXPECT_TRUE(rc::check("read(write(fields)) = fields", [](const std::vector<std::vector<std::uint8_t>>& raw) {
        std::vector<std::string> fields{"first"};  // letters that matter here, and plain ones
        for (const auto& bytes : raw) {
            std::string field = "_";
            for (const auto b : bytes) field += "\",\n\r ;ab"[b % 8];
            fields.push_back(field);
        }
        std::string line;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            if (i > 0) line += ',';
            write_csv_field(line, fields[i]);
        }
        RC_ASSERT(read(line + "\r\n", 7).rows == Rows{fields});
    }));
}

TEST(Csv, FormulasAreMadeHarmless) {
    struct Case {
        const char* text;
        const char* written;
    };
    for (const auto& c : {Case{"=1+1", "\"'=1+1\""},
                          {"@x", "\"'@x\""},
                          {"-cmd", "\"'-cmd\""},
                          {"-12.50", "-12.50"},
                          {"plain", "plain"},
                          {"", ""},
                          {"a,b", "\"a,b\""},
                          {"say \"hi\"", "\"say \"\"hi\"\"\""}}) {
        std::string out;
        write_csv_field(out, c.text);
        EXPECT_EQ(out, c.written);
    }
}

}  // namespace
}  // namespace dropsmith::csv_test
