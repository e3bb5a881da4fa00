// Fault: the world failed (disk, socket, file). Retried or reported at the edge, never a refusal and never a bug.
#pragma once

#include <string>

#include "base/result.h"

namespace dropsmith {

enum class FaultKind : unsigned char {
    io,             // the operating system or a library said no; nothing was done
    refused_write,  // the store rolled the write back (disk full): state must be rebuilt, reads go on
    unknown,        // the outcome is not known: memory may be ahead of the disk, the process must end
    corrupt,        // stored bytes are not what was written
    busy,           // somebody else holds it (locked data folder)
    too_new,        // written by a newer program
};

struct Fault {
    FaultKind kind = FaultKind::io;
    std::string what;  // for the log and the operator: says what was tried and what to do; never sent to the public
};

inline Failure<Fault> fault(FaultKind kind, std::string what) { return Failure<Fault>{Fault{kind, std::move(what)}}; }

}  // namespace dropsmith
