// What must not be acted on, as the operator says: networks and autonomous systems of clouds and access providers,
// names that many use, domains where anybody gets mail, prompts of honest users; and whom no text should blame.
// Immutable; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "schema/core/result.hpp"
#include "server/access/coverage.hpp"
#include "server/admission/harm/benign_corpus.hpp"
#include "server/store/allow_list_store.hpp"

namespace tocsin::admission::harm {

// The one text of an entry: a network as RFC 5952 has it, host bits zero, or AS and a number; a domain name in lower
// case; the words of a name (schema/kinds/words.hpp) with blanks between them; the fingerprints of a prompt. Errors:
// bad_parameter for what is none, and for a network that is every address.
[[nodiscard]] core::Result<std::string> entry_text(store::AllowKind kind, std::string_view entry);

class AllowLists {
 public:
  AllowLists() = default;
  // Of entries that entry_text made; what is none of its list's kind is on no list.
  explicit AllowLists(std::vector<store::AllowList> const& lists);

  // A list, and how much of what was asked for is on it. The name lives as long as this does.
  struct Hit {
    std::string_view list;
    access::Addresses count = 0;
  };
  // Addresses of the networks, which are disjoint.
  [[nodiscard]] std::vector<Hit> of(std::vector<access::Network> const& networks) const;
  // The numbers that are on a list.
  [[nodiscard]] std::vector<Hit> of(std::vector<access::AsNumber> const& numbers) const;
  // Names of a list that are one of the domains, or below one.
  [[nodiscard]] std::vector<Hit> of(std::vector<std::string> const& domains) const;
  // The domains that are on a list of mail domains, or below a name of it.
  [[nodiscard]] std::vector<Hit> of_mail(std::vector<std::string> const& domains) const;
  // Names of organisations that stand in the text, word by word.
  [[nodiscard]] std::vector<Hit> named_in(std::string_view text) const;
  // The prompts of all lists.
  [[nodiscard]] BenignCorpus const& prompts() const { return prompts_; }

 private:
  struct Ranges {
    std::string name;
    access::Coverage covered;
  };
  struct Names {
    std::string name;
    std::vector<std::string> keys;  // ascending: the labels of each name, the last first, a dot behind each
  };
  struct Organisations {
    std::string name;
    std::set<std::string, std::less<>> names;
  };
  void add_ranges(store::AllowList const& list);

  std::vector<Ranges> ranges_;
  std::vector<Names> domains_, mail_;
  std::vector<Organisations> organisations_;
  BenignCorpus prompts_;
};

}  // namespace tocsin::admission::harm
