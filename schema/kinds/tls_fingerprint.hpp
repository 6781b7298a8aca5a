// Fingerprints of the TLS and HTTP clients of attacks. Constant data; any thread.
#pragma once

#include "schema/kinds/kind.hpp"

namespace tocsin::kinds {

extern Kind const kTlsFingerprint;

}  // namespace tocsin::kinds
