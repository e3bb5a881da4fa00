// What an import answers: the JSON of the contract, or the same for people. Any thread. Covered by
// edge/cli/import_test.cpp.
#pragma once

#include <string>

#include "edge/cli/import.h"
#include "edge/cli/import_book.h"
#include "edge/cli/import_send.h"

namespace dropsmith::cli {

struct ImportReport {
    std::string format;
    bool done = false;  // sent, or with --dry-run: would be
    std::uint64_t rows = 0, skipped = 0;
    Sent sent;
    std::uint64_t problem_count = 0;
    std::vector<Problem> problems;
    const Book* book = nullptr;  // of orders
    std::string trouble;         // why nothing was sent
};

std::string report_json(const ImportAsk& ask, const ImportReport& report);
std::string report_text(const ImportAsk& ask, const ImportReport& report);

}  // namespace dropsmith::cli
