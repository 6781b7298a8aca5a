// Stored objects as a client reads them that knows TLP 1 only: a rendering. What is stored, its digest and its proofs
// are of the original, and what may be seen was decided before. Pure; any thread.
#pragma once

#include <span>

namespace tocsin::catalog {

// Writes every TLP level that `objects` are marked with as its TLP 1 id (stix::tlp1_id, so AMBER+STRICT as RED), in
// place: all ids have one length. `objects` are canonical bytes (RFC 8785) of STIX objects, joined by commas. Only the
// objects' own `object_marking_refs` and the `marking_ref` of their `granular_markings` change (STIX 2.1 sections 3.2
// and 7.2.3); equal text elsewhere is content. Doing it twice is doing it once.
void render_tlp1(std::span<char> objects);

}  // namespace tocsin::catalog
