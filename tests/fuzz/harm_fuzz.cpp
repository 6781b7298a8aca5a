// Files of allow lists, free texts, and patterns. What a file gives is an entry or is refused, and an entry that is
// taken reads back as itself, or stands in its own text; signs do not come from a text without digits or an @; what one
// allow list of everything says of a pattern agrees with what the pattern is about.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "server/admission/harm/agents.hpp"
#include "server/admission/harm/harm.hpp"
#include "server/admission/harm/list_file.hpp"
#include "server/admission/harm/subjects.hpp"
#include "server/admission/harm/templates.hpp"
#include "server/admission/harm/texts.hpp"

namespace {

using namespace tocsin;
using namespace tocsin::admission;

void must(bool holds) {
  if (!holds) std::abort();
}

void check_file(std::string_view text) {
  auto const file = harm::parse_list_file(text);
  if (!file) {
    must(!file.error().detail.empty());
    return;
  }
  must(!file->entries.empty());
  for (auto const kind : {store::AllowKind::ranges, store::AllowKind::domains, store::AllowKind::mail})
    for (auto const& entry : file->entries) {
      auto const canonical = harm::entry_text(kind, entry);
      if (!canonical) continue;
      must(harm::entry_text(kind, *canonical) == *canonical);
      harm::AllowLists const lists({{"list", kind, 0, {*canonical}}});
      if (kind == store::AllowKind::domains) must(lists.of(std::vector{*canonical}).size() == 1);
      if (kind == store::AllowKind::mail) must(lists.of_mail({"x." + *canonical}).size() == 1);
    }
}

// Every name stands in its text, and a template is found in the prompt that it is, if that is kept whole.
void check_whole_lines(std::string_view text) {
  for (auto const kind : {store::AllowKind::organisations, store::AllowKind::prompts}) {
    bool const names = kind == store::AllowKind::organisations;
    auto const file = harm::parse_list_file(text, names ? "organisations" : "prompts");
    if (!file) continue;
    for (auto const& entry : file->entries) {
      auto const canonical = harm::entry_text(kind, entry);
      if (!canonical) continue;
      harm::AllowLists const lists({{"list", kind, 0, {*canonical}}});
      if (names)
        must(lists.named_in(entry).size() == 1);
      else if (harm::prints_in(*canonical).size() < 512)
        must(!harm::template_findings(nlohmann::json{{"template", entry}}, lists.prompts()).empty());
    }
  }
}

void check_text(std::string_view text) {
  auto const signs = harm::signs_in(text);
  bool const digits = std::ranges::any_of(text, [](char c) { return c >= '0' && c <= '9'; });
  must(digits || (!signs.card && !signs.phone));
  must(text.find('@') != text.npos || !signs.email);
  must(harm::covered_by(text, false) == harm::Client::nothing || harm::covered_by(text, true) != harm::Client::nothing);
}

void check_pattern(std::string_view text) {
  static harm::Surroundings const around{{},
                                         std::make_shared<harm::AllowLists const>(std::vector{store::AllowList{
                                             "all", store::AllowKind::ranges, 0, {"0.0.0.0/0", "::/0"}}})};
  auto const subjects = harm::subjects_of(text);
  nlohmann::json const indicator{
      {"pattern", text},
      {"extensions", {{"extension-definition--bf49f82d-58c2-4d1d-b58b-cb6a5c4ab3aa", nlohmann::json::object()}}}};
  auto const found = harm::findings(indicator, "ip-range", around);
  bool const listed =
      std::ranges::any_of(found, [](auto const& one) { return one.code == core::Code::value_allow_listed; });
  must(listed == !subjects.networks.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  check_file(text);
  check_whole_lines(text);
  check_text(text);
  check_pattern(text);
  return 0;
}
