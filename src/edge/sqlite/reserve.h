// A file that keeps some room on the disk for the day when it is full: given up so that the write-ahead log can be
// carried back, made again when there is plenty. Without room for it the shop goes without. The journal's writer
// thread. Covered by edge/sqlite/sqlite_journal_test.cpp.
#pragma once

#include <cstdint>
#include <string>

namespace dropsmith::sqlite {

class Reserve {
public:
    static constexpr std::int64_t octets = 2 << 20;

    explicit Reserve(std::string folder);
    bool there() const { return there_; }
    void give_up();
    void make_when_plenty();             // free space of four times its size

private:
    std::string folder_, path_;
    bool there_ = false;
};

}  // namespace dropsmith::sqlite
