// What an indicator would act on, as its pattern says it. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "server/access/networks.hpp"
#include "server/access/reserved.hpp"

namespace tocsin::admission::harm {

struct Subjects {
  struct Agent {
    std::string text;
    bool like = false;  // % stands for any characters, _ for any one
  };
  std::vector<access::Network> networks;
  std::vector<access::AsNumber> numbers;
  std::vector<std::string> domains;  // in lower case, without a dot at the end; of LIKE what stands behind its last %
  std::vector<Agent> agents;         // of clients
  std::vector<std::string> mail_domains;  // of accounts, in lower case
  bool other_traits = false;              // of accounts
  bool others = false;                    // it compares what is none of these, or takes all accounts of a type
  bool alternatives = false;              // joined by OR
  // It compares one of these so that what it covers cannot be told, as by MATCHES or !=, and names none beside it that
  // must hold too.
  bool boundless = false;

  [[nodiscard]] bool names_none() const {
    return networks.empty() && numbers.empty() && domains.empty() && agents.empty() && mail_domains.empty();
  }
};

// Of a STIX pattern (STIX 2.1 section 9); of text that is none nothing.
[[nodiscard]] Subjects subjects_of(std::string_view pattern);

}  // namespace tocsin::admission::harm
