// A pattern in the spelling of items: what it compares addresses, names, fingerprints and identifiers with is brought
// into norm:1 (docs/matching.md), so that who writes `EXIT.example` means what a log has as `exit.example`. Pure; any
// thread.
#pragma once

#include "schema/stix/pattern/ast.hpp"

namespace tocsin::match {

// An address that is said to equal a network is said to lie in it.
void respell(stix::pattern::Pattern& pattern);

}  // namespace tocsin::match
