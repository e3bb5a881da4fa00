// The bodies of the import's routes. Lines come with their digests, as docs/formats/csv-mapping.md says; a customer
// comes as any text that names the same person in the same way, is digested under the shop's key at once and never
// stored. Tables in requests_import.cpp. Covered by tests/http/imports.py.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/numbers.h"
#include "base/record.h"
#include "model/history.h"

namespace dropsmith::http {

struct ImportBody {
    std::string file_name;
    std::string file_digest;  // hex, of the plain bytes; the very same file again is answered already_imported
    std::string format;
};
DROPSMITH_RECORD(ImportBody, file_name, file_digest, format)
DROPSMITH_DEFAULTS(ImportBody, file_digest, format)

struct ImportLineBody {
    std::uint64_t key = 0;    // digest of the line
    std::uint64_t order = 0;  // digest of its order
    std::optional<std::string> customer;
    std::uint32_t sku = 0;  // index into the slice's skus
    Instant at;
    Quantity units;  // negative: returned
    Money amount;    // of the whole line
    bool is_return = false;
    bool is_adjustment = false;
};
DROPSMITH_RECORD(ImportLineBody, key, order, customer, sku, at, units, amount, is_return, is_adjustment)
DROPSMITH_DEFAULTS(ImportLineBody, is_return, is_adjustment)

struct ImportRowsBody {  // at most limits::import_slice_rows lines
    std::vector<HistorySku> skus;
    std::vector<ImportLineBody> lines;
};
DROPSMITH_RECORD(ImportRowsBody, skus, lines)

}  // namespace dropsmith::http
