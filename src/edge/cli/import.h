// dropsmith import orders|products|stock: reads and checks everything first, then sends it to the shop, or says by row
// and column why not. One thread. Covered by edge/cli/import_test.cpp with files and a door of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "edge/cli/door.h"
#include "edge/cli/import_table.h"

namespace dropsmith::cli {

enum class ImportWhat : unsigned char { orders, products, stock };

struct ImportAsk {
    ImportWhat what = ImportWhat::orders;
    std::string format = {};  // shopify, square, csv; "": told from the header
    std::string map = {};     // TOML file, for csv
    std::vector<std::string> files = {};
    std::string date_order = {};  // dmy, mdy
    std::string currency = {};    // of files that do not say it; "": the shop's
    bool dry_run = false, skip_bad = false, create_places = false, replace_unfinished = false, json = false;
};

struct ImportDoors {
    OpenFile open;
    // The shop, made in this currency when there is none yet ("": its usual one).
    std::function<Result<std::unique_ptr<Door>, Fault>(const std::string& currency)> shop;
    // Shown while it works; empty when nobody looks.
    std::function<void(const std::string& line)> show;
};

struct Outcome {
    int code = 0;     // 0 done, 1 refused or failed, 2 wrong use
    std::string out;  // for standard output
    std::string err;  // for standard error
};

Outcome run_import(const ImportAsk& ask, const ImportDoors& doors);

}  // namespace dropsmith::cli
