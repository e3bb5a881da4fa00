// What is possible of a live line's demand: a normal law of the log rates by band. Before it sells, the level (units a
// period at the list price) and the elasticity are believed loosely, and each band may stray a little by itself; what
// was seen and what earlier drops sold is added exactly. The hypotheses are a few hundred quasi-random points laid
// around the mode of all that, weighed by what the normal law through them leaves out: no set has to be laid anew as
// evidence grows, and the market's shift against earlier drops is integrated in closed form. Pure; any thread. Covered
// by flow/decide/price_law_test.cpp.
#pragma once

#include "flow/decide/hypotheses.h"

namespace dropsmith::decide {

Hypotheses laid_by_law(const DemandPrior& prior, const std::vector<Seen>& seen);

}  // namespace dropsmith::decide
