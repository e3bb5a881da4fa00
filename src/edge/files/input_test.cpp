// Plain, gzip, several members, cut short, missing: what comes out, or what is said.
#include "edge/files/input.h"

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <zlib.h>

namespace dropsmith::files::input_test {
namespace {

namespace fs = std::filesystem;

std::string gzipped(const std::string& text) {
    z_stream stream{};
    EXPECT_EQ(deflateInit2(&stream, 9, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
    std::string out(text.size() + 200, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

class InputTest : public ::testing::Test {
  protected:
    InputTest() : path_(fs::temp_directory_path() / ("dropsmith_input_" + std::to_string(::getpid()))) {}
    ~InputTest() override { fs::remove(path_); }
    void write(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }
    std::string read(std::string* error = nullptr) {
        auto input = Input::open(path_.string());
        if (!input) return input.error().what;
        std::string out;
        char piece[1000];
        while (const std::size_t n = (*input)->read(piece, sizeof piece)) out.append(piece, n);
        if (error != nullptr)
            *error = (*input)->error();
        else
            EXPECT_EQ((*input)->error(), "");
        return out;
    }
    fs::path path_;
};

TEST_F(InputTest, PlainAndGzipReadTheSame) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += std::to_string(i) + "\n";
    write(text);
    EXPECT_EQ(read(), text);
    write(gzipped(text));
    EXPECT_EQ(read(), text);
    write(gzipped(text) + gzipped("more\n"));
    EXPECT_EQ(read(), text + "more\n");
    write("");
    EXPECT_EQ(read(), "");
}

TEST_F(InputTest, DamageIsSaid) {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += std::to_string(i * 7919 % 10'007) + "\n";
    std::string bytes = gzipped(text);
    std::string error;
    write(bytes.substr(0, bytes.size() / 2));
    read(&error);
    EXPECT_NE(error.find("ends too early"), std::string::npos) << error;
    bytes[bytes.size() / 2] ^= 0x55;
    write(bytes);
    read(&error);
    EXPECT_NE(error, "");
}

TEST_F(InputTest, WhatIsNotThereIsNamed) {
    EXPECT_NE(read().find("cannot be opened"), std::string::npos);
    const auto folder = Input::open(fs::temp_directory_path().string());
    ASSERT_FALSE(folder.ok());
    EXPECT_NE(folder.error().what.find("is not a file"), std::string::npos);
}

}  // namespace
}  // namespace dropsmith::files::input_test
