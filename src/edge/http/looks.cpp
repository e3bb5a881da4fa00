// See the header.
#include "edge/http/looks.h"

#include <utility>

#include "base/limits.h"
#include "edge/http/call.h"

namespace dropsmith::http {

Looks::Looks() = default;
Looks::~Looks() = default;

bool Looks::join(const std::string& what, CallPtr& call) {
    const std::lock_guard lock(mutex_);
    if (waiting_ >= limits::selling_queue) return false;
    ++waiting_;
    auto& all = by_what_[what];
    all.push_back(std::move(call));
    return all.size() == 1;
}

std::vector<CallPtr> Looks::take(const std::string& what) {
    const std::lock_guard lock(mutex_);
    auto node = by_what_.extract(what);
    if (node.empty()) return {};
    waiting_ -= node.mapped().size();
    return std::move(node.mapped());
}

}  // namespace dropsmith::http
