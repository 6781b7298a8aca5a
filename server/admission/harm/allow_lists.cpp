#include "server/admission/harm/allow_lists.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include "schema/kinds/letters.hpp"
#include "schema/kinds/words.hpp"
#include "server/base/address.hpp"

namespace tocsin::admission::harm {
namespace {

using store::AllowKind;

std::optional<access::AsNumber> number_in(std::string_view text) {
  if (text.size() < 3 || (text[0] | 32) != 'a' || (text[1] | 32) != 's') return std::nullopt;
  access::AsNumber number = 0;
  auto const [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// "com.example." of "example.com": what is below a name begins with its key.
std::string key_of(std::string_view name) {
  std::string out;
  while (true) {
    auto const dot = name.rfind('.');
    out.append(name.substr(dot == name.npos ? 0 : dot + 1)) += '.';
    if (dot == name.npos) return out;
    name = name.substr(0, dot);
  }
}

core::Result<std::string> range_text(std::string_view entry) {
  if (auto const number = number_in(entry)) return "AS" + std::to_string(*number);
  auto const network = access::Network::around(entry);
  if (!network)
    return core::fail(core::Code::bad_parameter, "An entry is neither an address range nor an autonomous system.", "",
                      "Write 203.0.113.0/24, 2001:db8::/32 or AS64500, or say with `kind` that the list is of domains "
                      "or mail.");
  if (network->length() == 0)
    return core::fail(core::Code::bad_parameter, "An entry is every address there is.", "", "Leave it out.");
  return network->text();
}

std::string joined(std::span<std::string const> words) {
  std::string out;
  for (auto const& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

core::Result<std::string> name_text(std::string_view entry) {
  if (entry.starts_with('.')) entry.remove_prefix(1);  // MISP writes "and what is below" so
  if (entry.ends_with('.')) entry.remove_suffix(1);
  if (!base::is_host_name(entry) || base::is_ip_address(entry))
    return core::fail(core::Code::bad_parameter, "An entry is no domain name in ASCII.", "",
                      "Write it as mail.example, an internationalised one in its xn-- form.");
  return kinds::lower_case(std::string(entry));
}

// Of an organisation.
constexpr std::size_t kMostWords = 6;

core::Result<std::string> organisation_text(std::string_view entry) {
  auto const words = kinds::words_in(entry);
  if (words.empty() || words.size() > kMostWords)
    return core::fail(core::Code::bad_parameter, "An entry is no name of one to six words.", "",
                      "Write the name as people write it: Aurora Research.");
  return joined(words);
}

// How many of the names stand in the words. A phrase that begins no name is not made longer: what a text costs follows
// its length.
std::size_t names_in(std::span<std::string const> words, std::set<std::string, std::less<>> const& names) {
  std::set<std::string_view> found;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string phrase;
    for (std::size_t at = i; at < std::min(i + kMostWords, words.size()); ++at) {
      phrase += (at == i ? "" : " ") + words[at];
      auto const name = names.lower_bound(phrase);
      if (name == names.end() || !name->starts_with(phrase)) break;
      if (name->size() == phrase.size()) found.insert(*name);
    }
  }
  return found.size();
}

}  // namespace

core::Result<std::string> entry_text(AllowKind kind, std::string_view entry) {
  switch (kind) {
    case AllowKind::ranges:
      return range_text(entry);
    case AllowKind::organisations:
      return organisation_text(entry);
    case AllowKind::prompts:
      return prompt_text(entry);
    case AllowKind::domains:
    case AllowKind::mail:
      break;
  }
  return name_text(entry);
}

AllowLists::AllowLists(std::vector<store::AllowList> const& lists) {
  std::vector<std::vector<kinds::Print>> prompts;
  for (auto const& list : lists) {
    if (list.kind == AllowKind::ranges) {
      add_ranges(list);
    } else if (list.kind == AllowKind::organisations) {
      organisations_.push_back({list.name, {list.entries.begin(), list.entries.end()}});
    } else if (list.kind == AllowKind::prompts) {
      for (auto const& entry : list.entries) prompts.push_back(prints_in(entry));
    } else {
      Names names{list.name, {}};
      for (auto const& entry : list.entries) names.keys.push_back(key_of(entry));
      std::ranges::sort(names.keys);
      (list.kind == AllowKind::domains ? domains_ : mail_).push_back(std::move(names));
    }
  }
  prompts_ = BenignCorpus(prompts);
}

void AllowLists::add_ranges(store::AllowList const& list) {
  std::vector<access::Network> networks;
  std::vector<access::AsNumber> numbers;
  for (auto const& entry : list.entries) {
    if (auto const number = number_in(entry))
      numbers.push_back(*number);
    else if (auto const network = access::Network::around(entry))
      networks.push_back(*network);
  }
  ranges_.push_back({list.name, {std::move(networks), std::move(numbers)}});
}

std::vector<AllowLists::Hit> AllowLists::of(std::vector<access::Network> const& networks) const {
  std::vector<Hit> hits;
  for (auto const& list : ranges_) {
    access::Addresses count = 0;
    for (auto const& network : networks) count += list.covered.of(network);
    if (count > 0) hits.push_back({list.name, count});
  }
  return hits;
}

std::vector<AllowLists::Hit> AllowLists::of(std::vector<access::AsNumber> const& numbers) const {
  std::vector<Hit> hits;
  for (auto const& list : ranges_) {
    auto const count = std::ranges::count_if(numbers, [&](auto number) { return list.covered.has(number); });
    if (count > 0) hits.push_back({list.name, static_cast<access::Addresses>(count)});
  }
  return hits;
}

std::vector<AllowLists::Hit> AllowLists::of(std::vector<std::string> const& domains) const {
  std::vector<Hit> hits;
  for (auto const& list : domains_) {
    access::Addresses count = 0;
    for (auto const& domain : domains) {
      auto const key = key_of(domain);
      auto const first = std::ranges::lower_bound(list.keys, key);
      auto const end =
          std::partition_point(first, list.keys.end(), [&](auto const& one) { return one.starts_with(key); });
      count += static_cast<access::Addresses>(end - first);
    }
    if (count > 0) hits.push_back({list.name, count});
  }
  return hits;
}

std::vector<AllowLists::Hit> AllowLists::of_mail(std::vector<std::string> const& domains) const {
  std::vector<Hit> hits;
  for (auto const& list : mail_) {
    auto const listed = [&](std::string const& domain) {
      auto const key = key_of(domain);
      for (auto dot = key.find('.'); dot != key.npos; dot = key.find('.', dot + 1))
        if (std::ranges::binary_search(list.keys, key.substr(0, dot + 1))) return true;
      return false;
    };
    auto const count = std::ranges::count_if(domains, listed);
    if (count > 0) hits.push_back({list.name, static_cast<access::Addresses>(count)});
  }
  return hits;
}

std::vector<AllowLists::Hit> AllowLists::named_in(std::string_view text) const {
  std::vector<Hit> hits;
  if (organisations_.empty()) return hits;
  auto const words = kinds::words_in(text);
  for (auto const& list : organisations_) {
    auto const count = names_in(words, list.names);
    if (count > 0) hits.push_back({list.name, static_cast<access::Addresses>(count)});
  }
  return hits;
}

}  // namespace tocsin::admission::harm
