// TLS in front of the server: each accepted socket is wrapped, and the plain side is one end of a socket pair that the
// server treats like any other connection; so the path of plain connections knows nothing of TLS, and every deadline of
// a connection holds here too. The wrapping has a thread of its own. TLS 1.2 and 1.3. The certificate can be read anew
// while the shop runs; connections that are open keep theirs. Any thread. Covered by tests/http/tls.py.
#pragma once

#include <memory>
#include <string>

#include "base/fault.h"
#include "base/result.h"

namespace dropsmith::http {

class Tls {
  public:
    // Files in PEM; the certificate's with its chain.
    static Result<std::shared_ptr<Tls>, Fault> open(std::string certificate_file, std::string key_file);
    ~Tls();

    Status<Fault> reload();  // not ok: what was in use stays in use
    // Takes the accepted socket over and gives the plain side, not blocking; -1: the system had none to give. The
    // wrapping lives until either side ends.
    int bridge(int outer);

  private:
    struct Inside;
    explicit Tls(std::unique_ptr<Inside> inside);
    std::unique_ptr<Inside> inside_;
};

}  // namespace dropsmith::http
