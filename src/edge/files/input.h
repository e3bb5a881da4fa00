// Input: a file or standard input ("-"), plain or gzip (told apart by its first bytes), read as one stream of plain
// bytes. A cut or damaged gzip file is an error, not an early end. One thread. Covered by edge/files/input_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/fault.h"
#include "base/result.h"

namespace dropsmith::files {

class Input {
    struct Private {};

  public:
    explicit Input(Private) {}
    static Result<std::unique_ptr<Input>, Fault> open(const std::string& path);
    ~Input();
    Input(const Input&) = delete;
    Input& operator=(const Input&) = delete;

    std::size_t read(char* to, std::size_t room);  // 0: the end, or error()
    const std::string& error() const { return error_; }
    std::uint64_t position() const;               // bytes of the file as stored
    std::uint64_t size() const { return size_; }  // of the file as stored; 0: not known

  private:
    void* file_ = nullptr;  // gzFile
    std::string name_;
    std::string error_;
    std::uint64_t size_ = 0;
};

}  // namespace dropsmith::files
