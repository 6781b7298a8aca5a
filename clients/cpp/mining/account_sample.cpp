#include "clients/cpp/mining/account_sample.hpp"

#include <iterator>

#include "clients/cpp/usage/digest.hpp"
#include "clients/cpp/usage/prompt_sample.hpp"

namespace tocsin::client {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

bool may_tell_of_a_person(std::string_view word) {
  constexpr int kDigits = 5;
  int digits = 0;
  for (char const c : word) {
    digits = c >= '0' && c <= '9' ? digits + 1 : 0;
    if (digits == kDigits) return true;
  }
  return word.contains('@') || word.contains("://");
}

}  // namespace

std::string masked(std::string_view prompt) {
  auto const text = looked_at(prompt);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    auto const begin = text.find_first_not_of(kBlanks, at);
    auto const end = begin == text.npos ? text.npos : text.find_first_of(kBlanks, begin);
    out += text.substr(at, begin == text.npos ? text.npos : begin - at);
    if (begin == text.npos) break;
    auto const word = std::string_view(text).substr(begin, end == text.npos ? text.npos : end - begin);
    out += may_tell_of_a_person(word) ? std::string_view("{}") : word;
    at = begin + word.size();
  }
  return out;
}

void AccountSample::add(logs::AccessRecord const& request) {
  auto const key = digest(request.account);
  seen_.add(key);
  if (bound_ && key >= *bound_) return;
  auto const [found, is_new] = accounts_.try_emplace(key, Account{request.account, {}, {}});
  if (is_new) ++kept_;
  if (request.address) {
    auto& addresses = found->second.addresses;
    addresses.emplace(digest_of(*request.address), *request.address);
    if (addresses.size() > kAddresses) addresses.erase(std::prev(addresses.end()));
  }
  if (!request.prompt.empty()) add_prompt(found->second, request.prompt);
  while (kept_ > most_ && accounts_.size() > 1) {
    auto const last = std::prev(accounts_.end());
    bound_ = last->first;
    kept_ -= 1 + last->second.prompts.size();
    accounts_.erase(last);
  }
}

void AccountSample::add_prompt(Account& account, std::string_view prompt) {
  auto& prompts = account.prompts;
  auto const key = digest(prompt);
  if (prompts.contains(key) || (prompts.size() == kPrompts && key > prompts.rbegin()->first)) return;
  prompts.emplace(key, masked(prompt));
  if (prompts.size() > kPrompts)
    prompts.erase(std::prev(prompts.end()));
  else
    ++kept_;
}

}  // namespace tocsin::client
