// Accounts of a sample that use one of the mined templates, and the networks that they come from more than others do.
// Pure; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "clients/cpp/draft/gathering.hpp"
#include "clients/cpp/mining/account_sample.hpp"
#include "clients/cpp/mining/templates.hpp"

namespace tocsin::client {

struct Mined {
  std::vector<MinedTemplate> templates;
  std::vector<std::string> accounts;  // their names, in the order of letters
  Common common;                      // of them: counts, and ranges
};

// A range stands only where `min_accounts` of these accounts come from it, and four times as great a share of them as
// of the other accounts of the sample.
[[nodiscard]] Mined mined_from(AccountSample::Accounts const& sample, std::size_t min_accounts);

}  // namespace tocsin::client
