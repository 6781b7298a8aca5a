#include "schema/kinds/tls_fingerprint.hpp"

#include <nlohmann/json.hpp>

#include "schema/kinds/comparison.hpp"
#include "schema/kinds/extension_ids.hpp"

namespace tocsin::kinds {
namespace {

constexpr std::string_view kType = "tls-fingerprint";

Normalised normalise(Json native, std::vector<core::Error>&) { return std::vector<Json>{std::move(native)}; }

std::string pattern(Json const& native) {
  return pattern_of({comparison(kType, {"algorithm"}, Operator::equal, native.at("algorithm").get<std::string>()),
                     comparison(kType, {"value"}, Operator::equal, native.at("value").get<std::string>())});
}

std::optional<std::int64_t> lifetime(Json const&, Lifetimes const& of) { return of.tls_fingerprint; }
std::optional<std::int64_t> half_life(std::string_view) { return days(45); }

}  // namespace

constinit Kind const kTlsFingerprint{.name = "tls-fingerprint",
                                     .meaning = "The fingerprint of a TLS or HTTP client that attacks come with.",
                                     .extension = kTlsExtension,
                                     .floor = stix::Tlp::green,
                                     .collection = "accounts-and-behaviour",
                                     .object_type = "malicious-activity",
                                     .normalise = normalise,
                                     .pattern = pattern,
                                     .lifetime = lifetime,
                                     .half_life = half_life};

}  // namespace tocsin::kinds
