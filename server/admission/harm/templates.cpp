#include "server/admission/harm/templates.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace tocsin::admission::harm {
namespace {

using stix::Json;

constexpr std::size_t kLeastFingerprints = 20;
constexpr std::size_t kOneIn = 1'000;  // prompts of honest users that a template may be found in

std::optional<core::Error> too_few(std::size_t count) {
  if (count >= kLeastFingerprints) return std::nullopt;
  return core::Error{
      core::Code::value_too_broad,
      "The template has " + std::to_string(count) + (count == 1 ? " fingerprint" : " fingerprints") + ": fewer than " +
          std::to_string(kLeastFingerprints) + " are in prompts of innocent users too.",
      "/fingerprints/values", "Give " + std::to_string(kLeastFingerprints) + " or more, or leave `fingerprints` out."};
}

// "1.5" of 3 in 214: rounded up, so that what is too much never reads as what may be.
std::string percent(std::size_t part, std::size_t whole) {
  auto const tenths = (part * 1'000 + whole - 1) / whole;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}

std::optional<core::Error> too_common(std::vector<kinds::Print> const& prints, BenignCorpus const& listed,
                                      std::string pointer) {
  auto const& own = own_corpus();
  auto const hits = own.hits(prints) + listed.hits(prints), all = own.size() + listed.size();
  if (hits * kOneIn <= all) return std::nullopt;
  return core::Error{core::Code::value_too_broad,
                     "The template is found in " + std::to_string(hits) + " of " + std::to_string(all) +
                         " prompts of honest users, or " + percent(hits, all) + " %: at most 0.1 % may be hit.",
                     std::move(pointer), "Keep the part that the attack alone writes, and leave out the rest."};
}

std::vector<kinds::Print> prints_given(Json const& fingerprints) {
  std::vector<kinds::Print> out;
  if (fingerprints.value("algorithm", std::string()) != kinds::kPrintAlgorithm) return out;
  for (auto const& value : fingerprints.at("values"))
    if (auto const print = kinds::parse_print(value.get_ref<std::string const&>())) out.push_back(*print);
  std::ranges::sort(out);
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

std::vector<core::Error> template_findings(Json const& native, BenignCorpus const& listed) {
  std::vector<core::Error> out;
  auto const add = [&](std::optional<core::Error> finding) {
    if (finding) out.push_back(*std::move(finding));
  };
  if (auto const prints = native.find("fingerprints"); prints != native.end()) {
    add(too_few(prints->at("values").size()));
    add(too_common(prints_given(*prints), listed, "/fingerprints/values"));
  }
  if (auto const text = native.find("template"); text != native.end())
    add(too_common(kinds::prints_of(text->get_ref<std::string const&>()), listed, "/template"));
  return out;
}

}  // namespace tocsin::admission::harm
