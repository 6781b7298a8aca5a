#include "clients/cpp/scan/record_item.hpp"

#include <string>
#include <utility>
#include <vector>

#include "schema/kinds/template_prints.hpp"

namespace tocsin::client {
namespace {

constexpr std::size_t kMostOfPrompt = 64u << 10;  // bytes that are looked at: half of them from its end

void add_key(match::Item& item, match::Field field, std::string const& text) {
  if (text.empty()) return;
  if (auto key = match::parse_key(field, text)) item.keys.push_back(*std::move(key));
}

std::vector<kinds::Print> prints_of(std::string const& prompt) {
  if (prompt.size() <= kMostOfPrompt) return kinds::prints_of(prompt);
  constexpr auto kHalf = kMostOfPrompt / 2;
  return kinds::prints_of(prompt.substr(0, kHalf) + "\n" + prompt.substr(prompt.size() - kHalf));
}

}  // namespace

match::Item item_of(logs::AccessRecord const& record, match::AsnDatabase const* asns, bool with_prompt) {
  match::Item out;
  out.at_us = record.at_us;
  out.address = record.address;
  if (asns != nullptr && record.address) out.asn = asns->find(*record.address);
  add_key(out, match::Field::ja3, record.ja3);
  add_key(out, match::Field::ja4, record.ja4);
  add_key(out, match::Field::ja4h, record.ja4h);
  add_key(out, match::Field::user_agent, record.user_agent);
  add_key(out, match::Field::email_domain, record.email_domain);
  add_key(out, match::Field::domain, record.domain);
  if (with_prompt && !record.prompt.empty()) out.prints = prints_of(record.prompt);
  return out;
}

}  // namespace tocsin::client
