// Two records of 16 octets, written in turn, so that one is whole whatever cuts the other off: the fact's number, then
// its check sum twice, both little-endian. See witness.h. Covered by edge/sqlite/bit_rot_test.cpp.
#include "edge/sqlite/witness.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "edge/sqlite/sums.h"

namespace dropsmith::sqlite {
namespace {

struct Record {
    std::uint64_t last = 0;
    std::uint32_t sum = 0, again = 0;
};
static_assert(sizeof(Record) == 16);

std::uint32_t sum_of_last(std::uint64_t last) {
    char octets[sizeof last];
    std::memcpy(octets, &last, sizeof last);
    return sum_of({octets, sizeof octets}, 1);
}

}  // namespace

Witness::Witness(const std::string& folder)
    : file_(::open(path(folder).c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {}

Witness::~Witness() {
    if (file_ >= 0) ::close(file_);
}

void Witness::saw(std::uint64_t last) {
    if (file_ < 0) return;
    const Record record{last, sum_of_last(last), sum_of_last(last)};
    const auto at = static_cast<off_t>(last % 2 * sizeof record);
    // A write that fails leaves it behind, which is no lie.
    [[maybe_unused]] const auto written = ::pwrite(file_, &record, sizeof record, at);
}

std::uint64_t Witness::told(const std::string& folder) {
    const int file = ::open(path(folder).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) return 0;
    std::array<Record, 2> records{};
    [[maybe_unused]] const auto read = ::pread(file, records.data(), sizeof records, 0);
    ::close(file);
    std::uint64_t last = 0;
    for (const auto& record : records)
        if (record.sum == sum_of_last(record.last) && record.again == record.sum) last = std::max(last, record.last);
    return last;
}

}  // namespace dropsmith::sqlite
