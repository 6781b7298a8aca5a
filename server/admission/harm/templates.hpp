// Whether a prompt template would hit honest users: it has too few fingerprints, or it is found in their prompts. Pure;
// any thread.
#pragma once

#include <vector>

#include "schema/core/result.hpp"
#include "schema/stix/json.hpp"
#include "server/admission/harm/benign_corpus.hpp"

namespace tocsin::admission::harm {

// Of an item, with pointers into it. `listed`: the prompts that the operator has, beside own_corpus(). What is held
// against them are the fingerprints of the template's text, and those that are given if they are `word3-1`.
[[nodiscard]] std::vector<core::Error> template_findings(stix::Json const& native, BenignCorpus const& listed);

}  // namespace tocsin::admission::harm
