// Covered by edge/files/input_test.cpp, which reads through the same stream.
#include "edge/files/text.h"

#include "edge/files/input.h"

namespace dropsmith::files {

Result<std::string, Fault> read_all(const std::string& path) {
    auto input = Input::open(path);
    if (!input) return Failure{input.error()};
    std::string out;
    char chunk[65'536];
    while (const auto n = (*input)->read(chunk, sizeof chunk)) {
        out.append(chunk, n);
        if (out.size() > text_file_max) return fault(FaultKind::io, path + " is larger than 16 MiB");
    }
    if (!(*input)->error().empty()) return fault(FaultKind::io, (*input)->error());
    return out;
}

}  // namespace dropsmith::files
