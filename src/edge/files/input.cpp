// zlib's gzread passes plain bytes through and joins the members of a gzip file. Covered by edge/files/input_test.cpp.
#include "edge/files/input.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

namespace dropsmith::files {

Result<std::unique_ptr<Input>, Fault> Input::open(const std::string& path) {
    const bool standard = path == "-";
    const int descriptor = standard ? ::dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return fault(FaultKind::io, path + ": cannot be opened: " + std::strerror(errno));
    struct stat about {};
    if (::fstat(descriptor, &about) != 0 || S_ISDIR(about.st_mode)) {
        ::close(descriptor);
        return fault(FaultKind::io, path + ": is not a file that can be read");
    }
    auto input = std::make_unique<Input>(Private{});
    input->file_ = ::gzdopen(descriptor, "rb");
    if (input->file_ == nullptr) {
        ::close(descriptor);
        return fault(FaultKind::io, path + ": no memory to read it");
    }
    ::gzbuffer(static_cast<gzFile>(input->file_), 1 << 17);
    input->name_ = standard ? "standard input" : path;
    if (S_ISREG(about.st_mode)) input->size_ = static_cast<std::uint64_t>(about.st_size);
    return input;
}

Input::~Input() {
    if (file_ != nullptr) ::gzclose(static_cast<gzFile>(file_));
}

std::size_t Input::read(char* to, std::size_t room) {
    if (!error_.empty() || room == 0) return 0;
    auto* file = static_cast<gzFile>(file_);
    const auto want = static_cast<unsigned>(std::min<std::size_t>(room, std::numeric_limits<int>::max()));
    const int got = ::gzread(file, to, want);
    int code = Z_OK;
    const char* words = ::gzerror(file, &code);
    if (got < 0 || (code != Z_OK && code != Z_STREAM_END)) {
        error_ = name_ + ": " + (code == Z_BUF_ERROR ? "the gzip file ends too early; fetch it again" : words);
        return 0;
    }
    return static_cast<std::size_t>(got);
}

std::uint64_t Input::position() const {
    const auto at = ::gzoffset(static_cast<gzFile>(file_));
    return at < 0 ? 0 : static_cast<std::uint64_t>(at);
}

}  // namespace dropsmith::files
