// What is asked of a match is either taken within its limits, or refused with a sentence that does not hold the value.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "schema/core/bytes.hpp"
#include "server/match/item_observation.hpp"
#include "server/match/plain_items.hpp"
#include "server/match/question.hpp"

namespace {

using namespace tocsin;

void require(bool holds) {
  if (!holds) std::abort();
}

void check(match::Asked const& asked) {
  require(asked.ref.size() <= match::kLongestRef && asked.item.prints.size() <= match::kLongestPrompt);
  for (auto const& key : asked.item.keys) require(!key.text.empty() && core::is_utf8(key.text));
  // Whatever it is, a pattern can be held against it.
  static auto const pattern =
      match::pattern_of({{"pattern_type", "stix"}, {"pattern", "[x-of-no-item:value = 'x']"}}).value();
  require(!match::ItemObservation(asked.item, 0).meets(pattern));
}

// What is read without a document is the same question as when it is read with one.
void check_plain(std::string body) {
  auto const plain = match::parse_plain_items(body);
  if (!plain) return;
  auto const slower = match::parse_question(body.replace(body.rfind('}'), 1, R"(,"min_confidence":0})"));
  require(slower && slower->items.size() == plain->items.size() && !slower->is_subject && !plain->is_subject);
  for (std::size_t i = 0; i < plain->items.size(); ++i) {
    auto const &one = plain->items[i], &other = slower->items[i];
    require(one.ref == other.ref && one.item.address == other.item.address);
    require(one.item.keys.empty() && !one.item.asn && !one.item.at_us && one.item.prints.empty());
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const body(reinterpret_cast<char const*>(data), size);
  check_plain(std::string(body));
  auto const question = match::parse_question(body);
  if (!question) {
    require(!question.error().detail.empty() && core::is_utf8(question.error().detail));
    return 0;
  }
  require(question->items.size() <= match::kMostItems);
  require(question->min_confidence >= 0 && question->min_confidence <= 100);
  require(!question->is_subject || question->items.size() == 1);
  for (auto const& asked : question->items) check(asked);
  return 0;
}
