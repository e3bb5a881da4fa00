// What heap.cpp keeps near, for its test; operator new and delete need no declaration. Any thread.
#pragma once

#include <cstddef>

namespace dropsmith {

std::size_t shelved_octets();  // of this thread; 0 under a sanitizer

}  // namespace dropsmith
